import { copyLine, type Tx } from '../platform/db/index.ts'

// SQL of a dispatch batch: one claim, one lock, one read, one write. See README for the order of locks.

export type ClaimedRow = { borrower_id: string; attempt_id: string; created_on: string }

/** Claims due attempts of a channel but those of some templates; those of other dispatchers are stepped over. */
export async function claimDue(
  tx: Tx,
  claim: {
    readonly channel: string
    readonly at: string
    readonly limit: number
    readonly notTemplates: readonly string[]
  },
): Promise<ClaimedRow[]> {
  return tx.query(
    `select borrower_id, attempt_id, created_on from attempt
     where state = 'planned' and due_at <= $1 and channel = $2 and (template is null or template <> all($4::text[]))
     order by due_at limit $3 for update skip locked`,
    [claim.at, claim.channel, claim.limit, claim.notTemplates],
  )
}

/** Everything a decision needs about one attempt, as text where the gate wants text. */
export type FactRow = {
  borrower_id: string
  attempt_id: string
  created_on: string
  decision_id: string
  case_id: string | null
  template: string | null
  case_state: string | null
  stage: string | null
  arrears_minor: string | null
  next_due_minor: string | null
  next_due_days: number | null
  ages_from_days: number | null
  held_dpd: number | null
  currency: string
  lender: string
  packs: string[]
  overlay: string | null
  collector_role: string
  holidays: string | null
  contact_line: string
  complaint_line: string
  country: string
  zones: string[]
  language: string
  status: 'alive' | 'deceased'
  capacity: 'full' | 'limited' | 'none'
  is_demo: boolean
  key_salt: Buffer | null
  point_id: string | null
  point_sealed: Buffer | null
  point_kind: string | null
  point_health: string | null
  point_source: string | null
  point_work: boolean | null
  point_zones: string[] | null
  party_id: string | null
  party_relation: string | null
  asked_minor: string | null
  asked_days: number | null
  trigger_ref: string | null
  sealed_facts: Buffer | null
  debts: string[] | null
  via: string | null
  /** Of a WeCom point: how it is reached, and the agent whose member it is. */
  point_via: 'mass' | 'kf' | null
  member_agent: string | null
  member_certified_until: string | null
  member_trained_on: string | null
  history: string | null
  direction: string
  sealed_reply: Buffer | null
  /** Of an answer: the agent who wrote it. */
  reply_agent: string | null
  reply_certified_until: string | null
  reply_trained_on: string | null
}

/**
 * Past contacts of a borrower as one text: `at|channel|direction|party|point|line|effective|actor|agency|agent|via`,
 * joined by newlines. One value a borrower instead of a row a contact.
 */
const HISTORY = `
  select string_agg(concat_ws('|', h.at, h.channel, h.direction,
    coalesce(h.party_id::text, ''), coalesce(h.contact_point_id::text, ''), coalesce(h.line, ''),
    case when h.is_effective then '1' else '' end, h.actor_kind, coalesce(h.agency, ''),
    coalesce(h.actor_id, ''), coalesce(h.via, '')), E'\\n' order by h.at)
  from attempt h
  where h.borrower_id = a.borrower_id and h.at is not null and h.at >= $4 and h.created_on >= $4::date - 2
    and h.state not in ('planned', 'cancelled', 'refused')`

