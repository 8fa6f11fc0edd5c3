import {
  type EpochDay,
  type Instant,
  localDay,
  ok,
  type Result,
  refused,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { findLoan, insertEvents, lockBorrowers, noteHasEvents, readEvents } from './ledger-store.ts'
import { isSameEvent, type LedgerEvent } from './model/index.ts'
import { refoldLoans } from './refold-loans.ts'

export type RecordRefusal =
  | { readonly code: 'ledger.unknown_loan'; readonly detail: string }
  | { readonly code: 'ledger.event_conflict'; readonly field: string; readonly detail: string }

export type RecordOptions = {
  readonly tx: Tx
  readonly reactions: Reactions
  readonly portfolio: string
  readonly loanNo: string
  readonly events: readonly LedgerEvent[]
  /** Where the events came from: api, callback, file. */
  readonly source: string
  readonly at: Instant
}
export type Recorded = {
  readonly borrowerId: string
  readonly loanId: string
  readonly recorded: number
  readonly asOf: EpochDay
}

/**
 * Records events of one loan under its borrower's lock, folds the loan, and tells who listens, in the
 * caller's transaction: a payment cures the case and cancels what was planned before this returns.
 * The same event again is one event; other content under a known number is refused.
 */
export async function recordLedgerEvents(
  options: RecordOptions,
): Promise<Result<Recorded, RecordRefusal>> {
  const { tx, reactions, events, at } = options
  const loan = await findLoan(tx, options)
  if (loan === null) {
    const detail = `portfolio ${options.portfolio} has no loan ${options.loanNo}`
    return refused({ code: 'ledger.unknown_loan', detail })
  }
  await lockBorrowers(tx, [loan.borrowerId])
  const [stored] = await readEvents(tx, [loan])
  const known = new Map((stored?.events ?? []).map((event) => [event.id, event]))
  const conflict = events.find((event) => {
    const before = known.get(event.id)
    return before !== undefined && !isSameEvent(before, event)
  })
  if (conflict !== undefined) {
    const detail = `the loan has an event ${conflict.id} with other content`
    return refused({ code: 'ledger.event_conflict', field: 'id', detail })
  }
  const fresh = events.filter((event) => !known.has(event.id))
  const asOf = localDay(required(zoneNamed(loan.zone), 'zone'), at)
  if (fresh.length > 0) {
    await insertEvents(tx, loan, fresh, options.source)
    await noteHasEvents(tx, loan)
    await refoldLoans(tx, [loan], asOf)
    await reactions.publish(tx, eventsToTell(loan, fresh), at)
  }
  return ok({ borrowerId: loan.borrowerId, loanId: loan.loanId, recorded: fresh.length, asOf })
}

function eventsToTell(
  { borrowerId, loanId, currency }: { borrowerId: string; loanId: string; currency: string },
  fresh: readonly LedgerEvent[],
): DomainEvent[] {
  const payments = fresh.flatMap((event): DomainEvent[] => {
    if (event.kind === 'paid') {
      const payload = {
        loanId,
        eventNo: event.id,
        amountMinor: Number(event.amountMinor),
        currency,
      }
      return [{ name: 'payment.recorded', borrowerId, payload }]
    }
    const payload = { loanId, eventNo: event.id }
    return event.kind === 'reversed'
      ? [
          {
            name: 'payment.reversed',
            borrowerId,
            payload: { ...payload, reverses: event.reverses },
          },
        ]
      : [{ name: 'ledger.recorded', borrowerId, payload: { ...payload, kind: event.kind } }]
  })
  return [...payments, { name: 'loan.changed', borrowerId, payload: { loanId } }]
}
