import { formatInstant, ok, type Result, required } from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { type LockedCase, lockCase, no } from '../find-case.ts'
import { solutionsOf } from '../load-solutions.ts'
import { mayForgive } from '../model/authority.ts'
import { readLedgers } from '../read-ledgers.ts'
import { followPlan } from './follow-plan.ts'
import { updateApproved, updateState } from './plan-change-store.ts'
import { findPlan, type StoredPlan } from './plan-store.ts'
import { owedBy, readDebt } from './scope.ts'
import { syncEffects } from './sync-effects.ts'

/** Locks the borrower of a plan and reads plan and case as they then stand. */
export async function lockPlan(
  work: Pick<Work, 'tx' | 'at'>,
  planId: string,
): Promise<Result<{ plan: StoredPlan; found: LockedCase }, PlanRefusal>> {
  const seen = await findPlan(work.tx, planId)
  if (seen === null) return no('resource.not_found', 'id', `there is no plan ${planId}`)
  const locked = await lockCase(work, seen.caseId)
  if (!locked.ok) return locked
  const plan = required(await findPlan(work.tx, planId), `plan ${planId}`)
  return ok({ plan, found: locked.value })
}

/** Approves or declines what a plan forgives: by somebody else than who proposed it, within their own limits. */
export async function approvePlan(
  work: Work,
  actor: Actor,
  given: { readonly planId: string; readonly approve: boolean; readonly reason: string },
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { tx, reactions, at } = work
  const locked = await lockPlan(work, given.planId)
  if (!locked.ok) return locked
  const { plan, found } = locked.value
  const { borrowerId, planId, caseId } = plan
  if (plan.state !== 'awaiting-approval')
    return no('plan.not_on_offer', 'id', `plan ${planId} is ${plan.state}`)
  if (actor.id === plan.proposedBy)
    return no('plan.same_person', 'id', 'somebody else approves what a person proposed')
  if (!given.approve) {
    const { today: decidedOn } = found
    await updateState(tx, plan, { state: 'declined', decidedOn, endReason: given.reason })
  } else {
    const debt = readDebt(await readLedgers(tx, found), found.today)
    const { owed } = owedBy(debt, plan.scope)
    const { limits } = solutionsOf(found.country).authority
    const { role } = actor
    if (!mayForgive(limits, { role, dpd: found.dpd, owed, waived: plan.waived }))
      return no('plan.beyond_authority', 'id', `a ${role} may not forgive so much at this stage`)
    await updateApproved(tx, plan, { by: actor.id, at: formatInstant(at) })
  }
  const name = given.approve ? 'plan.approved' : 'plan.declined'
  await reactions.publish(tx, [{ name, borrowerId, payload: { planId, caseId } }], at)
  return ok({ borrowerId })
}

/** Takes an offer back, or ends a running plan without blame: a pause until today stays, the rest is undone. */
export async function cancelPlan(
  work: Pick<Work, 'tx' | 'reactions' | 'at'>,
  given: { readonly planId: string; readonly reason: string },
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { tx, reactions, at } = work
  const locked = await lockPlan(work, given.planId)
  if (!locked.ok) return locked
  const { plan, found } = locked.value
  const { borrowerId, planId, caseId, state } = plan
  if (state !== 'awaiting-approval' && state !== 'offered' && state !== 'active')
    return no('plan.not_running', 'id', `plan ${planId} is ${state}`)
  const { today } = found
  await updateState(tx, plan, { state: 'cancelled', decidedOn: today, endReason: given.reason })
  if (state === 'active') {
    await syncEffects(work, plan, { moment: { state: 'cancelled', on: today }, today })
    await followPlan(work, plan, { next: null, today })
    await wakeCases(tx, [{ borrowerId, caseId, on: today }])
  }
  const event = { name: 'plan.cancelled', borrowerId, payload: { planId, caseId } } as const
  await reactions.publish(tx, [event], at)
  return ok({ borrowerId })
}
