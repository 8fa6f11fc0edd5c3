import type { Sql, Tx } from '../platform/db/index.ts'
import type { ClaimedRow } from './dispatch-store.ts'

// SQL of contacts that somebody asks for, of questions about them, and of what came of them.

export type CasePoint = {
  borrowerId: string
  portfolioId: string
  caseState: string
  contactPointId: string
  kind: string
  health: string
  masked: string
  /** Null: the borrower's own. */
  partyId: string | null
  relation: string
  packs: string[]
  overlay: string | null
}

/** Every contact point around a case, the borrower's own first. */
export async function listCasePoints(sql: Sql, caseId: string): Promise<CasePoint[]> {
  return sql.query(
    `select c.borrower_id as "borrowerId", c.portfolio_id as "portfolioId", c.state as "caseState",
       cp.contact_point_id as "contactPointId", cp.kind, cp.health, cp.masked, cp.party_id as "partyId",
       coalesce(pa.relation, 'borrower') as relation, p.packs, p.overlay
     from collection_case c join portfolio p using (portfolio_id) join contact_point cp on cp.borrower_id = c.borrower_id
     left join party pa on pa.borrower_id = cp.borrower_id and pa.party_id = cp.party_id
     where c.case_id = $1 order by cp.party_id nulls first, cp.contact_point_id`,
    [caseId],
  )
}

/** The case's borrower and state; null when there is no such case. */
export async function findCaseState(
  sql: Sql,
  caseId: string,
): Promise<{ borrowerId: string; state: string } | null> {
  const [row] = await sql.query<{ borrowerId: string; state: string }>(
    'select borrower_id as "borrowerId", state from collection_case where case_id = $1',
    [caseId],
  )
  return row ?? null
}

/** The template that each channel of a case was last planned with. */
export async function listLastTemplates(
  sql: Sql,
  { borrowerId, caseId }: { borrowerId: string; caseId: string },
): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ channel: string; template: string }>(
    `select distinct on (channel) channel, template from attempt
     where borrower_id = $1 and case_id = $2 and template is not null and direction = 'outbound' and trigger_ref is null
     order by channel, attempt_id desc`,
    [borrowerId, caseId],
  )
  return new Map(rows.map((row) => [row.channel, row.template]))
}

export type AskedAttempt = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly contactPointId: string
  readonly partyId: string | null
  readonly channel: string
  readonly purpose: string
  readonly template: string
  /** Why it is planned: the step's place. */
  readonly step: string
  readonly at: string
  /** An agent's answer to what the person wrote; null for a contact of our own. */
  readonly reply: { readonly agentId: string; readonly sealed: Uint8Array } | null
  /** Of a service message: the record that it answers, and what it says beside, sealed. */
  readonly service?: { readonly trigger: string; readonly sealedFacts: Buffer } | undefined
}

/** Plans a contact that is due now. */
export async function insertAsked(tx: Tx, asked: AskedAttempt): Promise<ClaimedRow> {
  const [row] = await tx.query<ClaimedRow>(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, party_id, contact_point_id, channel,
       purpose, template, step, state, due_at, direction, actor_kind, actor_id, sealed_reply, trigger_ref, sealed_facts)
     values ($1, $10::timestamptz::date, $2, $3, $4, $5, $6, $7, $8, $9, 'planned', $10,
       case when $11::text is null then 'outbound' else 'reply' end, case when $11::text is null then 'robot' else 'agent' end,
       $11, $12, $13, $14)
     returning borrower_id, attempt_id, created_on`,
    [
      asked.borrowerId,
      asked.caseId,
      asked.portfolioId,
      asked.partyId,
      asked.contactPointId,
      asked.channel,
      asked.purpose,
      asked.template,
      asked.step,
      asked.at,
      asked.reply?.agentId ?? null,
      asked.reply?.sealed ?? null,
      asked.service?.trigger ?? null,
      asked.service?.sealedFacts ?? null,
    ],
  )
  if (row === undefined) throw new Error('no attempt was planned')
  return row
}

export type TriedContact = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly channel: string
  readonly template: string
  readonly at: string
}

/**
 * Plans contacts at the borrower's best point of each channel, as the cycle does; `place` is a contact's place
 * in the list, and those without a point are missing. The caller rolls back.
 */
export async function insertTried(
  tx: Tx,
  contacts: readonly TriedContact[],
): Promise<(ClaimedRow & { place: number; contactPointId: string })[]> {
  const rows = await tx.query<ClaimedRow & { step: string; contact_point_id: string }>(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, step, state, due_at, actor_kind)
     select u.borrower_id, u.at::date, u.case_id, u.portfolio_id, p.contact_point_id, u.channel, 'outbound', 'collect',
       u.template, (u.place - 1)::text, 'planned', u.at, 'robot'
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
       with ordinality as u(borrower_id, case_id, portfolio_id, channel, template, at, place)
     join lateral (select contact_point_id from contact_point cp
       where cp.borrower_id = u.borrower_id and cp.party_id is null
         and cp.kind = case u.channel when 'sms' then 'phone' when 'robot-call' then 'phone' when 'letter' then 'address' else u.channel end and cp.health in ('ok', 'suspect')
       order by cp.health, cp.is_work, cp.contact_point_id desc limit 1) p on true
     returning borrower_id, attempt_id, created_on, step, contact_point_id`,
    [
      contacts.map((contact) => contact.borrowerId),
      contacts.map((contact) => contact.caseId),
      contacts.map((contact) => contact.portfolioId),
      contacts.map((contact) => contact.channel),
      contacts.map((contact) => contact.template),
      contacts.map((contact) => contact.at),
    ],
  )
  return rows.map(({ step, contact_point_id: contactPointId, ...row }) => ({
    ...row,
    place: Number(step),
    contactPointId,
  }))
}

