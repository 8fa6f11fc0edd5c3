import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of conversations: opening, who must look, whose they are, how they end, and what they hold.

/** The borrower's open conversation, opened when there is none; an older arrival does not turn it back. */
export async function openConversation(
  tx: Tx,
  thread: { readonly borrowerId: string; readonly caseId: string | null; readonly at: Instant },
): Promise<{ readonly conversationId: string; readonly isNew: boolean }> {
  const [row] = await tx.query<{ conversation_id: string; is_new: boolean }>(
    `insert into conversation (borrower_id, case_id, state, opened_at, last_at)
     values ($1, $2, 'open', $3, $3)
     on conflict (borrower_id) where state = 'open'
       do update set last_at = greatest(conversation.last_at, excluded.last_at)
     returning conversation_id, xmax = 0 as is_new`,
    [thread.borrowerId, thread.caseId, formatInstant(thread.at)],
  )
  if (row === undefined) throw new Error('no conversation was opened')
  return { conversationId: row.conversation_id, isNew: row.is_new }
}

/** False when a person is asked for as urgently already. */
export async function askPerson(
  tx: Tx,
  asked: {
    readonly borrowerId: string
    readonly conversationId: string
    readonly reason: string
    readonly at: Instant
  },
): Promise<boolean> {
  const changed = await tx.run(
    `update conversation set needs_person_at = coalesce(needs_person_at, $3), needs_person_reason = $4
     where borrower_id = $1 and conversation_id = $2
       and (needs_person_at is null or ($4 = 'distress' and needs_person_reason <> 'distress'))`,
    [asked.borrowerId, asked.conversationId, formatInstant(asked.at), asked.reason],
  )
  return changed > 0
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
const at = (column: string): string => `to_char(${column} at time zone 'utc', ${UTC})`

export type Thread = {
  readonly borrowerId: string
  readonly conversationId: string
  readonly caseId: string | null
  readonly borrowerNo: string
  readonly state: 'open' | 'closed'
  readonly openedAt: string
  readonly lastAt: string
  readonly needsPersonAt: string | null
  readonly needsPersonReason: string | null
  readonly agent: string | null
  readonly lastClass: string | null
}

const THREAD = `
  select v.borrower_id as "borrowerId", v.conversation_id as "conversationId", v.case_id as "caseId",
    b.borrower_no as "borrowerNo", v.state, ${at('v.opened_at')} as "openedAt", ${at('v.last_at')} as "lastAt",
    ${at('v.needs_person_at')} as "needsPersonAt", v.needs_person_reason as "needsPersonReason", g.login as agent,
    (select m.class from message m where m.borrower_id = v.borrower_id and m.conversation_id = v.conversation_id
      order by m.received_at desc, m.message_id desc limit 1) as "lastClass"
  from conversation v join borrower b using (borrower_id) left join agent g on g.agent_id = v.agent_id`

export type ThreadFilter = {
  readonly state: 'open' | 'closed' | null
  readonly needsPerson: boolean | null
  readonly agent: string | null
  readonly after: string
  readonly limit: number
}

/** Conversations by id, from after one. */
export async function listThreads(sql: Sql, filter: ThreadFilter): Promise<Thread[]> {
  return sql.query(
    `${THREAD} where v.conversation_id > $1 and ($2::text is null or v.state = $2)
       and ($3::boolean is null or (v.needs_person_at is not null) = $3) and ($4::text is null or g.login = $4)
     order by v.conversation_id limit $5`,
    [filter.after, filter.state, filter.needsPerson, filter.agent, filter.limit],
  )
}

export async function findThread(sql: Sql, conversationId: string): Promise<Thread | null> {
  const [row] = await sql.query<Thread>(`${THREAD} where v.conversation_id = $1`, [conversationId])
  return row ?? null
}

export type StoredMessage = {
  readonly messageId: string
  readonly channel: string
  readonly direction: 'inbound' | 'outbound'
  readonly contactPointId: string | null
  readonly class: string | null
  readonly classPercent: number | null
  readonly at: string
  readonly sealedBody: Buffer
}

/** The newest messages of a conversation, oldest first. */
export async function listMessages(
  sql: Sql,
  { borrowerId, conversationId }: { borrowerId: string; conversationId: string },
  limit: number,
): Promise<StoredMessage[]> {
  return sql.query(
    `select * from (
       select message_id as "messageId", channel, direction, contact_point_id as "contactPointId", class,
         class_percent as "classPercent", ${at('received_at')} as at, sealed_body as "sealedBody"
       from message where borrower_id = $1 and conversation_id = $2 order by received_at desc, message_id desc limit $3) t
     order by at, "messageId"::bigint`,
    [borrowerId, conversationId, limit],
  )
}

export type StoredReply = {
  readonly attemptId: string
  readonly channel: string
  readonly state: string
  readonly agent: string | null
  readonly at: string
  readonly sealedReply: Buffer
}

/** What agents answered since the conversation began, whatever the gate made of it. */
export async function listReplies(
  sql: Sql,
  { borrowerId, openedAt }: { borrowerId: string; openedAt: string },
  limit: number,
): Promise<StoredReply[]> {
  return sql.query(
    `select a.attempt_id as "attemptId", a.channel, a.state, g.login as agent, ${at('coalesce(a.at, a.due_at)')} as at,
       a.sealed_reply as "sealedReply"
     from attempt a left join agent g on g.agent_id::text = a.actor_id
     where a.borrower_id = $1 and a.direction = 'reply' and a.sealed_reply is not null
       and coalesce(a.at, a.due_at) >= $2 and a.created_on >= $2::timestamptz::date - 1
     order by a.attempt_id desc limit $3`,
    [borrowerId, openedAt, limit],
  )
}

export type OpenPromise = {
  readonly promiseId: string
  readonly amountMinor: number
  readonly currency: string
  readonly dueOn: string
  readonly state: string
}
export type OpenHold = {
  readonly holdId: string
  readonly kind: string
  readonly channel: string | null
  readonly from: string
}

/** What was agreed and what is stopped: so that nobody is asked again. */
export async function readStanding(
  sql: Sql,
  { borrowerId, at: now }: { borrowerId: string; at: Instant },
): Promise<{ promises: OpenPromise[]; holds: OpenHold[]; zone: string }> {
  const promises = await sql.query<Omit<OpenPromise, 'amountMinor'> & { amountMinor: string }>(
    `select promise_id as "promiseId", amount_minor as "amountMinor", currency, due_on as "dueOn", state from promise
     where borrower_id = $1 and state in ('open', 'broken', 'part-kept') order by promise_id desc limit 20`,
    [borrowerId],
  )
  const holds = await sql.query<OpenHold>(
    `select hold_id as "holdId", kind, channel, ${at('from_at')} as "from" from hold
     where borrower_id = $1 and (to_at is null or to_at > $2) order by hold_id limit 50`,
    [borrowerId, formatInstant(now)],
  )
  const [zone] = await sql.query<{ zone: string }>(
    `select p.zones[1] as zone from loan l join portfolio p using (portfolio_id) where l.borrower_id = $1 limit 1`,
    [borrowerId],
  )
  const numbered = promises.map((each) => ({ ...each, amountMinor: Number(each.amountMinor) }))
  return { promises: numbered, holds, zone: zone?.zone ?? 'UTC' }
}

/** The agent of a login; null when there is none. */
export async function findAgent(sql: Sql, login: string): Promise<string | null> {
  const [row] = await sql.query<{ agent_id: string }>(
    'select agent_id from agent where login = $1',
    [login],
  )
  return row?.agent_id ?? null
}

/** The latest point from which the borrower wrote on a channel in this conversation; null when nowhere. */
export async function findAnswerPoint(
  sql: Sql,
  thread: { borrowerId: string; conversationId: string; channel: string },
): Promise<string | null> {
  const [row] = await sql.query<{ contact_point_id: string | null }>(
    `select contact_point_id from message where borrower_id = $1 and conversation_id = $2 and channel = $3
       and direction = 'inbound' and contact_point_id is not null order by received_at desc limit 1`,
    [thread.borrowerId, thread.conversationId, thread.channel],
  )
  return row?.contact_point_id ?? null
}

/** The open case of a borrower now: the conversation may have begun with an earlier one. */
export async function findOpenCaseOf(sql: Sql, borrowerId: string): Promise<string | null> {
  const [row] = await sql.query<{ case_id: string }>(
    `select case_id from collection_case where borrower_id = $1 and state = 'open' order by case_id desc limit 1`,
    [borrowerId],
  )
  return row?.case_id ?? null
}

type Key = { readonly borrowerId: string; readonly conversationId: string }

export async function markAnswered(tx: Tx, { borrowerId, conversationId }: Key): Promise<void> {
  await tx.run(
    `update conversation set needs_person_at = null, needs_person_reason = null
     where borrower_id = $1 and conversation_id = $2`,
    [borrowerId, conversationId],
  )
}

export async function updateAgent(
  tx: Tx,
  { borrowerId, conversationId }: Key,
  agentId: string | null,
): Promise<void> {
  await tx.run(
    'update conversation set agent_id = $3 where borrower_id = $1 and conversation_id = $2',
    [borrowerId, conversationId, agentId],
  )
}

export async function closeThread(
  tx: Tx,
  { borrowerId, conversationId }: Key,
  { by, at: closedAt }: { by: string; at: Instant },
): Promise<void> {
  await tx.run(
    `update conversation set state = 'closed', closed_at = $3, closed_by = $4, needs_person_at = null,
       needs_person_reason = null where borrower_id = $1 and conversation_id = $2`,
    [borrowerId, conversationId, formatInstant(closedAt), by],
  )
}
