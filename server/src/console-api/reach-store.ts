import type { SqlValue } from '../platform/db/index.ts'
import type { Reach } from './context.ts'

/** Joins that say who works a case `c`, for those that show it or filter by it. */
export const REACH_TABLES = `
  left join assignment s on s.borrower_id = c.borrower_id and s.case_id = c.case_id and s.to_at is null
  left join agent sa on sa.agent_id = s.agent_id`

/**
 * Whose cases somebody reaches, as a condition on a case `c`; its four parameters begin at `$from`. Who belongs
 * to an agency sees what was placed with it; an agent sees their own, their team's, and what nobody was given,
 * unless it was placed outside.
 *
 * Asked row by row, in subqueries that cannot be turned into joins: of a join the planner expects one row, and
 * reads the whole book to sort it, where a page in the order of an index needs a few hundred.
 */
export function withinReach(from: number): string {
  const [agency, isWide, team, agent] = [from, from + 1, from + 2, from + 3].map((at) => `$${at}`)
  const placed = `from placed_case pc join placement pl using (placement_id)
      where pc.borrower_id = c.borrower_id and pc.case_id = c.case_id and pc.ended_at is null`
  return `case when ${agency}::bigint is not null then coalesce((select pl.agency_id = ${agency} ${placed}), false)
    when ${isWide}::boolean then true
    else (select count(*) ${placed}) = 0 and coalesce(
      (select coalesce(r.agent_id = ${agent}::bigint or ra.team_id = ${team}::bigint, false)
       from assignment r left join agent ra using (agent_id)
       where r.borrower_id = c.borrower_id and r.case_id = c.case_id and r.to_at is null), true) end`
}

export function reachValues({ agencyId, isWide, teamId, agentId }: Reach): SqlValue[] {
  return [agencyId, isWide, teamId, agentId]
}