/** The months that a contact of this day and its decision are kept in. */
export async function ensureContactMonths(tx: Tx, at: string): Promise<void> {
  for (const table of ['attempt', 'decision', 'decision_payload']) {
    await tx.run(
      'select ensure_month_partitions($1::regclass, $2::timestamptz::date - 1, $2::timestamptz::date + 1)',
      [table, at],
    )
  }
}

export type AttemptRow = {
  borrowerId: string
  attemptId: string
  createdOn: string
  caseId: string | null
  contactPointId: string | null
  zone: string
  channel: string
  direction: string
  state: string
  line: string | null
  dueAt: string | null
  at: string | null
  reason: string | null
  decisionId: string | null
  verdict: 'permit' | 'defer' | 'refuse' | null
  rules: string[] | null
  until: string | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

/** One attempt with the gate's last word on it; null when there is none. */
export async function findAttempt(
  sql: Sql,
  { borrowerId, attemptId }: { borrowerId: string; attemptId: string },
): Promise<AttemptRow | null> {
  const [row] = await sql.query<AttemptRow>(
    `select a.borrower_id as "borrowerId", a.attempt_id as "attemptId", a.created_on as "createdOn", a.case_id as "caseId",
       a.contact_point_id as "contactPointId", p.zones[1] as zone, a.channel, a.direction, a.state, a.line,
       to_char(a.due_at at time zone 'utc', ${UTC}) as "dueAt", to_char(a.at at time zone 'utc', ${UTC}) as at, a.reason,
       d.decision_id as "decisionId", d.verdict, d.rules, to_char(d.until_at at time zone 'utc', ${UTC}) as until
     from attempt a join portfolio p using (portfolio_id)
     left join decision d on d.borrower_id = a.borrower_id and d.decision_id = a.decision_id
     where a.borrower_id = $1 and a.attempt_id = $2`,
    [borrowerId, attemptId],
  )
  return row ?? null
}

export type OutcomeRow = {
  readonly line: string
  readonly party: string | null
  readonly talk: string | null
  readonly delayReason: string | null
  readonly said?: readonly string[]
  readonly by: string
  readonly at: string
  readonly isEffective: boolean
}

/**
 * Keeps an outcome and what it says of the attempt. A line that a provider reported stays, and a talk that
 * took place stays one: what counts in the caps is never taken back by hand.
 */
export async function insertOutcome(
  tx: Tx,
  { borrowerId, attemptId, createdOn }: AttemptRow,
  outcome: OutcomeRow,
): Promise<string> {
  const [row] = await tx.query<{ outcome_id: string }>(
    `insert into outcome (borrower_id, attempt_id, line_outcome, party_outcome, talk_outcome, delay_reason, recorded_by, recorded_at,
       said)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning outcome_id`,
    [
      borrowerId,
      attemptId,
      outcome.line,
      outcome.party,
      outcome.talk,
      outcome.delayReason,
      outcome.by,
      outcome.at,
      outcome.said ?? [],
    ],
  )
  await tx.run(
    `update attempt set line = case when line is null or line = 'unknown' then $4 else line end,
       is_effective = is_effective or $5
     where borrower_id = $1 and attempt_id = $2 and created_on = $3`,
    [borrowerId, attemptId, createdOn, outcome.line, outcome.isEffective],
  )
  if (row === undefined) throw new Error('no outcome was recorded')
  return row.outcome_id
}

/** False when the point has that health, or a graver one, already. */
export async function updateHealth(
  tx: Tx,
  point: { borrowerId: string; contactPointId: string; health: 'dead' | 'wrong-person' },
): Promise<boolean> {
  const changed = await tx.run(
    `update contact_point set health = $3
     where borrower_id = $1 and contact_point_id = $2 and health <> $3
       and ($3 <> 'dead' or health in ('ok', 'suspect'))`,
    [point.borrowerId, point.contactPointId, point.health],
  )
  return changed > 0
}
