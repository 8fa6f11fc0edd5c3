import { type Role, roleSchema } from '@dunlin/contract'
import { z } from 'zod'
import type { Database, Sql, Tx } from '../platform/db/index.ts'

// Staff: who signs in, what they may do, what they reach; failures that lock an address.

export type Staff = {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly agentId: string | null
  readonly teamId: string | null
  readonly team: string | null
  readonly agencyId: string | null
  readonly agency: string | null
  readonly language: 'zh-CN' | 'en'
  readonly disabledAt: string | null
}

const rowSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(roleSchema),
  agentId: z.string().nullable(),
  teamId: z.string().nullable(),
  team: z.string().nullable(),
  agencyId: z.string().nullable(),
  agency: z.string().nullable(),
  language: z.enum(['zh-CN', 'en']),
  disabledAt: z.string().nullable(),
})

const STAFF = `select s.user_id as "userId", u.name, u.email, s.roles, s.agent_id as "agentId", s.team_id as "teamId",
    t.name as team, s.agency_id as "agencyId", g.name as agency, s.language, s.disabled_at as "disabledAt"
  from staff s join auth_user u on u.id = s.user_id left join team t using (team_id)
  left join agency g on g.agency_id = s.agency_id`

/** The person of an account; null when nobody gave them a role, or when they were shut out. */
export async function findStaff(sql: Sql, userId: string): Promise<Staff | null> {
  const [row] = await sql.query(`${STAFF} where s.user_id = $1 and s.disabled_at is null`, [userId])
  return row === undefined ? null : rowSchema.parse(row)
}

export async function listStaff(sql: Sql): Promise<Staff[]> {
  return z.array(rowSchema).parse(await sql.query(`${STAFF} order by u.email`))
}

export type NewStaff = {
  readonly userId: string
  readonly roles: readonly Role[]
  readonly team: string | null
  readonly agency: string | null
  /** The login of the agent they are for the gate; null: they contact nobody. */
  readonly agentLogin: string | null
  readonly at: string
}

export async function insertStaff(tx: Sql, staff: NewStaff): Promise<void> {
  await tx.run(
    `insert into staff (user_id, roles, agent_id, team_id, agency_id, created_at)
     values ($1, $2, (select agent_id from agent where login = $3), (select team_id from team where name = $4),
       (select agency_id from agency where name = $5), $6)`,
    [staff.userId, staff.roles, staff.agentLogin, staff.team, staff.agency, staff.at],
  )
}

/** Gives an account other roles and another place, from its next request on. */
export async function updatePost(sql: Sql, staff: Omit<NewStaff, 'at'>): Promise<void> {
  await sql.run(
    `update staff set roles = $2, agent_id = (select agent_id from agent where login = $3),
       team_id = (select team_id from team where name = $4), agency_id = (select agency_id from agency where name = $5)
     where user_id = $1`,
    [staff.userId, staff.roles, staff.agentLogin, staff.team, staff.agency],
  )
}

export type StaffUse = {
  readonly userId: string
  readonly agent: string | null
  readonly hasTwoFactor: boolean
  readonly sessions: number
  readonly lastSeenAt: string | null
}

/** How each account is used: its agent, second factor, and the browsers that are signed in at an instant. */
export async function listStaffUse(sql: Sql, at: string): Promise<StaffUse[]> {
  return sql.query(
    `select s.user_id as "userId", a.login as agent, coalesce(u.two_factor_enabled, false) as "hasTwoFactor",
       count(e.id) filter (where e.expires_at > $1)::int as sessions, max(e.updated_at) as "lastSeenAt"
     from staff s join auth_user u on u.id = s.user_id left join agent a using (agent_id)
     left join auth_session e on e.user_id = s.user_id
     group by s.user_id, a.login, u.two_factor_enabled`,
    [at],
  )
}

/** Names to choose a post from. */
export async function listPlaces(
  sql: Sql,
): Promise<{ teams: string[]; agencies: string[]; agents: string[] }> {
  const names = async (statement: string): Promise<string[]> =>
    (await sql.query<{ name: string }>(statement)).map(({ name }) => name)
  return {
    teams: await names('select name from team order by name'),
    agencies: await names('select name from agency order by name'),
    agents: await names('select login as name from agent order by login'),
  }
}

/** Shuts an account out from a moment on, or lets it in again; each of its requests asks. */
export async function setDisabled(
  sql: Sql,
  { userId, disabledAt }: { userId: string; disabledAt: string | null },
): Promise<void> {
  await sql.run('update staff set disabled_at = $2 where user_id = $1', [userId, disabledAt])
}

/** Of a team, an agency and an agent that somebody should belong to, those that there are not. */
export async function unknownPlaces(
  sql: Sql,
  given: { readonly team?: string; readonly agency?: string; readonly agent?: string },
): Promise<string[]> {
  const rows = await sql.query<{ unknown: string }>(
    `select 'team ' || $1 as unknown where $1::text is not null and not exists (select 1 from team where name = $1)
     union all select 'agency ' || $2 where $2::text is not null and not exists (select 1 from agency where name = $2)
     union all select 'agent ' || $3 where $3::text is not null and not exists (select 1 from agent where login = $3)`,
    [given.team ?? null, given.agency ?? null, given.agent ?? null],
  )
  return rows.map(({ unknown }) => unknown)
}

export async function updateLanguage(
  db: Database,
  userId: string,
  language: 'zh-CN' | 'en',
): Promise<void> {
  await db.run('update staff set language = $2 where user_id = $1', [userId, language])
}

/** When the address was told wrong passwords since an instant, in milliseconds; oldest first. */
export async function listFailures(sql: Sql, loginHash: Buffer, since: string): Promise<number[]> {
  const rows = await sql.query<{ ms: string }>(
    `select (extract(epoch from failed_at) * 1000)::bigint as ms from sign_in_failure
     where login_hash = $1 and failed_at > $2 order by failed_at`,
    [loginHash, since],
  )
  return rows.map((row) => Number(row.ms))
}

export async function insertFailure(sql: Sql, loginHash: Buffer, at: string): Promise<void> {
  await sql.run('insert into sign_in_failure (login_hash, failed_at) values ($1, $2)', [
    loginHash,
    at,
  ])
}

/** A right password forgives what came before it. */
export async function deleteFailures(tx: Tx | Database, loginHash: Buffer): Promise<void> {
  await tx.run('delete from sign_in_failure where login_hash = $1', [loginHash])
}
