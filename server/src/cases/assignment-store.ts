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
  /** What stops contact now and asks for somebody who knows it. */
  readonly matters: readonly string[]
}

/** Holds whose cases ask for a skill of that name. */
const SKILLED = `array['hardship', 'dispute', 'complaint', 'bereavement']`
const WAITING = `select c.borrower_id as "borrowerId", c.case_id as "caseId", c.noted_stage as stage,
    c.arrears_minor::float8 as "arrearsMinor", b.language, pl.agency_id as "agencyId", s.agent_id as "agentId",
    coalesce(h.kinds, '{}') as matters
  from collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id)
  left join placed_case x on x.borrower_id = c.borrower_id and x.case_id = c.case_id and x.ended_at is null
  left join placement pl using (placement_id)
  left join assignment s on s.borrower_id = c.borrower_id and s.case_id = c.case_id and s.to_at is null
  left join (select borrower_id, array_agg(distinct kind order by kind) as kinds from hold
    where kind = any(${SKILLED}) and from_at <= $1 and (to_at is null or to_at > $1) group by 1) h
    on h.borrower_id = c.borrower_id
  where c.state = 'open'`

/** Open cases of a portfolio that nobody has, in the order of their borrowers. */
export async function listWaiting(
  sql: Sql,
  given: { at: string; portfolio: string; stages: readonly string[] | null; limit: number },
): Promise<Waiting[]> {
  return sql.query<Waiting>(
    `${WAITING} and s.agent_id is null and p.name = $2 and ($3::text[] is null or c.noted_stage = any($3))
     order by c.borrower_id, c.case_id limit $4`,
    [given.at, given.portfolio, given.stages, given.limit],
  )
}

/** One open case and who has it; null when there is no such open case. */
export async function findWaiting(
  sql: Sql,
  { at, caseId }: { at: string; caseId: string },
): Promise<Waiting | null> {
  const [row] = await sql.query<Waiting>(`${WAITING} and c.case_id = $2`, [at, caseId])
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
       (select count(*) from assignment s join collection_case c using (borrower_id, case_id)
        where s.agent_id = a.agent_id and s.to_at is null and c.state = 'open')::int as held
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
type Why = { readonly at: string; readonly by: string; readonly reason: string }

/** Assigns cases that nobody has; those that somebody got meanwhile are left. Returns the cases that were assigned. */
export async function insertAssignments(
  tx: Tx,
  rows: readonly NewAssignment[],
  { at, by, reason, dealId }: Why & { dealId: string | null },
): Promise<string[]> {
  const made = await tx.query<{ case_id: string }>(
    `insert into assignment (borrower_id, case_id, agent_id, from_at, reason, assigned_by, deal_id)
     select b, c, a, $4, $5, $6, $7 from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as u(b, c, a)
     on conflict (borrower_id, case_id) where to_at is null do nothing returning case_id`,
    [
      rows.map((row) => row.borrowerId),
      rows.map((row) => row.caseId),
      rows.map((row) => row.agentId),
      ...[at, reason, by, dealId],
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

/** Notes that cases were given back to nobody, by whom and why. */
export async function insertReturns(
  tx: Tx,
  cases: readonly { borrowerId: string; caseId: string }[],
  { at, by, reason }: Why,
): Promise<void> {
  await tx.run(
    `insert into assignment (borrower_id, case_id, from_at, to_at, reason, assigned_by)
     select b, c, $3, $3, $4, $5 from unnest($1::bigint[], $2::bigint[]) as u(b, c)`,
    [cases.map((each) => each.borrowerId), cases.map((each) => each.caseId), at, reason, by],
  )
}

export type AssignmentRow = {
  /** Null: it was given back to nobody. */
  readonly agent: string | null
  readonly from: string
  readonly to: string | null
  readonly reason: string
  readonly by: string
}

/** Moves of a case, newest first. */
export async function listAssignments(
  sql: Sql,
  given: { borrowerId: string; caseId: string },
): Promise<AssignmentRow[]> {
  return sql.query(
    `select a.login as agent, s.from_at as from, s.to_at as to, s.reason, s.assigned_by as by
     from assignment s left join agent a using (agent_id) where s.borrower_id = $1 and s.case_id = $2
     order by s.assignment_id desc`,
    [given.borrowerId, given.caseId],
  )
}

/** A move and the one before it; whether nothing happened to the case since. */
export type Move = {
  readonly caseId: string
  readonly borrowerId: string
  readonly agent: string | null
  readonly before: string | null
  readonly isLatest: boolean
}

export async function findMove(sql: Sql, moveId: string): Promise<Move | null> {
  const [row] = await sql.query<Move>(
    `select s.case_id as "caseId", s.borrower_id as "borrowerId", a.login as agent, (${BEFORE}) as before,
       not exists (select 1 from assignment n where n.borrower_id = s.borrower_id and n.case_id = s.case_id
         and n.assignment_id > s.assignment_id) and (s.to_at is null or s.agent_id is null) as "isLatest"
     from assignment s left join agent a using (agent_id) where s.assignment_id = $1`,
    [moveId],
  )
  return row ?? null
}

/** Who had a case just before the move `s`: the last one, unless their time had ended earlier. */
export const BEFORE = `select pa.login from assignment p left join agent pa using (agent_id)
  where p.borrower_id = s.borrower_id and p.case_id = s.case_id and p.assignment_id < s.assignment_id
    and p.to_at >= s.from_at order by p.assignment_id desc limit 1`
