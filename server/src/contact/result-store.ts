import type { Tx } from '../platform/db/index.ts'

// SQL of what came of permits: results of sending, receipts, lost workers.

export type ResultRow = {
  readonly permitId: string
  readonly borrowerId: string
  readonly attemptId: string
  /** Local date of the attempt: the month it is partitioned by. */
  readonly createdOn: string
  readonly state: 'sent' | 'failed' | 'unknown'
  readonly providerMessageId: string | null
  readonly line: string | null
  readonly reason: string | null
}

/**
 * Stores results by permit; the permits that they settled. An attempt that recovery called unknown meanwhile
 * is settled by them, one that has its result already is not touched.
 */
export async function updateResults(
  tx: Tx,
  rows: readonly ResultRow[],
  settledAt: string,
): Promise<ReadonlySet<unknown>> {
  if (rows.length === 0) return new Set()
  const settled = await tx.rows(
    `update attempt a set state = u.state, provider_message_id = u.message, line = coalesce(u.line, a.line), reason = u.reason,
       settled_at = $7
     from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $8::bigint[], $9::date[])
       as u(borrower_id, permit_id, state, message, line, reason, attempt_id, created_on)
     where a.borrower_id = u.borrower_id and a.attempt_id = u.attempt_id and a.created_on = u.created_on
       and a.permit_id = u.permit_id and a.state in ('permitted', 'unknown')
     returning a.permit_id`,
    [
      rows.map((row) => row.borrowerId),
      rows.map((row) => row.permitId),
      rows.map((row) => row.state),
      rows.map((row) => row.providerMessageId),
      rows.map((row) => row.line),
      rows.map((row) => row.reason),
      settledAt,
      rows.map((row) => row.attemptId),
      rows.map((row) => row.createdOn),
    ],
  )
  return new Set(settled.map(([permitId]) => permitId))
}

/** A mail that was put off is offered again after so long, the last over and over: greylists want patience. */
const MAIL_WAITS = `array['5 minutes', '15 minutes', '1 hour', '4 hours']::interval[]`

/**
 * Plans attempts anew whose permits provably never left, a little later; only while their day lasts. Mails
 * wait longer each time: the tries before this one stand as rows of the same step.
 */
export async function replanNotSent(
  tx: Tx,
  permits: readonly { permitId: string; borrowerId: string }[],
  { dueAt, at }: { dueAt: string; at: string },
): Promise<number> {
  if (permits.length === 0) return 0
  return tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, party_id, contact_point_id, channel, direction, purpose,
       template, step, state, due_at, debts, actor_kind, actor_id, agency, via)
     select a.borrower_id, a.created_on, a.case_id, a.portfolio_id, a.party_id, a.contact_point_id, a.channel, a.direction, a.purpose,
       a.template, a.step, 'planned', case when a.channel = 'email' then $4::timestamptz + (${MAIL_WAITS})[least(4, (
         select count(*) from attempt x where x.borrower_id = a.borrower_id and x.created_on = a.created_on
           and x.step = a.step and x.contact_point_id = a.contact_point_id and x.channel = a.channel
           and x.reason = 'provider.not_sent'))] else $3::timestamptz end, a.debts, a.actor_kind, a.actor_id, a.agency, a.via
     from unnest($1::bigint[], $2::uuid[]) u(borrower_id, permit_id)
     join attempt a on a.borrower_id = u.borrower_id and a.permit_id = u.permit_id
     where $4::timestamptz < a.created_on + interval '2 days'`,
    [
      permits.map((permit) => permit.borrowerId),
      permits.map((permit) => permit.permitId),
      dueAt,
      at,
    ],
  )
}

export type ReceiptRow = {
  readonly accountId: string
  readonly providerMessageId: string
  readonly line: string
  readonly detail: string
  readonly receivedAt: string
}

/** Keeps receipts, each once. */
export async function insertReceipts(tx: Tx, receipts: readonly ReceiptRow[]): Promise<void> {
  await tx.run(
    `insert into receipt (provider_account_id, provider_message_id, line, detail, received_at)
     select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
     on conflict (provider_account_id, provider_message_id, line) do nothing`,
    [
      receipts.map((receipt) => receipt.accountId),
      receipts.map((receipt) => receipt.providerMessageId),
      receipts.map((receipt) => receipt.line),
      receipts.map((receipt) => receipt.detail),
      receipts.map((receipt) => receipt.receivedAt),
    ],
  )
}

export type Settled = { borrower_id: string; attempt_id: string; line: string }

/**
 * Applies stored receipts to the attempts they are about, also those that came before our own bookkeeping.
 * Delivered stays delivered whatever comes later, and failed is not made unknown.
 */
export async function applyOpenReceipts(
  tx: Tx,
  messageIds: readonly string[],
  at: string,
): Promise<Settled[]> {
  if (messageIds.length === 0) return []
  return tx.query(
    `with open as (
       update receipt r set applied_at = $2 from attempt a
       where r.provider_message_id = any($1::text[]) and r.applied_at is null
         and a.provider_message_id = r.provider_message_id and a.provider_account_id = r.provider_account_id
       returning r.line, a.borrower_id, a.attempt_id, a.created_on),
     last as (select distinct on (borrower_id, attempt_id) * from open
       order by borrower_id, attempt_id, case line when 'delivered' then 0 when 'failed' then 1 else 2 end)
     update attempt a set line = l.line, settled_at = $2 from last l
     where a.borrower_id = l.borrower_id and a.attempt_id = l.attempt_id and a.created_on = l.created_on
       and a.line is distinct from 'delivered' and (l.line <> 'unknown' or a.line is null)
     returning a.borrower_id, a.attempt_id, l.line`,
    [messageIds, at],
  )
}

/** The most receipts that one sweep applies; the next sweep takes the rest. */
const CROSSED_MAX = 1000

/** Messages whose receipts wait although their attempts are known. */
export async function listCrossed(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct r.provider_message_id as id from receipt r
     join attempt a on a.provider_message_id = r.provider_message_id and a.provider_account_id = r.provider_account_id
     where r.applied_at is null limit ${CROSSED_MAX}`,
  )
  return rows.map((row) => row.id)
}

