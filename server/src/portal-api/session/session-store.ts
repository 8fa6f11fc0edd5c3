import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'
import { type Door, LIMITS, SESSION_IDLE_MS } from '../limits.ts'

// SQL of links, codes, sessions and knocks.

/** Whose page it is. The case is the newest open one, else the newest. */
export type Visitor = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly lender: string
  readonly currency: string
  readonly zone: string
  readonly language: string
  readonly contactLine: string
  readonly complaintLine: string
  readonly sealedPerson: Buffer
  readonly isDemo: boolean
}

const VISITOR = `
  select b.borrower_id as "borrowerId", c.case_id as "caseId", c.portfolio_id as "portfolioId", c.lender, c.currency,
    p.zones[1] as zone, b.language, p.contact_line as "contactLine", p.complaint_line as "complaintLine",
    b.sealed as "sealedPerson", b.is_demo as "isDemo"
  from borrower b
  join lateral (select * from collection_case x where x.borrower_id = b.borrower_id
    order by x.state = 'open' desc, x.case_id desc limit 1) c on true
  join portfolio p on p.portfolio_id = c.portfolio_id
  where b.borrower_id = $1 and b.erased_at is null`

/** Null: there is no such person, nothing was ever collected, or nothing of the person is left. */
export async function findVisitor(sql: Sql, borrowerId: string): Promise<Visitor | null> {
  const [row] = await sql.query<Visitor>(VISITOR, [borrowerId])
  return row ?? null
}

export async function findCaseBorrower(sql: Sql, caseId: string): Promise<string | null> {
  const [row] = await sql.query<{ borrower_id: string }>(
    'select borrower_id from collection_case where case_id = $1',
    [caseId],
  )
  return row?.borrower_id ?? null
}

export type OwnPoint = {
  readonly id: string
  readonly kind: 'phone' | 'email'
  readonly masked: string
}

/** The borrower's own phones and mailboxes that are not known to be dead or somebody else's. */
export async function listOwnPoints(sql: Sql, borrowerId: string): Promise<OwnPoint[]> {
  return sql.query<OwnPoint>(
    `select contact_point_id as id, kind, masked from contact_point
     where borrower_id = $1 and party_id is null and kind in ('phone', 'email') and health in ('ok', 'suspect')
     order by kind desc, health, contact_point_id`,
    [borrowerId],
  )
}

type CodeKey = { readonly borrowerId: string; readonly codeId: string }

export async function insertCode(
  tx: Tx,
  given: {
    readonly borrowerId: string
    readonly contactPointId: string
    readonly codeHash: Buffer
    readonly madeAt: Instant
    readonly expiresAt: Instant
  },
): Promise<string> {
  await tx.run(`update portal_code set used_at = $2 where borrower_id = $1 and used_at is null`, [
    given.borrowerId,
    formatInstant(given.madeAt),
  ])
  const [row] = await tx.query<{ portal_code_id: string }>(
    `insert into portal_code (borrower_id, contact_point_id, code_hash, made_at, expires_at)
     values ($1, $2, $3, $4, $5) returning portal_code_id`,
    [
      given.borrowerId,
      given.contactPointId,
      given.codeHash,
      formatInstant(given.madeAt),
      formatInstant(given.expiresAt),
    ],
  )
  if (row === undefined) throw new Error('no code was made')
  return row.portal_code_id
}

export async function noteAttempt(
  tx: Tx,
  { borrowerId, codeId }: CodeKey,
  attemptId: string,
): Promise<void> {
  await tx.run(
    'update portal_code set attempt_id = $3 where borrower_id = $1 and portal_code_id = $2',
    [borrowerId, codeId, attemptId],
  )
}

export type OpenCode = {
  readonly codeId: string
  readonly codeHash: Buffer
  readonly tries: number
}

/** Counts a try of the borrower's last open code and returns it; null when there is none that is still good. */
export async function tryCode(
  sql: Sql,
  { borrowerId, at }: { borrowerId: string; at: Instant },
): Promise<OpenCode | null> {
  const [row] = await sql.query<OpenCode>(
    `update portal_code set tries = tries + 1 where borrower_id = $1 and portal_code_id = (
       select portal_code_id from portal_code where borrower_id = $1 and used_at is null and expires_at > $2
       order by portal_code_id desc limit 1)
     returning portal_code_id as "codeId", code_hash as "codeHash", tries`,
    [borrowerId, formatInstant(at)],
  )
  return row ?? null
}

/** False when somebody else has used it meanwhile. */
export async function useCode(
  tx: Tx,
  { borrowerId, codeId }: CodeKey,
  at: Instant,
): Promise<boolean> {
  const changed = await tx.run(
    `update portal_code set used_at = $3 where borrower_id = $1 and portal_code_id = $2 and used_at is null`,
    [borrowerId, codeId, formatInstant(at)],
  )
  return changed > 0
}

export async function insertSession(
  tx: Tx,
  given: { readonly borrowerId: string; readonly tokenHash: Buffer; readonly at: Instant },
): Promise<void> {
  const until = instant(given.at + SESSION_IDLE_MS)
  await tx.run(
    `insert into portal_session (borrower_id, token_hash, started_at, expires_at) values ($1, $2, $3, $4)`,
    [given.borrowerId, given.tokenHash, formatInstant(given.at), formatInstant(until)],
  )
}

/** The borrower of a session in force, which lives on from this request; null for anything else. */
export async function keepSession(
  sql: Sql,
  given: {
    readonly tokenHash: Buffer
    readonly at: Instant
    readonly until: Instant
    readonly maxSeconds: number
  },
): Promise<string | null> {
  const [row] = await sql.query<{ borrower_id: string }>(
    `update portal_session set expires_at = greatest(expires_at, least($3::timestamptz, started_at + make_interval(secs => $4)))
     where token_hash = $1 and ended_at is null and expires_at > $2 returning borrower_id`,
    [given.tokenHash, formatInstant(given.at), formatInstant(given.until), given.maxSeconds],
  )
  return row?.borrower_id ?? null
}

export async function endSession(sql: Sql, tokenHash: Buffer, at: Instant): Promise<void> {
  await sql.run(
    'update portal_session set ended_at = $2 where token_hash = $1 and ended_at is null',
    [tokenHash, formatInstant(at)],
  )
}

/** Counts a knock at a door; whether it is still within the door's limit. */
export async function knock(
  sql: Sql,
  { door, fromHash, at }: { door: Door; fromHash: Buffer; at: Instant },
): Promise<boolean> {
  const { times, windowMs } = LIMITS[door]
  const [row] = await sql.query<{ count: number }>(
    `with knocked as (insert into portal_knock (door, from_hash, at) values ($1, $2, $3))
     select count(*)::integer as count from portal_knock where door = $1 and from_hash = $2 and at > $4 and at <= $3`,
    [door, fromHash, formatInstant(at), formatInstant(instant(at - windowMs))],
  )
  return (row?.count ?? 0) < times
}

export async function forgetKnocks(sql: Sql, before: Instant): Promise<number> {
  return sql.run('delete from portal_knock where at < $1', [formatInstant(before)])
}

/** In a demo only: what the last service message to a borrower carried, sealed. */
export async function findLastServiceFacts(sql: Sql, borrowerId: string): Promise<Buffer | null> {
  const [row] = await sql.query<{ sealed_facts: Buffer | null }>(
    `select sealed_facts from attempt where borrower_id = $1 and sealed_facts is not null
     order by attempt_id desc limit 1`,
    [borrowerId],
  )
  return row?.sealed_facts ?? null
}
