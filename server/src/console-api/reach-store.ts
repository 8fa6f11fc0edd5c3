import type { SqlValue } from '../platform/db/index.ts'
import type { Reach } from './context.ts'

/** Joins that `withinReach` asks, beside a case `c`: who works it, and which agency it lies with. */
export const REACH_TABLES = `
  left join assignment s on s.borrower_id = c.borrower_id and s.case_id = c.case_id and s.to_at is null
  left join agent sa on sa.agent_id = s.agent_id
  left join placed_case pc on pc.borrower_id = c.borrower_id and pc.case_id = c.case_id and pc.ended_at is null
  left join placement pl on pl.placement_id = pc.placement_id`

/**
 * Whose cases somebody reaches, as a condition over REACH_TABLES; its four parameters begin at `$from`. Who
 * belongs to an agency sees what was placed with it; an agent sees their own, their team's, and what nobody
 * was given, unless it was placed outside.
 */
export function withinReach(from: number): string {
  const [agency, isWide, team, agent] = [from, from + 1, from + 2, from + 3].map((at) => `$${at}`)
  return `case when ${agency}::bigint is not null then coalesce(pl.agency_id = ${agency}, false)
    when ${isWide}::boolean then true
    else pl.placement_id is null
      and (s.assignment_id is null or s.agent_id = ${agent}::bigint or sa.team_id = ${team}::bigint) end`
}

export function reachValues({ agencyId, isWide, teamId, agentId }: Reach): SqlValue[] {
  return [agencyId, isWide, teamId, agentId]
}
