import { addDays, type EpochDay, ok, type Result } from '@dunlin/kernel'
import type { PlanRefusal } from '../context.ts'
import { no } from '../find-case.ts'
import { type ByComponent, mayAnybodyForgive, sumOf } from '../model/authority.ts'
import { type PlanPart, planParts } from '../model/plan-parts.ts'
import type { OfferRules, Solutions } from '../model/solutions.ts'
import { type Debt, owedBy, type Scope } from './scope.ts'

export type PlanKind = 'postponement' | 'instalments' | 'settlement'

/** What is agreed, before anything is stored. */
export type ProposedTerms = {
  readonly kind: PlanKind
  readonly scope: Scope
  readonly owedMinor: bigint
  readonly owed: ByComponent
  readonly waived: ByComponent
  readonly parts: readonly PlanPart[]
}
export type TermsGiven = {
  readonly kind: PlanKind
  readonly scope: Scope
  readonly count: number
  readonly firstDueOn: EpochDay
  readonly waived: ByComponent
}
/** What a statement says may be asked for; null without one. */
export type Means = { readonly affordableMinor: bigint; readonly availableMinor: bigint }

export type TermsContext = {
  readonly debt: Debt
  readonly solutions: Solutions
  readonly today: EpochDay
  readonly dpd: number
  readonly means: Means | null
}

/** The first part of a monthly plan is due within so many days. */
const FIRST_DUE_DAYS_MAX = 45
/** A month of means, where a plan has one part and its days are counted. */
const MONTH_DAYS = 30n

/** Computes the terms that were asked for, or says why they cannot be had. Pure. */
export function computeTerms(
  given: TermsGiven,
  context: TermsContext,
): Result<ProposedTerms, PlanRefusal> {
  const { offers } = context.solutions
  if (offers === null)
    return no('case.no_rules', 'caseId', 'there are no rules for offers in this country')
  const { owed, owedMinor } = owedBy(context.debt, given.scope)
  const refusal =
    checkShape(given, offers, context.today) ?? checkWaiver(given, { ...context, owed, owedMinor })
  if (refusal !== null) return refusal
  const totalMinor = owedMinor - sumOf(given.waived)
  if (totalMinor < BigInt(given.count) * BigInt(offers.minimumPartMinor) && given.count > 1)
    return no(
      'plan.bad_terms',
      'count',
      `a part is at least ${offers.minimumPartMinor} minor units`,
    )
  const parts = planParts({
    totalMinor,
    count: given.count,
    startOn: context.today,
    firstDueOn: given.firstDueOn,
    yearlyRateBasisPoints: given.kind === 'instalments' ? offers.yearlyRateBasisPoints : 0,
  })
  if (parts === null)
    return no('plan.bad_terms', 'count', `it cannot be spread over ${given.count} parts`)
  const terms = {
    kind: given.kind,
    scope: given.scope,
    owedMinor,
    owed,
    waived: given.waived,
    parts,
  }
  return checkMeans(terms, context) ?? ok(terms)
}

type Refused = Result<never, PlanRefusal> | null

function checkShape(given: TermsGiven, offers: OfferRules, today: EpochDay): Refused {
  const { kind, count, firstDueOn } = given
  const most = {
    postponement: 1,
    instalments: offers.instalmentsMax,
    settlement: offers.settlementPartsMax,
  }[kind]
  if (count > most) return no('plan.bad_terms', 'count', `at most ${most} parts`)
  const days = kind === 'postponement' ? offers.postponementDaysMax : FIRST_DUE_DAYS_MAX
  if (firstDueOn < today || firstDueOn > addDays(today, days))
    return no('plan.bad_terms', 'firstDueOn', `expected one of the next ${days} days`)
  if (kind !== 'settlement' && sumOf(given.waived) > 0n)
    return no('plan.bad_terms', 'waive', 'only a settlement forgives')
  return null
}

function checkWaiver(
  { kind, waived }: TermsGiven,
  context: TermsContext & { owed: ByComponent; owedMinor: bigint },
): Refused {
  const { owed, owedMinor, dpd, solutions } = context
  if (owedMinor <= 0n) return no('plan.bad_terms', 'scope', 'nothing is owed there')
  if (kind !== 'settlement') return null
  if (sumOf(waived) === 0n) return no('plan.bad_terms', 'waive', 'a settlement forgives something')
  if (waived.some((amount, index) => amount > (owed[index] ?? 0n)) || sumOf(waived) >= owedMinor)
    return no('plan.bad_terms', 'waive', 'more than is owed')
  if (!mayAnybodyForgive(solutions.authority.limits, { dpd, owed, waived }))
    return no('plan.beyond_authority', 'waive', 'more than anybody may forgive at this stage')
  return null
}

/** Never more than affordable: whatever falls due by each part's day is within what the means allow until then. */
function checkMeans(terms: ProposedTerms, context: TermsContext): Refused {
  const { means } = context
  if (means === null) {
    if (terms.kind === 'postponement') return null
    return no('plan.statement_needed', 'statementId', 'state income and expenses first')
  }
  let due = 0n
  for (const [index, part] of terms.parts.entries()) {
    due += part.amountMinor
    if (
      due + regularBy(terms, part.dueOn, context) >
      allowedBy({ terms, index }, { ...context, means })
    )
      return no('plan.not_affordable', 'count', `the parts until ${index + 1} exceed the means`)
  }
  return null
}

function allowedBy(
  { terms, index }: { terms: ProposedTerms; index: number },
  { means, today }: { means: Means; today: EpochDay },
): bigint {
  const { affordableMinor, availableMinor } = means
  const part = terms.parts[index]
  if (terms.parts.length > 1 || part === undefined)
    return availableMinor + affordableMinor * BigInt(index + 1)
  return availableMinor + (affordableMinor * BigInt(part.dueOn - today)) / MONTH_DAYS
}

/** What the contracts themselves ask for beside the plan, by a day. */
function regularBy({ scope }: ProposedTerms, day: EpochDay, context: TermsContext): bigint {
  if (scope === 'outstanding') return 0n
  const { debt, today } = context
  return debt.lines
    .filter(({ dueOn }) => dueOn !== null && dueOn > today && dueOn <= day)
    .reduce((sum, { outstandingMinor }) => sum + outstandingMinor, 0n)
}
