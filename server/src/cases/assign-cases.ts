import { createHash } from 'node:crypto'
import { formatInstant, type Instant, ok, type Result, refused, seededRandom } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import {
  type Agent,
  insertAssignments,
  listAgents,
  listWaiting,
  lockAgents,
  type NewAssignment,
  type Waiting,
} from './assignment-store.ts'
import { insertDeal } from './deal-store.ts'
import { distributeCases } from './model/distribute-cases.ts'
import { countStrata, type StratumCount } from './model/strata.ts'
import { mayWork, tellAssigned } from './move-case.ts'

/** Which cases are dealt to whom, and what makes cases alike. */
export type AssignmentRule = {
  readonly portfolio: string
  /** Absent: every stage. */
  readonly stages?: readonly string[] | undefined
  /** Logins; absent: everybody who may. */
  readonly agents?: readonly string[] | undefined
  /** Bounds between bands of arrears, in minor units, rising. */
  readonly amountBands: readonly number[]
  /** Whether an agent must have a skill named as the case's language, as its stage, or as what holds it. */
  readonly byLanguage: boolean
  readonly byStage: boolean
  readonly byMatter: boolean
  readonly seed: number
}
export type Deal = {
  readonly dealId: string
  readonly assigned: readonly { readonly agent: string; readonly cases: number }[]
  /** Cases that nobody with the skills, a certificate and room is there for. */
  readonly left: number
  /** Whether more cases wait than one deal takes. */
  readonly isCut: boolean
}
export type DealPreview = {
  readonly agents: readonly {
    readonly agent: string
    readonly held: number
    readonly capacity: number
    readonly cases: number
    readonly arrearsMinor: number
  }[]
  readonly strata: readonly StratumCount[]
  readonly cases: number
  readonly left: number
  readonly isCut: boolean
  /** Stands for the agents and their room, the cases, and who gets which: a deal can be held to it. */
  readonly digest: string
}
export type DealRefusal = {
  readonly code: 'assignment.book_changed' | 'assignment.no_portfolio'
  readonly detail: string
  readonly field: string
}
type Change = { readonly tx: Tx; readonly reactions: Reactions; readonly at: Instant }

const CASES_MAX = 100_000

/**
 * Deals a portfolio's cases that nobody has to agents: fair and by chance within each stage and band of arrears,
 * within room and skills, to certified agents alone, and placed cases to their agency's. With a digest it deals
 * what the preview showed, or nothing.
 */
export async function assignCases(
  { tx, reactions, at }: Change,
  { by, expects = null, ...rule }: AssignmentRule & { by: string; expects?: string | null },
): Promise<Result<Deal, DealRefusal>> {
  const on = formatInstant(at).slice(0, 10)
  const named = await listAgents(tx, { on, logins: rule.agents ?? null })
  await lockAgents(
    tx,
    named.map(({ agentId }) => agentId),
  )
  // Read again under the lock: another deal may have filled their room.
  const dealt = await dealOf(tx, { rule, at })
  if (expects !== null && expects !== dealt.digest.toString('hex')) {
    const detail = 'cases, agents or their room changed since the preview: look at it again'
    return refused({ code: 'assignment.book_changed', detail, field: 'expects' })
  }
  const { agents, waiting, rows, isCut } = dealt
  const left = waiting.length - rows.length
  const { portfolio, seed, ...kept } = rule
  const dealId = await insertDeal(tx, {
    ...{ portfolio, seed, rule: kept, digest: dealt.digest },
    ...{ cases: rows.length, left, by, at: formatInstant(at) },
  })
  if (dealId === null) {
    const detail = `there is no portfolio ${portfolio}`
    return refused({ code: 'assignment.no_portfolio', detail, field: 'portfolio' })
  }
  const why = { at: formatInstant(at), by, reason: 'rule', dealId }
  const made = new Set(await insertAssignments(tx, rows, why))
  const done = rows.filter(({ caseId }) => made.has(caseId))
  await tellAssigned({ tx, reactions, at }, done, agents)
  const counts = countBy(done, ({ agentId }) => agentId)
  const assigned = agents.map(({ agentId, login }) => ({
    agent: login,
    cases: counts.get(agentId) ?? 0,
  }))
  return ok({ dealId, assigned, left: waiting.length - done.length, isCut })
}

