import type { Sql } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { REACH_TABLES, reachValues, withinReach } from '../reach-store.ts'

// What the desk shows of one case, beside its amounts and its timeline: everything led by its borrower.

export type DeskCaseRow = {
  case_id: string
  borrower_id: string
  borrower_no: string
  sealed: Buffer
  portfolio: string
  lender: string
  contact_line: string
  complaint_line: string
  packs: string[]
  overlay: string | null
  language: string
  zone: string
  currency: string
  state: string
  stage: string | null
  ages_from_days: number | null
  held_dpd: number | null
  agent: string | null
  agency: string | null
}

/** One case, when somebody reaches it. */
export async function findDeskCase(
  sql: Sql,
  { caseId, reach }: { caseId: string; reach: Reach },
): Promise<DeskCaseRow | null> {
  const [row] = await sql.query<DeskCaseRow>(
    `select c.case_id, c.borrower_id, b.borrower_no, b.sealed, p.name as portfolio, p.lender, p.contact_line,
       p.complaint_line, p.packs, p.overlay, b.language, p.zones[1] as zone, c.currency, c.state, c.noted_stage as stage,
       c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd, sa.display_name as agent, ga.name as agency
     from collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id) ${REACH_TABLES}
     left join placed_case pc on pc.borrower_id = c.borrower_id and pc.case_id = c.case_id and pc.ended_at is null
     left join placement pl on pl.placement_id = pc.placement_id
     left join agency ga on ga.agency_id = pl.agency_id
     where ${withinReach(1)} and c.case_id = $5`,
    [...reachValues(reach), caseId],
  )
  return row ?? null
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
const iso = (column: string): string => `to_char(${column} at time zone 'utc', ${ISO})`

export type Standing = {
  openCall: { attemptId: string; contactPointId: string; at: string } | null
  promise: { id: string; dueOn: string; amountMinor: number } | null
  holds: {
    id: string
    kind: string
    channel: string | null
    from: string
    to: string | null
    reason: string
  }[]
  callbacks: { id: string; dueAt: string; reason: string }[]
}

/** A call without an outcome is open for this long. */
const CALL_HOURS = 12

/** What stands now: the asker's call without an outcome, the open promise, holds in force, call-backs to come. */
export async function readStanding(
  sql: Sql,
  given: { borrowerId: string; caseId: string; agentId: string | null; at: string },
): Promise<Standing> {
  const { borrowerId, caseId, agentId, at } = given
  const [row] = await sql.query<{ standing: Standing }>(
    `select jsonb_build_object(
       'openCall', (select jsonb_build_object('attemptId', a.attempt_id::text, 'contactPointId', a.contact_point_id::text, 'at', ${iso('a.at')})
         from attempt a where a.borrower_id = $1 and a.case_id = $2 and a.channel = 'call' and a.state = 'sent' and a.actor_id = $3
           and a.at > $4::timestamptz - interval '${CALL_HOURS} hours' and a.created_on >= $4::timestamptz::date - 1
           and not exists (select 1 from outcome o where o.borrower_id = $1 and o.attempt_id = a.attempt_id)
         order by a.at desc limit 1),
       'promise', (select jsonb_build_object('id', r.promise_id::text, 'dueOn', r.due_on, 'amountMinor', r.amount_minor)
         from promise r where r.borrower_id = $1 and r.case_id = $2 and r.state = 'open' limit 1),
       'holds', coalesce((select jsonb_agg(jsonb_build_object('id', d.hold_id::text, 'kind', d.kind, 'channel', d.channel,
           'from', ${iso('d.from_at')}, 'to', ${iso('d.to_at')}, 'reason', d.reason) order by d.hold_id)
         from hold d where d.borrower_id = $1 and (d.to_at is null or d.to_at > $4)), '[]'),
       'callbacks', coalesce((select jsonb_agg(jsonb_build_object('id', k.callback_id::text, 'dueAt', ${iso('k.due_at')},
           'reason', k.reason) order by k.due_at)
         from callback k where k.borrower_id = $1 and k.case_id = $2 and k.done_at is null), '[]')) as standing`,
    [borrowerId, caseId, agentId, at],
  )
  if (row === undefined) throw new Error('a select without rows gave none')
  return row.standing
}

/** Keeps words about a case, sealed. */
export async function insertNote(
  sql: Sql,
  note: { borrowerId: string; caseId: string; sealed: Buffer; author: string; at: string },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into case_note (borrower_id, case_id, sealed_text, author, written_at) values ($1, $2, $3, $4, $5)
     returning case_note_id as id`,
    [note.borrowerId, note.caseId, note.sealed, note.author, note.at],
  )
  return row?.id ?? ''
}

export async function insertCallback(
  sql: Sql,
  callback: {
    borrowerId: string
    caseId: string
    dueAt: string
    userId: string
    reason: string
    at: string
  },
): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    `insert into callback (borrower_id, case_id, due_at, user_id, reason, recorded_at) values ($1, $2, $3, $4, $5, $6)
     returning callback_id as id`,
    [
      callback.borrowerId,
      callback.caseId,
      callback.dueAt,
      callback.userId,
      callback.reason,
      callback.at,
    ],
  )
  return row?.id ?? ''
}

/** A call made keeps what was agreed for it. */
export async function settleCallbacks(
  sql: Sql,
  { borrowerId, caseId, at }: { borrowerId: string; caseId: string; at: string },
): Promise<void> {
  await sql.run(
    'update callback set done_at = $3 where borrower_id = $1 and case_id = $2 and done_at is null and due_at <= $3',
    [borrowerId, caseId, at],
  )
}
