import { addDays, formatInstant, formatLocalDate, ok, type Result } from '@dunlin/kernel'
import { endHold } from '../../cases/index.ts'
import type { Gate } from '../../contact/index.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { no } from '../find-case.ts'
import { solutionsOf } from '../load-solutions.ts'
import { lockMatter } from './lock-matter.ts'
import {
  insertStep,
  type Matter,
  type MatterOutcome,
  type MatterState,
  markDeceased,
  updateDecided,
} from './matter-store.ts'
import { tellDecision } from './tell-decision.ts'

export type DecisionGiven = {
  readonly matterId: string
  readonly outcome: MatterOutcome
  /** In words for the borrower. */
  readonly reasons: string
  /** Contact stays held although it is decided: help goes on, or the debt is not owed. */
  readonly keepHold: boolean
}
export type MatterDecided = {
  readonly borrowerId: string
  readonly state: MatterState
  readonly appealUntilOn: string | null
}

/**
 * Decides a matter with reasons for the borrower. The hold ends with it unless it is kept; a death that is
 * confirmed always keeps it. A first decision may be appealed against, one on an appeal is the last.
 */
export async function decideMatter(
  work: Work & { readonly gate: Gate },
  actor: Actor,
  given: DecisionGiven,
): Promise<Result<MatterDecided, PlanRefusal>> {
  const { tx, sealer, reactions, at } = work
  const found = await lockMatter(work, given.matterId)
  if (!found.ok) return found
  const { matter } = found.value
  const refusal = await checkDecision(actor, matter)
  if (refusal !== null) return refusal
  const { borrowerId, matterId, caseId, kind, holdId } = matter
  const { today, country } = found.value.found
  const isLast = matter.state === 'appealed' || given.outcome === 'withdrawn'
  const appealUntilOn = isLast ? null : addDays(today, solutionsOf(country).appealDays)
  const state = isLast ? 'closed' : 'decided'
  const { outcome } = given
  await updateDecided(tx, matter, { state, outcome, by: actor.id, at, appealUntilOn })
  await insertStep(tx, matter, {
    kind: 'decided',
    at: formatInstant(at),
    by: actor.id,
    sealedText: sealer.seal(given.reasons),
    detail: { outcome, keepHold: String(given.keepHold) },
  })
  const isDeath = kind === 'death' && outcome === 'upheld'
  if (isDeath) await markDeceased(tx, borrowerId)
  if (!(given.keepHold || isDeath)) await endHold(work, { borrowerId, holdId })
  const payload = { matterId, caseId, kind, outcome }
  await reactions.publish(tx, [{ name: 'matter.decided', borrowerId, payload }], at)
  await tellDecision(work, { matter, isDeath })
  const until = appealUntilOn === null ? null : formatLocalDate(appealUntilOn)
  return ok({ borrowerId, state, appealUntilOn: until })
}

async function checkDecision(
  actor: Actor,
  matter: Matter,
): Promise<Result<never, PlanRefusal> | null> {
  if (matter.state !== 'open' && matter.state !== 'appealed')
    return no('matter.not_open', 'id', `matter ${matter.matterId} is ${matter.state}`)
  if (matter.state === 'appealed' && actor.id === matter.decidedBy)
    return no('matter.same_person', 'id', 'an appeal is decided by somebody else')
  return null
}
