import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of who works which case.

export type Waiting = {
  readonly borrowerId: string
  readonly caseId: string
  readonly stage: string | null
  readonly arrearsMinor: number
  readonly language: string
  /** The agency that the case is placed with; null: the lender's own. */
  readonly agencyId: string | null
  readonly agentId: string | null
}

const WAITING = `select c.borrower_id as "borrowerId", c.case_id as "caseId", c.noted_stage as stage,
    c.arrears_minor::float8 as "arrearsMinor", b.language, pl.agency_id as "agencyId", s.agent_id as "agentId"
  from collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id)
  left join placed_case x on x.borrower_id = c.borrower_id and x.case_id = c.case_id and x.ended_at is null
  left join placement pl using (placement_id)
  left join assignment s on s.borrower_id = c.borrower_id and s.case_id = c.case_id and s.to_at is null
  where c.state = 'open'`

/** Open cases of a portfolio that nobody has, in the order of their borrowers. */
export async function listWaiting(
  sql: Sql,
  given: { portfolio: string; stages: readonly string[] | null; limit: number },
): Promise<Waiting[]> {
  return sql.query<Waiting>(
    `${WAITING} and s.agent_id is null and p.name = $1 and ($2::text[] is null or c.noted_stage = any($2))
     order by c.borrower_id, c.case_id limit $3`,
    [given.portfolio, given.stages, given.limit],
  )
}

/** One open case and who has it; null when there is no such open case. */
export async function findWaiting(sql: Sql, caseId: string): Promise<Waiting | null> {
  const [row] = await sql.query<Waiting>(`${WAITING} and c.case_id = $1`, [caseId])
  return row ?? null
}

export type Agent = {
  readonly agentId: string
  readonly login: string
  readonly agencyId: string | null
  readonly capacity: number
  readonly held: number
  readonly skills: readonly string[]
  readonly isCertified: boolean
  readonly isActive: boolean
}

/** Agents with how many open cases each holds; certified on the given day or not. */
export async function listAgents(
  sql: Sql,
  { on, logins }: { on: string; logins: readonly string[] | null },
): Promise<Agent[]> {
  return sql.query<Agent>(
    `select a.agent_id as "agentId", a.login, a.agency_id as "agencyId", a.capacity, a.skills, a.is_active as "isActive",
       coalesce(a.certified_until_on >= $1::date, false) as "isCertified",
       (select count(*) from assignment s where s.agent_id = a.agent_id and s.to_at is null)::int as held
     from agent a where $2::text[] is null or a.login = any($2) order by a.login`,
    [on, logins],
  )
}

/** Locks agents, so that two deals never fill the same room. */
export async function lockAgents(tx: Tx, agentIds: readonly string[]): Promise<void> {
  await tx.run(
    'select 1 from agent where agent_id = any($1::bigint[]) order by agent_id for update',
    [agentIds],
  )
}

export type NewAssignment = {
  readonly borrowerId: string
  readonly caseId: string
  readonly agentId: string
}

/** Assigns cases that nobody has; those that somebody got meanwhile are left. Returns the cases that were assigned. */
export async function insertAssignments(
  tx: Tx,
  rows: readonly NewAssignment[],
  { at, by, reason }: { at: string; by: string; reason: string },
): Promise<string[]> {
  const made = await tx.query<{ case_id: string }>(
    `insert into assignment (borrower_id, case_id, agent_id, from_at, reason, assigned_by)
     select b, c, a, $4, $5, $6 from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as u(b, c, a)
     on conflict (borrower_id, case_id) where to_at is null do nothing returning case_id`,
    [
      rows.map((row) => row.borrowerId),
      rows.map((row) => row.caseId),
      rows.map((row) => row.agentId),
      ...[at, reason, by],
    ],
  )
  return made.map((row) => row.case_id)
}

/** Ends the open assignment of cases; how many ended. */
export async function endAssignments(
  tx: Tx,
  cases: readonly { borrowerId: string; caseId: string }[],
  at: string,
): Promise<number> {
  return tx.run(
    `update assignment s set to_at = greatest($3, s.from_at)
     from unnest($1::bigint[], $2::bigint[]) u(borrower_id, case_id)
     where s.borrower_id = u.borrower_id and s.case_id = u.case_id and s.to_at is null`,
    [cases.map((each) => each.borrowerId), cases.map((each) => each.caseId), at],
  )
}

export type AssignmentRow = {
  readonly agent: string
  readonly from: string
  readonly to: string | null
  readonly reason: string
  readonly by: string
}

/** Everybody who ever had a case, newest first. */
export async function listAssignments(
  sql: Sql,
  given: { borrowerId: string; caseId: string },
): Promise<AssignmentRow[]> {
  return sql.query(
    `select a.login as agent, s.from_at as from, s.to_at as to, s.reason, s.assigned_by as by
     from assignment s join agent a using (agent_id) where s.borrower_id = $1 and s.case_id = $2
     order by s.assignment_id desc`,
    [given.borrowerId, given.caseId],
  )
}
