import type { Database, Tx } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { reachValues, withinReach } from '../reach-store.ts'

// Agents and their load, and cases that nobody has, as the page of assignment shows them.

export type AgentRow = {
  login: string
  name: string
  team: string | null
  agency: string | null
  capacity: number
  held: number
  skills: string[]
  certifiedUntil: string | null
  isActive: boolean
  isCertified: boolean
}

/** Agents of the house and its agencies, or of one team. */
export async function listAgentRows(
  db: Database,
  { on, teamId }: { on: string; teamId: string | null },
): Promise<AgentRow[]> {
  return db.query(
    `select a.login, a.display_name as name, t.name as team, g.name as agency, a.capacity, a.skills,
       a.certified_until_on::text as "certifiedUntil", a.is_active as "isActive",
       coalesce(a.certified_until_on >= $1::date, false) as "isCertified", coalesce(h.held, 0)::integer as held
     from agent a left join team t using (team_id) left join agency g on g.agency_id = a.agency_id
     left join (select s.agent_id, count(*) as held from assignment s join collection_case c using (borrower_id, case_id)
       where s.to_at is null and c.state = 'open' group by 1) h on h.agent_id = a.agent_id
     where $2::bigint is null or a.team_id = $2
     order by g.name nulls first, t.name nulls last, a.login`,
    [on, teamId],
  )
}

type Load = { readonly capacity: number; readonly skills: readonly string[] }

/** Changes what an agent can hold and may take; what stood before, null when there is no such agent. */
export async function updateAgent(
  tx: Tx,
  { login, capacity, skills }: Load & { login: string },
): Promise<Load | null> {
  const [before] = await tx.query<{ capacity: number; skills: string[] }>(
    'select capacity, skills from agent where login = $1 for update',
    [login],
  )
  if (before === undefined) return null
  await tx.run('update agent set capacity = $2, skills = $3 where login = $1', [
    ...[login, capacity],
    [...skills],
  ])
  return before
}

export type WaitingRow = {
  portfolio: string
  currency: string
  agency: string | null
  stage: string | null
  band: number
  cases: number
  arrearsMinor: number
}

/** Open cases that nobody has, counted by portfolio, agency, stage and band of arrears. */
export async function listWaitingRows(
  db: Database,
  given: { reach: Reach; portfolio: string | null; bands: readonly number[] },
): Promise<WaitingRow[]> {
  return db.query(
    `select p.name as portfolio, p.currency, g.name as agency, w.stage, w.band, w.cases, w.arrears::float8 as "arrearsMinor"
     from (select c.portfolio_id, pl.agency_id, c.noted_stage as stage, width_bucket(c.arrears_minor, $5::bigint[]) as band,
         count(*)::integer as cases, sum(c.arrears_minor) as arrears
       from collection_case c
       left join assignment s on s.borrower_id = c.borrower_id and s.case_id = c.case_id and s.to_at is null
       left join placed_case x on x.borrower_id = c.borrower_id and x.case_id = c.case_id and x.ended_at is null
       left join placement pl using (placement_id)
       where c.state = 'open' and s.assignment_id is null and ${withinReach(1)}
         and ($6::text is null or c.portfolio_id = (select portfolio_id from portfolio where name = $6))
       group by 1, 2, 3, 4) w
     join portfolio p using (portfolio_id) left join agency g on g.agency_id = w.agency_id
     order by 1, 3 nulls first, 4 nulls first, 5`,
    [...reachValues(given.reach), [...given.bands], given.portfolio],
  )
}