export async function readFacts(
  tx: Tx,
  claimed: readonly ClaimedRow[],
  { historyFrom }: { historyFrom: string },
): Promise<FactRow[]> {
  return tx.query(
    `select a.borrower_id, a.attempt_id, a.created_on, nextval('decision_decision_id_seq') as decision_id,
       a.case_id, a.template, c.state as case_state, c.noted_stage as stage, c.arrears_minor, c.next_due_minor,
       c.next_due_on - date '1970-01-01' as next_due_days, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd,
       p.currency, p.lender, p.packs, p.overlay, p.collector_role, p.holidays, p.contact_line, p.complaint_line,
       b.country, b.zones, b.language, b.status, b.capacity, b.is_demo, b.key_salt,
       cp.contact_point_id as point_id, cp.sealed as point_sealed, cp.kind as point_kind, cp.health as point_health,
       cp.source as point_source, cp.is_work as point_work, cp.zones as point_zones, cp.party_id, pa.relation as party_relation,
       c.asked_minor, c.asked_on - date '1970-01-01' as asked_days, a.trigger_ref, a.sealed_facts,
       a.via, wc.via as point_via, wc.agent_id::text as member_agent, ag.certified_until_on::text as member_certified_until,
       ag.trained_on::text as member_trained_on,
       (select array_agg(l.loan_id::text order by l.loan_id) from loan l where l.borrower_id = a.borrower_id
         and l.currency = p.currency and l.outstanding_minor > 0) as debts,
       (${HISTORY}) as history, a.direction, a.sealed_reply, ra.agent_id::text as reply_agent,
       ra.certified_until_on::text as reply_certified_until, ra.trained_on::text as reply_trained_on
     from unnest($1::bigint[], $2::bigint[], $3::date[]) k(borrower_id, attempt_id, created_on)
     join lateral (select * from attempt x where x.borrower_id = k.borrower_id and x.attempt_id = k.attempt_id
       and x.created_on = k.created_on limit 1) a on true
     join borrower b on b.borrower_id = a.borrower_id join portfolio p on p.portfolio_id = a.portfolio_id
     left join collection_case c on c.borrower_id = a.borrower_id and c.case_id = a.case_id
     left join contact_point cp on cp.borrower_id = a.borrower_id and cp.contact_point_id = a.contact_point_id
     left join party pa on pa.borrower_id = cp.borrower_id and pa.party_id = cp.party_id
     left join wecom_contact wc on a.channel = 'wecom' and wc.borrower_id = a.borrower_id and wc.contact_point_id = a.contact_point_id
     left join agent ag on ag.agent_id = wc.agent_id
     left join agent ra on a.direction = 'reply' and ra.agent_id::text = a.actor_id
     order by a.borrower_id, a.attempt_id`,
    [
      claimed.map((row) => row.borrower_id),
      claimed.map((row) => row.attempt_id),
      claimed.map((row) => row.created_on),
      historyFrom,
    ],
  )
}

