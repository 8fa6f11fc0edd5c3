import { addDays, type EpochDay } from '@dunlin/kernel'

export type PromisePart = { readonly dueOn: EpochDay; readonly amountMinor: bigint }
export type PromiseTerms = {
  /** One or several, in the order of their days. */
  readonly parts: readonly PromisePart[]
  readonly graceDays: number
  /** The share of what was promised that keeps it, in percent. */
  readonly keepsAtPercent: number
}
export type PromiseFacts = {
  readonly madeOn: EpochDay
  readonly today: EpochDay
  /** Payments in effect today that were not known when it was made; in any order. */
  readonly payments: readonly { readonly on: EpochDay; readonly amountMinor: bigint }[]
  /** The days on which nothing was in arrears any more; in any order. */
  readonly cures: readonly EpochDay[]
}
export type PromiseState = 'open' | 'kept' | 'part-kept' | 'broken'

/** The last day on which a payment keeps the promise. */
export function lastDayOf({ parts, graceDays }: PromiseTerms): EpochDay {
  return addDays(dueOf(parts), graceDays)
}

/** The day by which all of it was promised. */
export function dueOf(parts: readonly PromisePart[]): EpochDay {
  const last = parts.at(-1)
  if (last === undefined) throw new RangeError('a promise has a part')
  return last.dueOn
}

export function amountOf(parts: readonly PromisePart[]): bigint {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
}

/**
 * Whether a promise was kept, from the ledger alone (kpi.md, "Kept"). A part is met when, by its last day,
 * enough was paid for it and all before it, or the case was cured. A promise is kept once every part is met;
 * a part whose last day is over unmet ends it: part-kept when something was paid in its days, else broken.
 */
export function decidePromise(terms: PromiseTerms, facts: PromiseFacts): PromiseState {
  const { madeOn, today } = facts
  const lastDay = lastDayOf(terms)
  const paidBy = (day: EpochDay): bigint =>
    facts.payments.reduce(
      (sum, { on, amountMinor }) =>
        on >= madeOn && on <= day && on <= today ? sum + amountMinor : sum,
      0n,
    )
  const isCuredBy = (day: EpochDay): boolean =>
    facts.cures.some((cured) => cured >= madeOn && cured <= day && cured <= today)
  let promised = 0n
  let isKept = true
  for (const { dueOn, amountMinor } of terms.parts) {
    promised += amountMinor
    const deadline = addDays(dueOn, terms.graceDays)
    const isEnough = paidBy(deadline) * 100n >= promised * BigInt(terms.keepsAtPercent)
    if (isEnough || isCuredBy(deadline)) continue
    isKept = false
    if (deadline < today) return paidBy(lastDay) > 0n ? 'part-kept' : 'broken'
  }
  return isKept ? 'kept' : 'open'
}
