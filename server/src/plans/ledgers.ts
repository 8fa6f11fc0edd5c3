import { type EpochDay, epochDay } from '@dunlin/kernel'
import {
  foldLoan,
  type LedgerEvent,
  type LoanState,
  type ProductOptions,
} from '../loanbook/index.ts'

// What the ledgers of a case say, without SQL: payments that count, days of cure, the case's numbers.

export type CaseLedger = {
  readonly loanId: string
  readonly loanNo: string
  readonly portfolio: string
  readonly product: ProductOptions
  readonly events: readonly LedgerEvent[]
}
export type Payment = {
  /** LOAN:EVENT, by which it is known. */
  readonly id: string
  readonly on: EpochDay
  readonly amountMinor: bigint
}

/** Payments in effect on a day, from another one on, whose reversal is not in effect; in the order of their days. */
export function listPayments(
  ledgers: readonly CaseLedger[],
  { from, today }: { from: EpochDay; today: EpochDay },
): Payment[] {
  return ledgers
    .flatMap(({ loanId, events }) => {
      const reversed = new Set(
        events.flatMap((event) =>
          event.kind === 'reversed' && event.effectiveOn <= today ? [event.reverses] : [],
        ),
      )
      return events.flatMap((event) =>
        event.kind === 'paid' &&
        event.effectiveOn >= from &&
        event.effectiveOn <= today &&
        !reversed.has(event.id)
          ? [{ id: `${loanId}:${event.id}`, on: event.effectiveOn, amountMinor: event.amountMinor }]
          : [],
      )
    })
    .sort((a, b) => a.on - b.on || (a.id < b.id ? -1 : 1))
}

/** The days on which the arrears of all loans together went to nothing, between two days, both included. */
export function listCures(
  ledgers: readonly CaseLedger[],
  { from, until }: { from: EpochDay; until: EpochDay },
): EpochDay[] {
  // Arrears end on the day of an event, or of a reversal in effect, which is an event as well.
  const days = new Set(
    ledgers.flatMap(({ events }) =>
      events.flatMap(({ effectiveOn }) =>
        effectiveOn !== null && effectiveOn >= from && effectiveOn <= until ? [effectiveOn] : [],
      ),
    ),
  )
  return [...days].sort((a, b) => a - b).filter((day) => isCuredOn(ledgers, epochDay(day), until))
}

/** By what is known and in effect at the close of `until`, whether a day opened with arrears and closed without. */
function isCuredOn(ledgers: readonly CaseLedger[], day: EpochDay, until: EpochDay): boolean {
  const at = (asOf: EpochDay): LoanState[] =>
    ledgers.map(({ product, events }) =>
      foldLoan({ product, events: inEffect(events, until), asOf }),
    )
  const closed = at(day)
  return (
    closed.some(({ curedOn }) => curedOn === day) &&
    closed.every(({ oldestUnpaidDueOn }) => oldestUnpaidDueOn === null)
  )
}

/** A reversal in effect by a day takes its event away on earlier days too: as if it had never been. */
function inEffect(events: readonly LedgerEvent[], until: EpochDay): LedgerEvent[] {
  const reversed = new Set(
    events.flatMap((event) =>
      event.kind === 'reversed' && event.effectiveOn <= until ? [event.reverses] : [],
    ),
  )
  return events.filter((event) => event.kind !== 'reversed' && !reversed.has(event.id))
}

/** The numbers of a case at the close of a day: sums over its loans, and the largest days past due. */
export type CaseNumbers = {
  readonly dpd: number
  readonly arrearsMinor: bigint
  readonly outstandingMinor: bigint
  readonly creditMinor: bigint
}

export function foldCase(ledgers: readonly CaseLedger[], asOf: EpochDay): CaseNumbers {
  const states = ledgers.map(({ product, events }) => foldLoan({ product, events, asOf }))
  const sum = (pick: (state: LoanState) => bigint) =>
    states.reduce((total, state) => total + pick(state), 0n)
  return {
    dpd: Math.max(0, ...states.map(({ dpd }) => dpd)),
    arrearsMinor: sum((state) => state.arrearsMinor),
    outstandingMinor: sum((state) => state.outstandingMinor),
    creditMinor: sum((state) => state.creditMinor),
  }
}
