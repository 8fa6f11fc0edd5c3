import type { Clock } from '@dunlin/kernel'
import { settleTransfer, sweepGrants } from './incentives/index.ts'
import { paymentLedger } from './loanbook/index.ts'
import {
  createMerchants,
  type OnTransfer,
  type PaymentsContext,
  sweepOrders,
} from './payments/index.ts'
import type { Database } from './platform/db/index.ts'
import type { Reactions } from './platform/events/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import type { Chore } from './wire-wecom.ts'

const SWEEP_MS = 10_000

/** Payments with the ledger above them, and what must be done again and again. */
export function openPayments({
  db,
  sealer,
  clock,
  reactions,
}: {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly reactions: Reactions
}): {
  readonly payments: PaymentsContext
  readonly onTransfer: OnTransfer
  readonly chores: readonly Chore[]
} {
  const merchants = createMerchants({ db, sealer, clock })
  const payments = { db, sealer, clock, reactions, merchants, ledger: paymentLedger(reactions) }
  return {
    payments,
    onTransfer: (tx, given) => settleTransfer(tx, given, { reactions }),
    chores: [
      { name: 'orders', pauseMs: SWEEP_MS, work: () => sweepOrders(payments) },
      { name: 'incentives', pauseMs: SWEEP_MS, work: () => sweepGrants(payments) },
    ],
  }
}
