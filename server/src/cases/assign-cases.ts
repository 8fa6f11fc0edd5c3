import { formatInstant, type Instant, ok, type Result, refused, seededRandom } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import {
  type Agent,
  endAssignments,
  findWaiting,
  insertAssignments,
  listAgents,
  listWaiting,
  lockAgents,
  type Waiting,
} from './assignment-store.ts'
import { distributeCases } from './model/distribute-cases.ts'

/** Which cases are dealt to whom, and what makes cases alike. */
export type AssignmentRule = {
  readonly portfolio: string
  /** Absent: every stage. */
  readonly stages?: readonly string[] | undefined
  /** Logins; absent: everybody who may. */
  readonly agents?: readonly string[] | undefined
  /** Bounds between bands of arrears, in minor units, rising. */
  readonly amountBands: readonly number[]
  /** Whether an agent must have a skill named as the case's language, or as its stage. */
  readonly byLanguage: boolean
  readonly byStage: boolean
  readonly seed: number
}
export type Deal = {
  readonly assigned: readonly { readonly agent: string; readonly cases: number }[]
  /** Cases that nobody with the skills, a certificate and room is there for. */
  readonly left: number
}
export type MoveRefusal = {
  readonly code: 'assignment.no_case' | 'assignment.no_agent'
  readonly detail: string
  readonly field: string
}
type Change = { readonly tx: Tx; readonly reactions: Reactions; readonly at: Instant }

const CASES_MAX = 100_000

/**
 * Deals a portfolio's cases that nobody has to agents: fair and by chance within each stage and band of arrears,
 * within room and skills, to certified agents alone, and placed cases to their agency's.
 */
export async function assignCases(
  { tx, reactions, at }: Change,
  { by, ...rule }: AssignmentRule & { by: string },
): Promise<Deal> {
  const on = formatInstant(at).slice(0, 10)
  const named = await listAgents(tx, { on, logins: rule.agents ?? null })
  await lockAgents(
    tx,
    named.map(({ agentId }) => agentId),
  )
  // Read again under the lock: another deal may have filled their room.
  const agents = (await listAgents(tx, { on, logins: rule.agents ?? null })).filter(mayWork)
  const given = { portfolio: rule.portfolio, stages: rule.stages ?? null, limit: CASES_MAX }
  const waiting = await listWaiting(tx, given)
  const random = seededRandom(rule.seed)
  const deals = [...Map.groupBy(waiting, ({ agencyId }) => agencyId)].map(([agencyId, cases]) =>
    distributeCases(
      cases.map((each) => toWaitingCase(each, rule)),
      agents.filter((agent) => agent.agencyId === agencyId).map(toAssignee),
      random,
    ),
  )
  const agentOf = new Map(deals.flatMap(({ assigned }) => [...assigned]))
  const rows = waiting.flatMap(({ borrowerId, caseId }) => {
    const agentId = agentOf.get(caseId)
    return agentId === undefined ? [] : [{ borrowerId, caseId, agentId }]
  })
  const reason = 'rule'
  const made = new Set(await insertAssignments(tx, rows, { at: formatInstant(at), by, reason }))
  const done = rows.filter(({ caseId }) => made.has(caseId))
  await tell({ tx, reactions, at }, done, agents)
  return {
    assigned: agents.map(({ agentId, login }) => ({
      agent: login,
      cases: done.filter((row) => row.agentId === agentId).length,
    })),
    left: waiting.length - done.length,
  }
}

/** Gives one case to an agent, or to nobody; the one who had it is kept in the history. */
export async function moveCase(
  change: Change,
  given: { caseId: string; agent: string | null; reason: string; by: string },
): Promise<Result<{ from: string | null }, MoveRefusal>> {
  const { tx, at } = change
  const { caseId, agent: login, reason, by } = given
  const found = await findWaiting(tx, caseId)
  if (found === null) {
    const detail = `there is no open case ${caseId}`
    return refused({ code: 'assignment.no_case', detail, field: 'caseId' })
  }
  const on = formatInstant(at).slice(0, 10)
  const [agent] = login === null ? [] : await listAgents(tx, { on, logins: [login] })
  if (login !== null && (agent === undefined || !mayWork(agent) || !isOf(agent, found))) {
    const detail = `${login} may not take it: an active, certified agent ${found.agencyId === null ? 'of the lender' : 'of the agency it is placed with'} is needed`
    return refused({ code: 'assignment.no_agent', detail, field: 'agent' })
  }
  await endAssignments(tx, [found], formatInstant(at))
  if (agent !== undefined) {
    const row = { borrowerId: found.borrowerId, caseId, agentId: agent.agentId }
    await insertAssignments(tx, [row], { at: formatInstant(at), by, reason })
    await tell(change, [row], [agent])
  }
  return ok({ from: found.agentId })
}

function mayWork({ isActive, isCertified }: Agent): boolean {
  return isActive && isCertified
}

function isOf(agent: Agent, { agencyId }: Waiting): boolean {
  return agent.agencyId === agencyId
}

function toWaitingCase(
  { caseId, stage, arrearsMinor, language }: Waiting,
  { amountBands, byLanguage, byStage }: AssignmentRule,
): Parameters<typeof distributeCases>[0][number] {
  const band = amountBands.filter((bound) => arrearsMinor >= bound).length
  const needs = [...(byLanguage ? [language] : []), ...(byStage ? [stage ?? '-'] : [])]
  return { caseId, stratum: `${stage ?? '-'} ${band}`, needs }
}

function toAssignee({ agentId, capacity, held, skills }: Agent): {
  agentId: string
  room: number
  skills: ReadonlySet<string>
} {
  return { agentId, room: Math.max(0, capacity - held), skills: new Set(skills) }
}

async function tell(
  { tx, reactions, at }: Change,
  rows: readonly { borrowerId: string; caseId: string; agentId: string }[],
  agents: readonly Agent[],
): Promise<void> {
  const logins = new Map(agents.map(({ agentId, login }) => [agentId, login]))
  const events = rows.map(({ borrowerId, caseId, agentId }) => ({
    ...{ name: 'case.assigned' as const, borrowerId },
    payload: { caseId, agent: logins.get(agentId) ?? '' },
  }))
  await reactions.publish(tx, events, at)
}
