import { addDays, type EpochDay } from '@dunlin/kernel'

export type PromiseTerms = {
  readonly amountMinor: bigint
  readonly dueOn: EpochDay
  readonly graceDays: number
  /** The share of the amount that keeps it, in percent. */
  readonly keepsAtPercent: number
}
export type PaymentFacts = {
  /** Payments that count for it: effective within its days, not reversed. */
  readonly paidMinor: bigint
  /** Whether nothing is in arrears any more, on a day of the promise. */
  readonly isCured: boolean
  readonly today: EpochDay
}
export type PromiseState = 'open' | 'kept' | 'part-kept' | 'broken'

/** The last day on which a payment keeps the promise. */
export function lastDayOf({ dueOn, graceDays }: PromiseTerms): EpochDay {
  return addDays(dueOn, graceDays)
}

/**
 * Whether a promise was kept, from the ledger alone (kpi.md, "Kept"): kept as soon as enough is paid,
 * undecided while its last day lasts, then part-kept when something was paid and broken when nothing was.
 */
export function decidePromise(
  terms: PromiseTerms,
  { paidMinor, isCured, today }: PaymentFacts,
): PromiseState {
  const isEnough = paidMinor * 100n >= terms.amountMinor * BigInt(terms.keepsAtPercent)
  if (isEnough || isCured) return 'kept'
  if (today <= lastDayOf(terms)) return 'open'
  return paidMinor > 0n ? 'part-kept' : 'broken'
}