/** What a deal would do to the book as it stands; nothing is kept. The same seed then deals alike. */
export async function previewDeal(
  sql: Sql,
  { rule, at }: { rule: AssignmentRule; at: Instant },
): Promise<DealPreview> {
  const { agents, waiting, rows, isCut, digest } = await dealOf(sql, { rule, at })
  const agentOf = new Map(rows.map(({ caseId, agentId }) => [caseId, agentId]))
  const counts = countBy(rows, ({ agentId }) => agentId)
  const sums = new Map<string, number>()
  for (const { caseId, arrearsMinor } of waiting) {
    const agentId = agentOf.get(caseId)
    if (agentId !== undefined) sums.set(agentId, (sums.get(agentId) ?? 0) + arrearsMinor)
  }
  return {
    agents: agents.map(({ agentId, login, held, capacity }) => ({
      ...{ agent: login, held, capacity, cases: counts.get(agentId) ?? 0 },
      arrearsMinor: sums.get(agentId) ?? 0,
    })),
    strata: countStrata(
      waiting.map((each) => ({
        ...{ stage: each.stage, band: bandOf(each, rule), arrearsMinor: each.arrearsMinor },
        agentId: agentOf.get(each.caseId) ?? null,
      })),
      agents.map(({ agentId }) => agentId),
    ),
    ...{ cases: rows.length, left: waiting.length - rows.length, isCut },
    digest: digest.toString('hex'),
  }
}

type Dealt = {
  /** Those who may work, in the order of their logins. */
  readonly agents: readonly Agent[]
  readonly waiting: readonly Waiting[]
  readonly rows: readonly NewAssignment[]
  readonly isCut: boolean
  readonly digest: Buffer
}

/** Who gets which of the cases that nobody has, by the rule and its seed. */
async function dealOf(
  sql: Sql,
  { rule, at }: { rule: AssignmentRule; at: Instant },
): Promise<Dealt> {
  const now = formatInstant(at)
  const known = await listAgents(sql, { on: now.slice(0, 10), logins: rule.agents ?? null })
  const agents = known.filter(mayWork)
  const { portfolio, stages = null } = rule
  const found = await listWaiting(sql, { at: now, portfolio, stages, limit: CASES_MAX + 1 })
  const waiting = found.slice(0, CASES_MAX)
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
  const hash = createHash('sha256').update(JSON.stringify([agents.map(toHand), rule.seed]))
  for (const { caseId } of waiting) hash.update(`${caseId} ${agentOf.get(caseId) ?? '-'}\n`)
  return { agents, waiting, rows, isCut: found.length > CASES_MAX, digest: hash.digest() }
}

function bandOf({ arrearsMinor }: Waiting, { amountBands }: AssignmentRule): number {
  return amountBands.filter((bound) => arrearsMinor >= bound).length
}

function toWaitingCase(
  waiting: Waiting,
  rule: AssignmentRule,
): Parameters<typeof distributeCases>[0][number] {
  const { caseId, stage, language, matters } = waiting
  const needs = [
    ...(rule.byLanguage ? [language] : []),
    ...(rule.byStage ? [stage ?? '-'] : []),
    ...(rule.byMatter ? matters : []),
  ]
  return { caseId, stratum: `${stage ?? '-'} ${bandOf(waiting, rule)}`, needs }
}

function toAssignee({ agentId, capacity, held, skills }: Agent): {
  agentId: string
  room: number
  skills: ReadonlySet<string>
} {
  return { agentId, room: Math.max(0, capacity - held), skills: new Set(skills) }
}

function toHand({ agentId, capacity, held, skills }: Agent): readonly unknown[] {
  return [agentId, capacity - held, skills]
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
