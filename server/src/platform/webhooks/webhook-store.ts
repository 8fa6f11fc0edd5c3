import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../db/index.ts'

// SQL of webhook endpoints and deliveries.

export type Endpoint = {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly sealedSecret: Buffer
  readonly failingSinceMs: number | null
}

/** Endpoints that are sent to. */
export async function listOpenEndpoints(sql: Sql): Promise<Endpoint[]> {
  const rows = await sql.query<{
    id: string
    name: string
    url: string
    sealed_secret: Buffer
    failing_ms: string | null
  }>(
    `select webhook_endpoint_id as id, name, url, sealed_secret,
       (extract(epoch from failing_since_at) * 1000)::bigint as failing_ms
     from webhook_endpoint where is_enabled and disabled_at is null order by webhook_endpoint_id`,
  )
  return rows.map(({ sealed_secret, failing_ms, ...row }) => ({
    ...row,
    sealedSecret: sealed_secret,
    failingSinceMs: failing_ms === null ? null : Number(failing_ms),
  }))
}

/** Another fan-out at the same time could put a borrower's later event before its earlier one. */
const FAN_OUT_LOCK = 4_707_008
const MATCHES = `(e.events @> '{*}' or o.event = any(e.events) or split_part(o.event, '.', 1) || '.*' = any(e.events))`

/** Puts new events on their way to the endpoints that want them; how many events were looked at. */
export async function fanOut(
  tx: Tx,
  { limit, at }: { limit: number; at: Instant },
): Promise<number> {
  const [locked] = await tx.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [
    FAN_OUT_LOCK,
  ])
  if (locked?.got !== true) return 0
  const [looked] = await tx.query<{ count: string }>(
    `with due as (
       select outbox_id, borrower_id, event from outbox
       where published_at is null and outbox_id > (select min(begins_after_id) from webhook_endpoint
         where is_enabled and disabled_at is null)
       order by outbox_id limit $1),
     marked as (update outbox o set published_at = $2 from due where o.outbox_id = due.outbox_id),
     queued as (insert into webhook_delivery (borrower_id, outbox_id, webhook_endpoint_id, due_at)
       select coalesce(o.borrower_id, 0), o.outbox_id, e.webhook_endpoint_id, $2
       from due o join webhook_endpoint e on e.begins_after_id < o.outbox_id and e.is_enabled and e.disabled_at is null
         and ${MATCHES}
       on conflict do nothing)
     select count(*) from due`,
    [limit, formatInstant(at)],
  )
  return Number(looked?.count ?? 0)
}

export type Delivery = {
  readonly borrowerId: string
  readonly outboxId: string
  readonly tries: number
  readonly event: string
  readonly payload: Record<string, unknown>
  readonly recordedAt: string
}

/**
 * Takes deliveries that are due, of each borrower the oldest that waits, and keeps others from them until the
 * lease ends. A sender that dies lets go of them by that.
 */
export async function claimDeliveries(
  tx: Tx,
  asked: { endpointId: string; at: Instant; leaseUntil: Instant; limit: number },
): Promise<Delivery[]> {
  const rows = await tx.query<Delivery>(
    `with due as (
       select d.borrower_id, d.outbox_id from webhook_delivery d
       where d.webhook_endpoint_id = $1 and d.state = 'waiting' and d.due_at <= $2
         and not exists (select 1 from webhook_delivery w where w.webhook_endpoint_id = $1 and w.state = 'waiting'
           and w.borrower_id = d.borrower_id and w.outbox_id < d.outbox_id)
       order by d.due_at, d.outbox_id limit $4 for update of d skip locked),
     taken as (
       update webhook_delivery d set due_at = $3, attempts = attempts + 1 from due
       where d.webhook_endpoint_id = $1 and d.borrower_id = due.borrower_id and d.outbox_id = due.outbox_id
       returning d.borrower_id, d.outbox_id, d.attempts)
     select t.borrower_id as "borrowerId", t.outbox_id as "outboxId", t.attempts as tries, o.event, o.payload,
       to_char(o.recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "recordedAt"
     from taken t join outbox o using (outbox_id) order by t.outbox_id`,
    [asked.endpointId, formatInstant(asked.at), formatInstant(asked.leaseUntil), asked.limit],
  )
  return rows
}

export type Settled = {
  readonly delivery: Delivery
  readonly state: 'waiting' | 'delivered' | 'given-up'
  readonly dueAt: Instant
  readonly status: number | null
  readonly error: string | null
}

/** Writes what became of deliveries; one that somebody else took up again meanwhile is left as it is. */
export async function settleDeliveries(
  tx: Tx,
  endpointId: string,
  { settled, at }: { settled: readonly Settled[]; at: Instant },
): Promise<void> {
  await tx.run(
    `update webhook_delivery d set state = s.state, due_at = s.due_at, last_status = s.status, last_error = s.error,
       settled_at = case when s.state = 'waiting' then null else $8::timestamptz end
     from unnest($2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::timestamptz[], $7::integer[], $9::text[])
       as s(borrower_id, outbox_id, tries, state, due_at, status, error)
     where d.webhook_endpoint_id = $1 and d.borrower_id = s.borrower_id and d.outbox_id = s.outbox_id
       and d.state = 'waiting' and d.attempts = s.tries`,
    [
      endpointId,
      settled.map(({ delivery }) => delivery.borrowerId),
      settled.map(({ delivery }) => delivery.outboxId),
      settled.map(({ delivery }) => delivery.tries),
      settled.map(({ state }) => state),
      settled.map(({ dueAt }) => formatInstant(dueAt)),
      settled.map(({ status }) => status),
      formatInstant(at),
      settled.map(({ error }) => error),
    ],
  )
}

