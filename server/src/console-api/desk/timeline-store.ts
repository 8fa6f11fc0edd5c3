import type { Sql } from '../../platform/db/index.ts'

// Everything that happened around a borrower, newest first: one statement, led by the borrower's keys.

export type TimelineRow = {
  id: string
  at: string
  kind: 'contact' | 'message' | 'payment' | 'promise' | 'hold' | 'note' | 'matter' | 'case'
  what: string
  state: string | null
  by: string | null
  /** Words that may be shown as they are; `sealed` holds those that are kept sealed. */
  text: string | null
  sealed: Buffer | null
  amount_minor: string | null
  rule: string | null
  is_inbound: boolean
}

const TIMELINE_MAX = 400
const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

const CONTACTS = `
  select 'a' || a.attempt_id, coalesce(a.at, a.due_at), 'contact', a.channel, coalesce(o.talk_outcome, o.line_outcome, a.line, a.state),
    coalesce(g.display_name, case when a.actor_kind = 'robot' then 'robot' end),
    nullif(concat_ws(' · ', o.party_outcome, o.delay_reason), ''), a.sealed_reply, null::bigint,
    case when a.state = 'refused' then a.reason end, false
  from attempt a left join agent g on g.agent_id::text = a.actor_id
  left join lateral (select * from outcome x where x.borrower_id = a.borrower_id and x.attempt_id = a.attempt_id
    order by x.outcome_id desc limit 1) o on true
  where a.borrower_id = $1 and a.direction <> 'inbound' and a.state <> 'cancelled' and coalesce(a.at, a.due_at) is not null`
const MESSAGES = `
  select 'm' || m.message_id, m.received_at, 'message', m.channel, m.class, null, null, m.sealed_body, null, null, true
  from message m where m.borrower_id = $1 and m.direction = 'inbound'`
const PAYMENTS = `
  select 'l' || e.loan_id || '-' || e.event_no, coalesce(e.recorded_at, e.effective_on::timestamptz), 'payment', e.kind,
    null, e.source, e.effective_on::text, null, e.amount_minor, null, false
  from ledger_event e where e.borrower_id = $1
    and e.kind in ('paid', 'reversed', 'waived', 'fee', 'penalty', 'paused', 'resumed', 'due-moved', 'written-off')`
const PROMISES = `
  select 'p' || r.promise_id, r.made_at, 'promise', 'promise', r.state, r.source, r.due_on::text, null, r.amount_minor, null, false
  from promise r where r.borrower_id = $1`
const HOLDS = `
  select 'h' || d.hold_id, d.recorded_at, 'hold', d.kind, case when d.to_at <= $2 then 'ended' else 'open' end, d.source, d.reason, null,
    null, null, false
  from hold d where d.borrower_id = $1`
const NOTES = `
  select 'n' || n.case_note_id, n.written_at, 'note', 'note', null, n.author, null, n.sealed_text, null, null, false
  from case_note n where n.borrower_id = $1`
const MATTERS = `
  select 't' || t.matter_id, t.received_at, 'matter', t.kind, t.state, t.owner, t.due_on::text, null, null, null, true
  from matter t where t.borrower_id = $1`
const CALLBACKS = `
  select 'k' || k.callback_id, k.recorded_at, 'case', 'callback', case when k.done_at is null then 'open' else 'done' end, null,
    k.reason, null, null, null, false
  from callback k where k.borrower_id = $1`
const EVENTS = `
  select 'e' || b.outbox_id, b.recorded_at, 'case', b.event, null, coalesce(b.payload->>'agent', b.payload->>'agency'), b.payload->>'to', null,
    null, null, false
  from outbox b where b.borrower_id = $1 and (b.event like 'plan.%' or b.event in ('case.opened', 'case.staged', 'case.assigned',
    'case.placed', 'case.recalled', 'case.cured', 'case.closed', 'promise.kept', 'promise.part-kept', 'promise.broken',
    'hold.ended', 'order.paid', 'contact-point.changed'))`
const ALL = [CONTACTS, MESSAGES, PAYMENTS, PROMISES, HOLDS, NOTES, MATTERS, CALLBACKS, EVENTS]

export async function listTimeline(
  sql: Sql,
  { borrowerId, at }: { borrowerId: string; at: string },
): Promise<TimelineRow[]> {
  return sql.query(
    `select t.id, to_char(t.at at time zone 'utc', ${ISO}) as at, t.kind, t.what, t.state, t.by, t.text, t.sealed,
       t.amount_minor, t.rule, t.is_inbound
     from (${ALL.join(' union all ')}) t (id, at, kind, what, state, by, text, sealed, amount_minor, rule, is_inbound)
     order by t.at desc, t.id desc limit ${TIMELINE_MAX}`,
    [borrowerId, at],
  )
}