/** Workers that have permits in flight by the table's word. */
export async function listInFlightWorkers(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ worker_id: string }>(
    `select distinct worker_id from attempt where state = 'permitted' and worker_id is not null`,
  )
  return rows.map((row) => row.worker_id)
}

/** The permits of a worker that is gone end as unknown: they count, and are never sent again. */
export async function markLost(
  tx: Tx,
  workerId: string,
  at: string,
): Promise<{ borrower_id: string; attempt_id: string }[]> {
  return tx.query(
    `update attempt set state = 'unknown', line = 'unknown', settled_at = $2, reason = 'worker.lost'
     where worker_id = $1 and state = 'permitted' returning borrower_id, attempt_id`,
    [workerId, at],
  )
}

export async function insertWorker(tx: Tx, at: string): Promise<string> {
  const [row] = await tx.query<{ worker_id: string }>(
    `insert into worker (roles, started_at) values ('{dispatch}', $1) returning worker_id`,
    [at],
  )
  if (row === undefined) throw new Error('no worker was registered')
  return row.worker_id
}

export async function endWorker(tx: Tx, workerId: string, at: string): Promise<void> {
  await tx.run('update worker set ended_at = $2 where worker_id = $1', [workerId, at])
}

/** Takes the lock that a living worker holds; false when it lives. */
export async function tryWorkerLock(tx: Tx, workerId: string): Promise<boolean> {
  const [row] = await tx.query<{ got: boolean }>(
    'select pg_try_advisory_lock($1, $2::integer) as got',
    [WORKER_LOCKS, workerId],
  )
  return row?.got === true
}

export async function releaseWorkerLock(tx: Tx, workerId: string): Promise<void> {
  await tx.run('select pg_advisory_unlock($1, $2::integer)', [WORKER_LOCKS, workerId])
}

/** The first key of the advisory locks that living workers hold. */
const WORKER_LOCKS = 1

export async function cancelPlannedOf(
  tx: Tx,
  cases: readonly { borrowerId: string; caseId: string }[],
): Promise<{ borrowerId: string; attemptId: string; caseId: string }[]> {
  return tx.query(
    `update attempt a set state = 'cancelled', reason = 'case.closed' from (
       select x.borrower_id, x.attempt_id, x.created_on from unnest($1::bigint[], $2::bigint[]) c(borrower_id, case_id)
       join attempt x on x.borrower_id = c.borrower_id and x.case_id = c.case_id and x.state = 'planned'
       for update of x skip locked) p
     where a.borrower_id = p.borrower_id and a.attempt_id = p.attempt_id and a.created_on = p.created_on
     returning a.borrower_id as "borrowerId", a.attempt_id as "attemptId", a.case_id as "caseId"`,
    [cases.map((each) => each.borrowerId), cases.map((each) => each.caseId)],
  )
}
