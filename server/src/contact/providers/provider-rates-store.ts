import type { Sql } from '../../platform/db/index.ts'

// What the provider page shows: derived from attempts, nothing is counted twice.

export type ProviderRow = {
  id: string
  name: string
  channel: string
  adapter: string
  is_enabled: boolean
  cost_per_thousand_minor: string | null
  cost_currency: string | null
  stopped_at: string | null
  stopped_by: string | null
  stop_reason: string | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
const PROVIDERS_MAX = 200

export async function listProviders(sql: Sql, name: string | null): Promise<ProviderRow[]> {
  return sql.query(
    `select provider_account_id as id, name, channel, adapter, is_enabled, cost_per_thousand_minor, cost_currency,
       to_char(stopped_at at time zone 'utc', ${UTC}) as stopped_at, stopped_by, stop_reason
     from provider_account where channel <> 'payment' and ($1::text is null or name = $1)
     order by provider_account_id limit ${PROVIDERS_MAX}`,
    [name],
  )
}

export type RateRow = {
  id: string
  sent: number
  failed: number
  unknown: number
  in_flight: number
  delivered: number
  undelivered: number
  parts: number
  cost_minor: number | null
}

/** What went through each account since an instant. */
export async function readRates(
  sql: Sql,
  { ids, since }: { ids: readonly string[]; since: string },
): Promise<RateRow[]> {
  return sql.query(
    `select provider_account_id as id, count(*) filter (where state = 'sent')::integer as sent,
       count(*) filter (where state = 'failed')::integer as failed,
       count(*) filter (where state = 'unknown')::integer as unknown,
       count(*) filter (where state = 'permitted')::integer as in_flight,
       count(*) filter (where state = 'sent' and line = 'delivered')::integer as delivered,
       count(*) filter (where state = 'sent' and line = 'failed')::integer as undelivered,
       coalesce(sum(parts) filter (where state = 'sent'), 0)::integer as parts,
       case when count(*) filter (where state = 'sent' and cost_per_thousand_minor is null) = 0
         then coalesce(ceil(sum(parts * cost_per_thousand_minor) filter (where state = 'sent') / 1000), 0)::integer end
         as cost_minor
     from attempt where provider_account_id = any($1::bigint[]) and permit_id is not null and at >= $2
       and created_on >= $2::date - 2
     group by 1`,
    [ids, since],
  )
}

export type ConnectionRow = {
  id: string
  worker: string
  is_connected: boolean
  state: Record<string, unknown>
  last_error: string | null
  resting_until: string | null
  seen_at: string
}

export async function listConnections(
  sql: Sql,
  { ids, since }: { ids: readonly string[]; since: string },
): Promise<ConnectionRow[]> {
  return sql.query(
    `select provider_account_id as id, worker, is_connected, state, last_error,
       to_char(resting_until at time zone 'utc', ${UTC}) as resting_until, to_char(seen_at at time zone 'utc', ${UTC}) as seen_at
     from provider_health where provider_account_id = any($1::bigint[]) and seen_at >= $2 order by worker`,
    [ids, since],
  )
}

export async function readBacklog(
  sql: Sql,
  at: string,
): Promise<{ channel: string; due: number }[]> {
  return sql.query(
    `select channel, count(*)::integer as due from attempt where state = 'planned' and due_at <= $1 group by channel`,
    [at],
  )
}

const ERRORS_MAX = 10

export async function listErrors(
  sql: Sql,
  { ids, since }: { ids: readonly string[]; since: string },
): Promise<{ id: string; at: string; reason: string }[]> {
  return sql.query(
    `select p.id, to_char(e.at at time zone 'utc', ${UTC}) as at, e.reason from unnest($1::bigint[]) as p(id)
     cross join lateral (select at, reason from attempt where provider_account_id = p.id and permit_id is not null
       and at >= $2 and created_on >= $2::date - 2 and state in ('failed', 'unknown') and reason is not null
       order by at desc limit ${ERRORS_MAX}) e`,
    [ids, since],
  )
}
