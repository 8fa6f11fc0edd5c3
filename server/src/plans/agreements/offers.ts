import { addDays, addMonths, type EpochDay } from '@dunlin/kernel'
import type { Actor } from '../context.ts'
import { type ByComponent, mayForgive, mostForgivable, NOTHING, sumOf } from '../model/authority.ts'
import type { OfferRules } from '../model/solutions.ts'
import {
  computeTerms,
  type ProposedTerms,
  type TermsContext,
  type TermsGiven,
} from './plan-terms.ts'
import { owedBy, type Scope } from './scope.ts'

// What may be offered to a borrower today: computed from ledger, means and rules. Pure.

export type Offer = { readonly terms: ProposedTerms; readonly needsApproval: boolean }
export type RefusedOffer = {
  readonly kind: ProposedTerms['kind']
  readonly scope: Scope
  readonly why: string
}

/** The days after which the first part of an offer is due. */
const FIRST_DUE_MONTHS = 1
const SCOPES: readonly Scope[] = ['arrears', 'outstanding']

/**
 * The gentlest that each kind allows: a postponement to the first day that the means reach, the fewest
 * instalments that are affordable, and the settlement that the caller may agree alone. What cannot be
 * offered says why.
 */
export function computeOffers(
  context: TermsContext,
  actor: Actor,
): { offers: Offer[]; refused: RefusedOffer[] } {
  const { offers: rules } = context.solutions
  const offers: Offer[] = []
  const refused: RefusedOffer[] = []
  if (rules === null) return { offers, refused }
  for (const scope of SCOPES) {
    for (const kind of ['postponement', 'instalments', 'settlement'] as const) {
      if (kind === 'postponement' && scope === 'outstanding') continue
      const made = firstThatFits(candidates(kind, scope, { context, actor, rules }), context)
      if (made.ok) offers.push(toOffer(made.terms, context, actor))
      else refused.push({ kind, scope, why: made.why })
    }
  }
  return { offers, refused }
}

/** Whether somebody else has to approve what is forgiven. */
export function needsApproval(terms: ProposedTerms, context: TermsContext, actor: Actor): boolean {
  const { limits } = context.solutions.authority
  return !mayForgive(limits, { ...terms, role: actor.role, dpd: context.dpd })
}

function toOffer(terms: ProposedTerms, context: TermsContext, actor: Actor): Offer {
  return { terms, needsApproval: needsApproval(terms, context, actor) }
}

type Fit = { ok: true; terms: ProposedTerms } | { ok: false; why: string }

function firstThatFits(given: Iterable<TermsGiven>, context: TermsContext): Fit {
  let why = 'nothing may be forgiven at this stage'
  for (const candidate of given) {
    const terms = computeTerms(candidate, context)
    if (terms.ok) return { ok: true, terms: terms.value }
    why = terms.refusal.detail
  }
  return { ok: false, why }
}

type CandidateContext = { context: TermsContext; actor: Actor; rules: OfferRules }

function* candidates(
  kind: TermsGiven['kind'],
  scope: Scope,
  { context, actor, rules }: CandidateContext,
): Iterable<TermsGiven> {
  const { today } = context
  const firstDueOn: EpochDay = addMonths(today, FIRST_DUE_MONTHS)
  const common = { kind, scope, waived: NOTHING }
  if (kind === 'postponement') {
    for (let days = 1; days <= rules.postponementDaysMax; days += 1)
      yield { ...common, count: 1, firstDueOn: addDays(today, days) }
    return
  }
  const waived = kind === 'settlement' ? forgivable(scope, { context, actor }) : NOTHING
  if (kind === 'settlement' && sumOf(waived) === 0n) return
  const most = kind === 'settlement' ? rules.settlementPartsMax : rules.instalmentsMax
  const least = kind === 'settlement' ? 1 : 2
  for (let count = least; count <= most; count += 1) yield { ...common, waived, count, firstDueOn }
}

function forgivable(
  scope: Scope,
  { context, actor }: { context: TermsContext; actor: Actor },
): ByComponent {
  const { owed } = owedBy(context.debt, scope)
  const { role } = actor
  return mostForgivable(context.solutions.authority.limits, { role, dpd: context.dpd, owed })
}
