import { formatInstant, formatLocalDate, ok, type Result } from '@dunlin/kernel'
import { endHold, startHold } from '../../cases/index.ts'
import { findLoanId } from '../case-store.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { no } from '../find-case.ts'
import { lockMatter } from './lock-matter.ts'
import { insertStep, type Matter, updateAppealed, updateOwner } from './matter-store.ts'
import { dueDay, HOLD_OF } from './open-matter.ts'

export type AppealGiven = {
  readonly matterId: string
  readonly text: string
  readonly owner: string | null
}
export type MatterAppealed = {
  readonly borrowerId: string
  readonly holdId: string
  readonly owner: string
  readonly dueOn: string
}

/** Takes an appeal against a first decision: contact is held again at once, and somebody else decides. */
export async function appealMatter(
  work: Work,
  actor: Actor,
  given: AppealGiven,
): Promise<Result<MatterAppealed, PlanRefusal>> {
  const { tx, sealer, reactions, at } = work
  const found = await lockMatter(work, given.matterId)
  if (!found.ok) return found
  const { matter } = found.value
  const { today } = found.value.found
  const refusal = checkAppeal(matter, { today, owner: given.owner })
  if (refusal !== null) return refusal
  const { borrowerId, matterId, caseId, kind } = matter
  const loanId =
    matter.loanNo === null ? null : await findLoanId(tx, { borrowerId, loanNo: matter.loanNo })
  const holdId = await startHold(work, {
    borrowerId,
    kind: HOLD_OF[kind],
    scope: loanId === null ? {} : { debts: [loanId] },
    from: at,
    to: null,
    reason: `${kind} appeal`,
    source: actor.id,
  })
  await endHold(work, { borrowerId, holdId: matter.holdId })
  const dueOn = dueDay(found.value.found, 'appeal')
  const owner = given.owner ?? (matter.owner === matter.decidedBy ? 'appeals' : matter.owner)
  await updateAppealed(tx, matter, { holdId, dueOn, owner })
  await insertStep(tx, matter, {
    kind: 'appealed',
    at: formatInstant(at),
    by: actor.id,
    sealedText: sealer.seal(given.text),
    detail: { holdId, owner, dueOn: formatLocalDate(dueOn) },
  })
  const payload = { matterId, caseId, kind, holdId, owner, dueOn: formatLocalDate(dueOn) }
  await reactions.publish(tx, [{ name: 'matter.appealed', borrowerId, payload }], at)
  return ok({ borrowerId, holdId, owner, dueOn: formatLocalDate(dueOn) })
}

function checkAppeal(
  matter: Matter,
  { today, owner }: { today: Matter['dueOn']; owner: string | null },
): Result<never, PlanRefusal> | null {
  if (matter.state !== 'decided')
    return no('matter.not_decided', 'id', `matter ${matter.matterId} is ${matter.state}`)
  if (matter.appealUntilOn === null || today > matter.appealUntilOn)
    return no('matter.appeal_over', 'id', 'the days to appeal are over')
  if (owner !== null && owner === matter.decidedBy)
    return no('matter.same_person', 'owner', 'an appeal is decided by somebody else')
  return null
}

/** Gives a matter to somebody else. */
export async function assignMatter(
  work: Work,
  actor: Actor,
  given: { readonly matterId: string; readonly owner: string },
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { tx, reactions, at } = work
  const found = await lockMatter(work, given.matterId)
  if (!found.ok) return found
  const { matter } = found.value
  const { borrowerId, matterId, caseId } = matter
  if (matter.state === 'appealed' && given.owner === matter.decidedBy)
    return no('matter.same_person', 'owner', 'an appeal is decided by somebody else')
  await updateOwner(tx, matter, given.owner)
  await insertStep(tx, matter, {
    kind: 'assigned',
    at: formatInstant(at),
    by: actor.id,
    sealedText: null,
    detail: { from: matter.owner, to: given.owner },
  })
  const payload = { matterId, caseId, owner: given.owner }
  await reactions.publish(tx, [{ name: 'matter.assigned', borrowerId, payload }], at)
  return ok({ borrowerId })
}
