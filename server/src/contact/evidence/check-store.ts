import { required } from '@dunlin/kernel'
import type { Database, Sql } from '../../platform/db/index.ts'

// SQL of verifications that a person asked for, and of the chain as it is shown.

export type EvidenceCheck = {
  readonly id: string
  readonly kind: 'log' | 'case' | 'period'
  readonly caseId: string | null
  readonly from: string | null
  readonly to: string | null
  readonly portfolio: string | null
  readonly anchor: string | null
  readonly state: 'running' | 'done' | 'failed'
  readonly askedBy: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly total: number
  readonly decisions: number
  readonly erased: number
  readonly head: { readonly sequence: number; readonly hash: string } | null
  readonly problemCount: number
  readonly problems: readonly string[]
}

type Row = Omit<EvidenceCheck, 'head'> & { headSequence: number | null; headHash: string | null }

const UTC = `at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
/** $1: signs of life before this instant no longer count. */
const CHECK = `select evidence_check_id as id, kind, case_id as "caseId", from_on as from, to_on as to, portfolio,
  encode(anchor, 'hex') as anchor, case when state = 'running' and seen_at < $1 then 'failed' else state end as state,
  asked_by as "askedBy", to_char(started_at ${UTC}) as "startedAt", to_char(ended_at ${UTC}) as "endedAt",
  decisions_total::float8 as total, decisions::float8 as decisions, erased::float8 as erased,
  head_sequence::float8 as "headSequence", encode(head_hash, 'hex') as "headHash",
  problem_count as "problemCount", problems from evidence_check`

export async function listChecks(
  sql: Sql,
  { aliveSince, limit }: { aliveSince: string; limit: number },
): Promise<EvidenceCheck[]> {
  const rows = await sql.query<Row>(`${CHECK} order by evidence_check_id desc limit $2`, [
    aliveSince,
    limit,
  ])
  return rows.map(fromRow)
}

export async function findCheck(
  sql: Sql,
  { id, aliveSince }: { id: string; aliveSince: string },
): Promise<EvidenceCheck | null> {
  const rows = await sql.query<Row>(`${CHECK} where evidence_check_id = $2`, [aliveSince, id])
  return rows.map(fromRow)[0] ?? null
}

/** The last verification of the whole log that came to an end. */
export async function findLastOfLog(
  sql: Sql,
  { aliveSince }: { aliveSince: string },
): Promise<EvidenceCheck | null> {
  const rows = await sql.query<Row>(
    `${CHECK} where kind = 'log' and state = 'done' order by evidence_check_id desc limit 1`,
    [aliveSince],
  )
  return rows.map(fromRow)[0] ?? null
}

function fromRow({ headSequence, headHash, ...row }: Row): EvidenceCheck {
  const isKnown = headSequence !== null && headHash !== null
  return { ...row, head: isKnown ? { sequence: headSequence, hash: headHash } : null }
}

export type NewCheck = Pick<
  EvidenceCheck,
  'kind' | 'caseId' | 'from' | 'to' | 'portfolio' | 'anchor' | 'askedBy' | 'startedAt' | 'total'
> & { readonly seenAt: string }

/** Notes that a verification runs; null when another one does. One without a sign of life has ended. */
export async function insertCheck(
  db: Database,
  { aliveSince, ...given }: NewCheck & { readonly aliveSince: string },
): Promise<string | null> {
  return db.transaction(async (tx) => {
    await tx.run(
      `update evidence_check set state = 'failed', ended_at = $2 where state = 'running' and seen_at < $1`,
      [aliveSince, given.startedAt],
    )
    const [row] = await tx.query<{ id: string }>(
      `insert into evidence_check (kind, case_id, from_on, to_on, portfolio, anchor, state, asked_by, started_at, seen_at, decisions_total)
       values ($1, $2, $3, $4, $5, decode($6, 'hex'), 'running', $7, $8, $9, $10)
       on conflict ((true)) where state = 'running' do nothing returning evidence_check_id as id`,
      [
        ...[given.kind, given.caseId, given.from, given.to, given.portfolio, given.anchor],
        ...[given.askedBy, given.startedAt, given.seenAt, given.total],
      ],
    )
    return row?.id ?? null
  })
}

export async function noteProgress(
  sql: Sql,
  { id, decisions, seenAt }: { id: string; decisions: number; seenAt: string },
): Promise<void> {
  await sql.run(
    `update evidence_check set decisions = $2, seen_at = $3 where evidence_check_id = $1 and state = 'running'`,
    [id, decisions, seenAt],
  )
}

export async function endCheck(
  sql: Sql,
  given: Pick<
    EvidenceCheck,
    'id' | 'decisions' | 'erased' | 'head' | 'problemCount' | 'problems'
  > & {
    readonly state: 'done' | 'failed'
    readonly endedAt: string
  },
): Promise<void> {
  await sql.run(
    `update evidence_check set state = $2, ended_at = $3, decisions = $4, erased = $5, head_sequence = $6,
       head_hash = decode($7, 'hex'), problem_count = $8, problems = $9
     where evidence_check_id = $1 and state = 'running'`,
    [
      ...[given.id, given.state, given.endedAt, given.decisions, given.erased],
      ...[given.head?.sequence ?? null, given.head?.hash ?? null, given.problemCount],
      given.problems,
    ],
  )
}

export type Checkpoint = {
  readonly sequence: number
  readonly hash: string
  readonly root: string
  readonly leaves: number
  readonly decidedAt: string
  readonly sealedAt: string
}

/** Batches of the chain, the latest first, before a place in it. */
export async function listCheckpoints(
  sql: Sql,
  { before, limit }: { before: string | null; limit: number },
): Promise<Checkpoint[]> {
  return sql.query(
    `select sequence::float8 as sequence, encode(hash, 'hex') as hash, encode(root, 'hex') as root, leaf_count as leaves,
       to_char(decided_at ${UTC}) as "decidedAt", to_char(sealed_at ${UTC}) as "sealedAt"
     from evidence_batch where sequence is not null and ($1::bigint is null or sequence < $1)
     order by sequence desc limit $2`,
    [before, limit],
  )
}

/** How many decisions the chain holds, and how many batches wait for a place in it. */
export async function countChain(sql: Sql): Promise<{ decisions: number; waiting: number }> {
  const [row] = await sql.query<{ decisions: number; waiting: number }>(
    `select (select coalesce(sum(leaf_count), 0) from evidence_batch where sequence is not null)::float8 as decisions,
       (select count(*) from evidence_batch where sequence is null)::int as waiting`,
  )
  return required(row, 'a count')
}
