import { addDays, formatInstant, ok, type Result, required } from '@dunlin/kernel'
import { type FoundMeans, findMeans } from '../affordability/record-statement.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { type LockedCase, lockCase, no } from '../find-case.ts'
import type { CaseLedger } from '../ledgers.ts'
import { type LoadedSolutions, solutionsOf } from '../load-solutions.ts'
import { sumOf } from '../model/authority.ts'
import { readLedgers } from '../read-ledgers.ts'
import { checkHeld } from './check-held.ts'
import { computeOffers, needsApproval, type Offer, type RefusedOffer } from './offers.ts'
import { insertPlan } from './plan-store.ts'
import {
  computeTerms,
  type ProposedTerms,
  type TermsContext,
  type TermsGiven,
} from './plan-terms.ts'
import { type PlanPreview, previewPlan } from './preview-plan.ts'
import { readDebt } from './scope.ts'
import { writeAgreement } from './write-agreement.ts'

export type PlanAsked = TermsGiven & {
  readonly caseId: string
  readonly currency: string
  readonly statementId: string | null
  readonly reason: string
}
export type Previewed = {
  readonly terms: ProposedTerms
  readonly needsApproval: boolean
  readonly means: FoundMeans | null
  readonly preview: PlanPreview
}

type Prepared = {
  readonly found: LockedCase
  readonly ledgers: readonly CaseLedger[]
  readonly solutions: LoadedSolutions
  readonly means: FoundMeans | null
  readonly context: TermsContext
}

async function prepare(
  work: Pick<Work, 'tx' | 'at'>,
  given: { caseId: string; statementId: string | null },
): Promise<Result<Prepared, PlanRefusal>> {
  const { tx } = work
  const locked = await lockCase(work, given.caseId)
  if (!locked.ok) return locked
  const found = locked.value
  const { today, dpd } = found
  const held = await checkHeld(tx, found, 'caseId')
  if (held !== null) return held
  const solutions = solutionsOf(found.country)
  const means = await findMeans(tx, found, { ...given, solutions })
  if (!means.ok) return means
  const ledgers = await readLedgers(tx, found)
  const debt = readDebt(ledgers, today)
  const context = { debt, solutions, today, dpd, means: means.value }
  return ok({ found, ledgers, solutions, means: means.value, context })
}

export type OffersFound = {
  readonly found: LockedCase
  readonly means: FoundMeans | null
  readonly offers: readonly (Offer & { readonly preview: PlanPreview })[]
  readonly refused: readonly RefusedOffer[]
  readonly ledgers: readonly CaseLedger[]
}

/** What may be offered today, each with its effect on the ledger. Writes nothing. */
export async function findOffers(
  work: Pick<Work, 'tx' | 'at'>,
  actor: Actor,
  given: { caseId: string; statementId: string | null },
): Promise<Result<OffersFound, PlanRefusal>> {
  const prepared = await prepare(work, given)
  if (!prepared.ok) return prepared
  const { found, ledgers, solutions, means, context } = prepared.value
  const { offers, refused } = computeOffers(context, actor)
  const { graceDays } = solutions.broken
  const { today } = found
  const shown = offers.map((offer) => ({
    ...offer,
    preview: previewPlan(ledgers, { terms: offer.terms, graceDays, today }),
  }))
  return ok({ found, means, offers: shown, refused, ledgers })
}

/** The terms that were asked for and their effect, without making an offer of them. */
export async function previewAsked(
  work: Pick<Work, 'tx' | 'at'>,
  actor: Actor,
  asked: PlanAsked,
): Promise<Result<Previewed & { ledgers: readonly CaseLedger[] }, PlanRefusal>> {
  const prepared = await prepare(work, asked)
  return prepared.ok ? preview(prepared.value, actor, asked) : prepared
}

function preview(
  { found, ledgers, solutions, means, context }: Prepared,
  actor: Actor,
  asked: PlanAsked,
): Result<Previewed & { ledgers: readonly CaseLedger[] }, PlanRefusal> {
  if (asked.currency !== found.currency)
    return no('plan.bad_terms', 'currency', `the case is in ${found.currency}`)
  const terms = computeTerms(asked, context)
  if (!terms.ok) return terms
  const { graceDays } = solutions.broken
  return ok({
    terms: terms.value,
    needsApproval: needsApproval(terms.value, context, actor),
    means,
    preview: previewPlan(ledgers, { terms: terms.value, graceDays, today: found.today }),
    ledgers,
  })
}

/**
 * Makes an offer of a plan, with its agreement: on offer at once, or after a second person's approval where
 * it forgives more than the proposer's role may.
 */
export async function proposePlan(
  work: Work,
  actor: Actor,
  asked: PlanAsked,
): Promise<Result<{ planId: string; borrowerId: string }, PlanRefusal>> {
  const { tx, reactions, at } = work
  const prepared = await prepare(work, asked)
  if (!prepared.ok) return prepared
  const { found, solutions, means } = prepared.value
  const made = preview(prepared.value, actor, asked)
  if (!made.ok) return made
  const { terms } = made.value
  const { borrowerId, today } = found
  const state = made.value.needsApproval ? 'awaiting-approval' : 'offered'
  const offers = required(solutions.offers, 'offer rules')
  const plan = {
    ...terms,
    borrowerId,
    caseId: asked.caseId,
    state,
    currency: found.currency,
    amountMinor: terms.parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    interestMinor: terms.parts.reduce((sum, { interestMinor }) => sum + interestMinor, 0n),
    waivedMinor: sumOf(terms.waived),
    effect: made.value.preview.effect,
    effects: made.value.preview.drafts,
    graceDays: solutions.broken.graceDays,
    brokenAfterParts: solutions.broken.missedParts,
    statementId: means?.statementId ?? null,
    reason: asked.reason,
    proposedAt: formatInstant(at),
    proposedOn: today,
    proposedBy: actor.id,
    proposedRole: actor.role,
    offerUntilOn: addDays(today, offers.offerDays),
  } as const
  const planId = await insertPlan(tx, plan)
  await writeAgreement(work, { ...plan, planId }, found)
  const payload = { planId, caseId: asked.caseId, kind: terms.kind, state }
  await reactions.publish(tx, [{ name: 'plan.proposed', borrowerId, payload }], at)
  return ok({ planId, borrowerId })
}
