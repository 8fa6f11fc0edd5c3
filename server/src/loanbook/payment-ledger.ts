import { localDay, required, zoneNamed } from '@dunlin/kernel'
import type { LedgerEntry, LedgerPort } from '../payments/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { lockBorrowers } from './ledger-store.ts'
import type { LedgerEvent } from './model/index.ts'
import { findLoanById, listOwed } from './owed-store.ts'
import { recordLedgerEvents } from './record-ledger-events.ts'

/** The ledger as payments see it: what is owed, and their money in it and out of it again. */
export function paymentLedger(reactions: Reactions): LedgerPort {
  async function record(
    tx: Tx,
    entry: LedgerEntry,
    toEvent: (
      common: Pick<LedgerEvent & { kind: 'paid' }, 'id' | 'effectiveOn' | 'recordedAt'>,
    ) => LedgerEvent,
  ): Promise<void> {
    const { at } = entry
    const loan = required(await findLoanById(tx, entry), `loan ${entry.loanId}`)
    const effectiveOn = localDay(required(zoneNamed(loan.zone), loan.zone), entry.effectiveAt)
    const event = toEvent({ id: entry.eventNo, effectiveOn, recordedAt: at })
    const recorded = await recordLedgerEvents({
      ...{ tx, reactions, at, source: 'payment', events: [event] },
      portfolio: loan.portfolio,
      loanNo: loan.loanNo,
    })
    if (!recorded.ok) throw new Error(`${recorded.refusal.code}: ${recorded.refusal.detail}`)
  }
  return {
    lock: (tx, borrowerId) => lockBorrowers(tx, [borrowerId]),
    readOwed: async (tx, of) => {
      await lockBorrowers(tx, [of.borrowerId])
      return listOwed(tx, of)
    },
    book: (tx, entry) =>
      record(tx, entry, (common) => ({ ...common, kind: 'paid', amountMinor: entry.amountMinor })),
    reverse: (tx, entry) =>
      record(tx, entry, (common) => ({ ...common, kind: 'reversed', reverses: entry.reverses })),
  }
}