export type HoldFact = {
  borrower_id: string
  kind: string
  party_id: string | null
  channel: string | null
  contact_point_id: string | null
  debts: string[] | null
  hours: string[] | null
  days: string[] | null
  place: string | null
  from_at: string
  to_at: string | null
}
export type ConsentFact = {
  borrower_id: string
  party_id: string | null
  kind: string
  channel: string | null
  from_at: string | null
  to_at: string | null
  given_to: string | null
  hours: string[] | null
  is_tainted: boolean
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/**
 * Holds that are open or will be; ended ones no longer matter. One that was in force where it was recorded
 * is in force here, even when the clock of the machine that recorded it is ahead of ours.
 */
export async function readHolds(
  tx: Tx,
  borrowerIds: readonly string[],
  at: string,
): Promise<HoldFact[]> {
  return tx.query(
    `select borrower_id, kind, party_id, channel, contact_point_id, debts::text[], hours, days, place,
       to_char((case when from_at <= recorded_at then least(from_at, $2::timestamptz) else from_at end)
         at time zone 'utc', ${UTC}) as from_at, to_char(to_at at time zone 'utc', ${UTC}) as to_at
     from hold where borrower_id = any($1::bigint[]) and (to_at is null or to_at > $2) order by hold_id`,
    [borrowerIds, at],
  )
}

export async function readConsents(tx: Tx, borrowerIds: readonly string[]): Promise<ConsentFact[]> {
  return tx.query(
    `select borrower_id, party_id, kind, channel, to_char(from_at at time zone 'utc', ${UTC}) as from_at,
       to_char(to_at at time zone 'utc', ${UTC}) as to_at, given_to, hours, is_tainted
     from consent where borrower_id = any($1::bigint[]) order by consent_id`,
    [borrowerIds],
  )
}

export function nameKey(borrowerId: string, partyId: string | null): string {
  return `${borrowerId} ${partyId ?? ''}`
}

/** Names of borrowers and of the people around them, sealed, for what must name its receiver. */
export async function readNames(
  tx: Tx,
  borrowerIds: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await tx.query<{ borrower_id: string; party_id: string | null; sealed: Buffer }>(
    `select borrower_id, null::bigint as party_id, sealed from borrower where borrower_id = any($1)
     union all select borrower_id, party_id, sealed from party where borrower_id = any($1)`,
    [borrowerIds],
  )
  return new Map(rows.map((row) => [nameKey(row.borrower_id, row.party_id), row.sealed]))
}

export type DecisionRow = {
  readonly borrowerId: string
  readonly decisionId: string
  readonly attemptId: string
  readonly caseId: string | null
  readonly verdict: string
  readonly rules: readonly string[]
  readonly untilAt: string | null
  readonly policyHash: string
  readonly leaf: string
  readonly payload: Buffer
}

/** Writes the decisions of a batch and their sealed payloads. */
export async function insertDecisions(
  tx: Tx,
  rows: readonly DecisionRow[],
  { batchId, decidedAt, decidedOn }: { batchId: string; decidedAt: string; decidedOn: string },
): Promise<void> {
  await tx.copyIn(
    `copy decision (borrower_id, decision_id, decided_on, attempt_id, case_id, verdict, rules, until_at, decided_at,
       policy_hash, evidence_batch_id, leaf_index, leaf) from stdin`,
    rows.map((row, index) =>
      copyLine([
        row.borrowerId,
        row.decisionId,
        decidedOn,
        row.attemptId,
        row.caseId,
        row.verdict,
        `{${row.rules.join(',')}}`,
        row.untilAt,
        decidedAt,
        row.policyHash,
        batchId,
        index,
        row.leaf,
      ]),
    ),
  )
  await tx.copyIn(
    'copy decision_payload (borrower_id, decision_id, decided_on, sealed) from stdin',
    rows.map((row) => copyLine([row.borrowerId, row.decisionId, decidedOn, row.payload])),
  )
}

export type AttemptUpdate = ClaimedRow & {
  readonly state: 'planned' | 'permitted' | 'refused' | 'cancelled'
  readonly at: string | null
  readonly dueAt: string | null
  readonly permitId: string | null
  readonly decisionId: string | null
  readonly reason: string | null
  readonly via: string | null
  readonly actorKind: 'agent' | 'robot' | null
  readonly actorId: string | null
  readonly parts: number | null
}

/** Through which account attempts go, and at what rate; null when nobody said what it costs. */
export type UpdateAccount = {
  readonly workerId: string
  readonly accountId: string
  readonly cost: { readonly perThousandMinor: bigint; readonly currency: string } | null
}

/** Moves the attempts of a batch to what was decided on them. */
export async function updateDecided(
  tx: Tx,
  rows: readonly AttemptUpdate[],
  { workerId, accountId, cost }: UpdateAccount,
): Promise<void> {
  await tx.run(
    `update attempt a set parts = u.parts,
       cost_per_thousand_minor = case when u.parts is null then null else $16::bigint end,
       cost_currency = case when u.parts is null then null else $17 end, state = u.state, at = u.at, due_at = coalesce(u.due_at, a.due_at), permit_id = u.permit_id,
       decision_id = u.decision_id, reason = u.reason, worker_id = case when u.permit_id is null then null else $10::bigint end,
       provider_account_id = $11::bigint, via = coalesce(u.via, a.via), actor_kind = coalesce(u.actor_kind, a.actor_kind),
       actor_id = coalesce(u.actor_id, a.actor_id)
     from unnest($1::bigint[], $2::bigint[], $3::date[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::uuid[],
       $8::bigint[], $9::text[], $12::text[], $13::text[], $14::text[], $15::integer[]) as u(borrower_id, attempt_id, created_on,
       state, at, due_at, permit_id, decision_id, reason, via, actor_kind, actor_id, parts)
     where a.borrower_id = u.borrower_id and a.attempt_id = u.attempt_id and a.created_on = u.created_on`,
    [
      rows.map((row) => row.borrower_id),
      rows.map((row) => row.attempt_id),
      rows.map((row) => row.created_on),
      rows.map((row) => row.state),
      rows.map((row) => row.at),
      rows.map((row) => row.dueAt),
      rows.map((row) => row.permitId),
      rows.map((row) => row.decisionId),
      rows.map((row) => row.reason),
      workerId,
      accountId,
      rows.map((row) => row.via),
      rows.map((row) => row.actorKind),
      rows.map((row) => row.actorId),
      rows.map((row) => row.parts),
      cost?.perThousandMinor ?? null,
      cost?.currency ?? null,
    ],
  )
}

/** Keeps the packs of a policy whole, so that its decisions can be made again. */
export async function savePolicyVersion(
  tx: Tx,
  version: { hash: string; packs: readonly string[]; document: string; at: string },
): Promise<void> {
  await tx.run(
    `insert into policy_version (policy_hash, packs, document, first_used_at) values ($1, $2, $3, $4)
     on conflict (policy_hash) do nothing`,
    [version.hash, version.packs, version.document, version.at],
  )
}
