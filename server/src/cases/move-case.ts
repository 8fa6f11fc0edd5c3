import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import {
  type Agent,
  endAssignments,
  findMove,
  findWaiting,
  insertAssignments,
  insertReturns,
  listAgents,
  lockAgents,
  type NewAssignment,
} from './assignment-store.ts'
import { closeDeal, endDealt } from './deal-store.ts'

export type MoveRefusal = {
  readonly code:
    | 'assignment.no_case'
    | 'assignment.no_agent'
    | 'assignment.moved_since'
    | 'assignment.undone'
  readonly detail: string
  readonly field: string
}
type Change = { readonly tx: Tx; readonly reactions: Reactions; readonly at: Instant }
type Moved = Result<{ from: string | null }, MoveRefusal>

/** Gives one case to an agent, or to nobody; the one who had it is kept in the history. */
export async function moveCase(
  change: Change,
  given: { caseId: string; agent: string | null; reason: string; by: string },
): Promise<Moved> {
  const { tx, at } = change
  const { caseId, agent: login, reason, by } = given
  const found = await findWaiting(tx, { at: formatInstant(at), caseId })
  if (found === null) return no('assignment.no_case', `there is no open case ${caseId}`, 'caseId')
  const on = formatInstant(at).slice(0, 10)
  const [agent] = login === null ? [] : await listAgents(tx, { on, logins: [login] })
  if (login !== null && (!mayWork(agent) || agent.agencyId !== found.agencyId)) {
    const detail = `${login} may not take it: an active, certified agent ${found.agencyId === null ? 'of the lender' : 'of the agency it is placed with'} is needed`
    return no('assignment.no_agent', detail, 'agent')
  }
  // Somebody else may move the same case now: the second one waits here, and then ends what the first one made.
  await lockAgents(
    tx,
    [found.agentId, agent?.agentId ?? null].filter((each) => each !== null),
  )
  await endAssignments(tx, [found], formatInstant(at))
  const why = { at: formatInstant(at), by, reason }
  if (agent === undefined) {
    await insertReturns(tx, [found], why)
    return ok({ from: found.agentId })
  }
  const row = { borrowerId: found.borrowerId, caseId, agentId: agent.agentId }
  const made = await insertAssignments(tx, [row], { ...why, dealId: null })
  if (made.length === 0)
    return no('assignment.moved_since', `somebody gave case ${caseId} away meanwhile`, 'caseId')
  await tellAssigned(change, [row], [agent])
  return ok({ from: found.agentId })
}

/** Takes a move back: the case goes to whoever had it before, if they may still take it. Itself a move, with its reason. */
export async function undoMove(
  change: Change,
  { moveId, reason, by }: { moveId: string; reason: string; by: string },
): Promise<Moved> {
  const move = await findMove(change.tx, moveId)
  if (move === null) return no('assignment.no_case', `there is no move ${moveId}`, 'moveId')
  if (!move.isLatest) {
    const detail = `case ${move.caseId} was moved, placed or given back since`
    return no('assignment.moved_since', detail, 'moveId')
  }
  return moveCase(change, { caseId: move.caseId, agent: move.before, reason, by })
}

/** Takes a deal back: what its agents still have is nobody's again; cases that moved since stay where they are. */
export async function undoDeal(
  { tx, at }: Change,
  { dealId, reason, by }: { dealId: string; reason: string; by: string },
): Promise<Result<{ cases: number }, MoveRefusal>> {
  const when = formatInstant(at)
  if (!(await closeDeal(tx, { dealId, by, at: when })))
    return no('assignment.undone', `there is no deal ${dealId} that is not undone`, 'dealId')
  const cases = await endDealt(tx, { dealId, at: when })
  await insertReturns(tx, cases, { at: when, by, reason })
  return ok({ cases: cases.length })
}

/** Whether somebody gets cases at all. */
export function mayWork(agent: Agent | undefined): agent is Agent {
  return agent?.isActive === true && agent.isCertified
}

/** Tells who got which case. */
export async function tellAssigned(
  { tx, reactions, at }: Change,
  rows: readonly NewAssignment[],
  agents: readonly Agent[],
): Promise<void> {
  const logins = new Map(agents.map(({ agentId, login }) => [agentId, login]))
  const events = rows.map(({ borrowerId, caseId, agentId }) => ({
    ...{ name: 'case.assigned' as const, borrowerId },
    payload: { caseId, agent: logins.get(agentId) ?? '' },
  }))
  await reactions.publish(tx, events, at)
}

function no(code: MoveRefusal['code'], detail: string, field: string): Result<never, MoveRefusal> {
  return refused({ code, detail, field })
}
