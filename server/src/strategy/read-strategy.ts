import type { Sql } from '../platform/db/index.ts'
import { listPortfolioStrategies } from './cycle-store.ts'
import type { Strategy } from './model/strategy.ts'
import { type DraftRow, listDrafts, listVersions, type VersionRow } from './release-store.ts'
import { contentOf, strategyInForce } from './strategy-in-force.ts'
import type { Trial, TrialContact } from './try-strategy.ts'

const DRAFTS_SHOWN = 50

/** The strategies that portfolios follow, each with its portfolios and the zone of the first. */
export async function listStrategies(
  sql: Sql,
): Promise<{ name: string; portfolios: string[]; zone: string }[]> {
  const rows = await listPortfolioStrategies(sql)
  return [...Map.groupBy(rows, ({ strategy }) => strategy)].map(([name, group]) => ({
    name,
    portfolios: group.map(({ portfolio }) => portfolio),
    zone: group[0]?.zone ?? '',
  }))
}

export type StrategyPage = {
  readonly name: string
  readonly strategy: Strategy
  readonly hash: string
  readonly versions: VersionRow[]
  readonly drafts: DraftRow[]
}

/** A strategy as it is in force, with its versions and drafts, newest first; null when there is none of that name. */
export async function readStrategy(sql: Sql, name: string): Promise<StrategyPage | null> {
  const versions = await listVersions(sql, name)
  const drafts = await listDrafts(sql, name, DRAFTS_SHOWN)
  const strategy = await strategyInForce(sql, name).catch(() => null)
  if (strategy === null) return null
  return { name, strategy, hash: contentOf(strategy.document).hash, versions, drafts }
}

export type TrialCount = Pick<TrialContact, 'stage' | 'channel' | 'verdict'> & {
  readonly rule: string | null
  readonly count: number
}

/** A trial's contacts counted by stage, channel, verdict and first reason. */
export function countTrial({ contacts }: Trial): TrialCount[] {
  const counts = Map.groupBy(contacts, ({ stage, channel, verdict, rules: [rule = null] }) =>
    JSON.stringify([stage, channel, verdict, rule]),
  )
  return [...counts.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { stage, channel, verdict, rules } = first
    return [{ stage, channel, verdict, rule: rules[0] ?? null, count: group.length }]
  })
}
