import type { Instant } from '@dunlin/kernel'
import { type EpochDay, localDay, required, zoneNamed } from '@dunlin/kernel'
import {
  type ByComponent,
  foldLoan,
  type LedgerEvent,
  type LoanState,
} from '../../loanbook/index.ts'
import { type CaseLedger, readLedgers } from '../../plans/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Visitor } from '../session/session-store.ts'

export type Payment = {
  readonly eventNo: string
  readonly on: EpochDay
  readonly amountMinor: bigint
  readonly isReversed: boolean
}
export type LoanDebt = {
  readonly ledger: CaseLedger
  readonly state: LoanState
  readonly payments: readonly Payment[]
}

/** Every loan of the visitor's case as the ledger has it at the close of today, where the portfolio is. */
export async function readDebt(
  db: Database,
  { borrowerId, lender, currency, zone }: Visitor,
  at: Instant,
): Promise<{ today: EpochDay; loans: LoanDebt[] }> {
  const today = localDay(required(zoneNamed(zone), `zone ${zone}`), at)
  const ledgers = await db.transaction((tx) => readLedgers(tx, { borrowerId, lender, currency }))
  const loans = ledgers.map((ledger) => ({
    ledger,
    state: foldLoan({ product: ledger.product, events: ledger.events, asOf: today }),
    payments: paymentsOf(ledger.events, today),
  }))
  return { today, loans }
}

/** Newest first; one that was taken back stays visible as such. */
function paymentsOf(events: readonly LedgerEvent[], today: EpochDay): Payment[] {
  const reversed = new Set(
    events.flatMap((event) =>
      event.kind === 'reversed' && event.effectiveOn <= today ? [event.reverses] : [],
    ),
  )
  return events
    .flatMap((event) =>
      event.kind === 'paid' && event.effectiveOn <= today
        ? [
            {
              eventNo: event.id,
              on: event.effectiveOn,
              amountMinor: event.amountMinor,
              isReversed: reversed.has(event.id),
            },
          ]
        : [],
    )
    .sort((a, b) => b.on - a.on || (a.eventNo < b.eventNo ? 1 : -1))
}

/** Nothing is owed any more, and something once was. */
export function isSettled({ state, ledger }: LoanDebt): boolean {
  return ledger.events.length > 0 && state.outstandingMinor === 0n && state.status !== 'pending'
}

export function componentsOf([fee, penalty, interest, principal]: Readonly<ByComponent>): {
  principalMinor: number
  interestMinor: number
  penaltyMinor: number
  feeMinor: number
} {
  return {
    principalMinor: Number(principal),
    interestMinor: Number(interest),
    penaltyMinor: Number(penalty),
    feeMinor: Number(fee),
  }
}
