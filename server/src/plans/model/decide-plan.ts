import { addDays, type EpochDay, epochDay } from '@dunlin/kernel'
import { lesser } from './amounts.ts'
import type { PlanPart } from './plan-parts.ts'

export type PlanTerms = {
  /** In the order of their days. */
  readonly parts: readonly PlanPart[]
  readonly graceDays: number
  /** It is broken once so many parts are missed, or the last one. */
  readonly brokenAfterParts: number
}
export type PlanFacts = {
  readonly acceptedOn: EpochDay
  readonly today: EpochDay
  /** Payments in effect today that were not known at acceptance; in any order. */
  readonly payments: readonly { readonly on: EpochDay; readonly amountMinor: bigint }[]
}
export type PlanDecision = {
  readonly state: 'active' | 'kept' | 'broken'
  /** The day on which it was kept or broken; null while it runs. */
  readonly on: EpochDay | null
}

/** The day on which a part counts as missed unless everything due until then was paid by its close. */
function deadlineOf(part: PlanPart, { graceDays }: PlanTerms): EpochDay {
  return addDays(part.dueOn, graceDays)
}

/**
 * What became of a plan, from the ledger alone. It is kept on the day on which all of it is paid, interest of
 * periods that have not begun left out (early settlement). It is broken on the day after a deadline at which
 * `brokenAfterParts` parts, or the last one, were unpaid; what is paid after that day does not mend it.
 */
export function decidePlan(terms: PlanTerms, facts: PlanFacts): PlanDecision {
  const brokenOn = firstBreach(terms, facts)
  const keptOn = firstCompletion(terms, facts)
  if (keptOn !== null && (brokenOn === null || keptOn < brokenOn))
    return { state: 'kept', on: keptOn }
  return brokenOn === null ? { state: 'active', on: null } : { state: 'broken', on: brokenOn }
}

/** What was paid for a plan by the close of a day. */
function paidBy({ acceptedOn, today, payments }: PlanFacts, day: EpochDay): bigint {
  const until = Math.min(day, today)
  return payments.reduce(
    (sum, { on, amountMinor }) => (on >= acceptedOn && on <= until ? sum + amountMinor : sum),
    0n,
  )
}

function firstBreach(terms: PlanTerms, facts: PlanFacts): EpochDay | null {
  const { parts, brokenAfterParts } = terms
  for (const [index, part] of parts.entries()) {
    const deadline = deadlineOf(part, terms)
    if (deadline >= facts.today) return null
    const missed = countUnpaid(parts.slice(0, index + 1), paidBy(facts, deadline))
    const isLast = index === parts.length - 1
    if (missed >= brokenAfterParts || (isLast && missed > 0)) return addDays(deadline, 1)
  }
  return null
}

/** How many of these parts a sum does not cover, in their order. */
function countUnpaid(parts: readonly PlanPart[], paidMinor: bigint): number {
  let due = 0n
  return parts.filter(({ amountMinor }) => {
    due += amountMinor
    return paidMinor < due
  }).length
}

function firstCompletion(terms: PlanTerms, facts: PlanFacts): EpochDay | null {
  const { acceptedOn, today, payments } = facts
  const days = payments.flatMap(({ on }) => (on >= acceptedOn && on <= today ? [on] : []))
  const found = days.filter((day) => paidBy(facts, day) >= completionAmount(terms.parts, day))
  return found.length === 0 ? null : epochDay(Math.min(...found))
}

/** What completes a plan on a day, from its beginning on: all of it, without interest of periods not begun. */
function completionAmount(parts: readonly PlanPart[], day: EpochDay): bigint {
  let isBegun = true
  return parts.reduce((sum, { amountMinor, interestMinor, dueOn }) => {
    const counted = isBegun ? amountMinor : amountMinor - interestMinor
    if (dueOn >= day) isBegun = false
    return sum + counted
  }, 0n)
}

export type PartState = 'open' | 'paid' | 'missed'
export type Adherence = {
  readonly paidMinor: bigint
  readonly parts: readonly PartState[]
  /** The next part that is not paid, and what is missing of it; null when all are. */
  readonly next: { readonly dueOn: EpochDay; readonly amountMinor: bigint } | null
  /** What would complete it today. */
  readonly toCompleteMinor: bigint
}

/** How far a plan is today: adherence is computed apart from days past due. */
export function adherenceOf(terms: PlanTerms, facts: PlanFacts): Adherence {
  const paidMinor = paidBy(facts, facts.today)
  let due = 0n
  let next: Adherence['next'] = null
  const parts = terms.parts.map((part): PartState => {
    due += part.amountMinor
    if (paidMinor >= due) return 'paid'
    const missing = due - paidMinor
    next ??= {
      dueOn: part.dueOn,
      amountMinor: lesser(missing, part.amountMinor),
    }
    return deadlineOf(part, terms) < facts.today ? 'missed' : 'open'
  })
  const left = completionAmount(terms.parts, facts.today) - paidMinor
  return { paidMinor, parts, next, toCompleteMinor: left > 0n ? left : 0n }
}