/** Notes that an endpoint works, or since when it has not. */
export async function noteHealth(
  tx: Tx,
  endpointId: string,
  { works, at }: { works: boolean; at: Instant },
): Promise<void> {
  await tx.run(
    `update webhook_endpoint set failing_since_at = case when $2 then null else coalesce(failing_since_at, $3) end
     where webhook_endpoint_id = $1 and (failing_since_at is not null) = $2`,
    [endpointId, works, formatInstant(at)],
  )
}

/** False when it was disabled already. */
export async function disableEndpoint(
  tx: Tx,
  endpointId: string,
  { reason, at }: { reason: string; at: Instant },
): Promise<boolean> {
  const changed = await tx.run(
    `update webhook_endpoint set disabled_at = $2, disabled_reason = $3
     where webhook_endpoint_id = $1 and disabled_at is null`,
    [endpointId, formatInstant(at), reason],
  )
  return changed > 0
}

/** Puts the events of a period on their way again, in their order; null when there is no such endpoint. */
export async function requeue(
  tx: Tx,
  asked: { name: string; from: Instant; until: Instant },
): Promise<number | null> {
  const [endpoint] = await tx.query<{ id: string }>(
    'select webhook_endpoint_id as id from webhook_endpoint where name = $1',
    [asked.name],
  )
  if (endpoint === undefined) return null
  return tx.run(
    `insert into webhook_delivery (borrower_id, outbox_id, webhook_endpoint_id, due_at)
     select coalesce(o.borrower_id, 0), o.outbox_id, e.webhook_endpoint_id, timestamptz 'epoch'
     from outbox o join webhook_endpoint e on e.webhook_endpoint_id = $1 and ${MATCHES}
     where o.recorded_at >= $2 and o.recorded_at <= $3
     on conflict (borrower_id, outbox_id, webhook_endpoint_id) do update
       set state = 'waiting', attempts = 0, due_at = excluded.due_at, settled_at = null`,
    [endpoint.id, formatInstant(asked.from), formatInstant(asked.until)],
  )
}

export type EndpointState = {
  readonly name: string
  readonly url: string
  readonly events: string[]
  readonly isEnabled: boolean
  readonly disabledReason: string | null
  readonly failingSince: string | null
  readonly waiting: number
  readonly givenUp: number
  readonly lastError: string | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

export async function listEndpointStates(sql: Sql): Promise<EndpointState[]> {
  return sql.query(
    `select e.name, e.url, e.events, e.is_enabled and e.disabled_at is null as "isEnabled",
       e.disabled_reason as "disabledReason", to_char(e.failing_since_at at time zone 'utc', ${UTC}) as "failingSince",
       (select count(*)::integer from webhook_delivery d where d.webhook_endpoint_id = e.webhook_endpoint_id
         and d.state = 'waiting') as waiting,
       (select count(*)::integer from webhook_delivery d where d.webhook_endpoint_id = e.webhook_endpoint_id
         and d.state = 'given-up') as "givenUp",
       (select d.last_error from webhook_delivery d where d.webhook_endpoint_id = e.webhook_endpoint_id
         and d.state = 'waiting' and d.last_error is not null limit 1) as "lastError"
     from webhook_endpoint e order by e.name`,
  )
}

/** What was settled before an instant is forgotten; how many. */
export async function forgetSettled(db: Database, before: Instant): Promise<number> {
  return db.run('delete from webhook_delivery where settled_at < $1', [formatInstant(before)])
}

/** Whether an endpoint of the name is there. */
export async function hasEndpoint(tx: Tx, name: string): Promise<boolean> {
  const found = await tx.query('select 1 from webhook_endpoint where name = $1', [name])
  return found.length > 0
}

/** Brings an endpoint to what the settings say; null as the secret keeps the one it has. */
export async function upsertEndpoint(
  tx: Tx,
  given: {
    name: string
    url: string
    events: readonly string[]
    enabled: boolean
    sealedSecret: Buffer | null
  },
): Promise<void> {
  await tx.run(
    `insert into webhook_endpoint (name, url, events, is_enabled, sealed_secret, begins_after_id)
     values ($1, $2, $3, $4, coalesce($5, ''::bytea), (select coalesce(max(outbox_id), 0) from outbox))
     on conflict (name) do update set url = excluded.url, events = excluded.events, is_enabled = excluded.is_enabled,
       sealed_secret = coalesce($5, webhook_endpoint.sealed_secret),
       disabled_at = case when excluded.is_enabled then null else webhook_endpoint.disabled_at end,
       disabled_reason = case when excluded.is_enabled then null else webhook_endpoint.disabled_reason end,
       failing_since_at = case when excluded.is_enabled then null else webhook_endpoint.failing_since_at end`,
    [given.name, given.url, [...given.events], given.enabled, given.sealedSecret],
  )
}
