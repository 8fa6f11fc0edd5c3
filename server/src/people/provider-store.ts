import type { Sql } from '../platform/db/index.ts'

// The kill switch of accounts. It can only forbid: nothing here makes an account send.

/** Accounts that a person stopped or settings disabled. */
export async function listStopped(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    'select provider_account_id as id from provider_account where stopped_at is not null or not is_enabled',
  )
  return new Set(rows.map(({ id }) => id))
}

/** Stops an account from now on; a stopped one keeps who stopped it first. Its id, or null when there is none. */
export async function stopAccount(
  sql: Sql,
  stop: {
    readonly name: string
    readonly by: string
    readonly reason: string
    readonly at: string
  },
): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `update provider_account set stopped_at = coalesce(stopped_at, $2), stopped_by = coalesce(stopped_by, $3),
       stop_reason = coalesce(stop_reason, $4) where name = $1 and channel <> 'payment'
     returning provider_account_id as id`,
    [stop.name, stop.at, stop.by, stop.reason],
  )
  return row?.id ?? null
}

/** Ends a stop. Its id, or null when there is no such account. */
export async function resumeAccount(sql: Sql, name: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `update provider_account set stopped_at = null, stopped_by = null, stop_reason = null
     where name = $1 and channel <> 'payment' returning provider_account_id as id`,
    [name],
  )
  return row?.id ?? null
}

export type AccountHealth = {
  readonly accountId: string
  readonly isConnected: boolean
  /** What the adapter says of itself: numbers and words, nothing of a person. */
  readonly state: Readonly<Record<string, string | number | boolean | null>>
  readonly lastError: string | null
  readonly restingUntil: string | null
}

/** How a dispatching process sees its accounts now; what processes that ended said is forgotten after a day. */
export async function saveHealth(
  sql: Sql,
  { worker, accounts, at }: { worker: string; accounts: readonly AccountHealth[]; at: string },
): Promise<void> {
  await sql.run(
    `insert into provider_health (provider_account_id, worker, is_connected, state, last_error, resting_until, seen_at)
     select a, $1, c, s, e, r, $2 from unnest($3::bigint[], $4::boolean[], $5::jsonb[], $6::text[], $7::timestamptz[])
       as u(a, c, s, e, r)
     on conflict (provider_account_id, worker) do update set is_connected = excluded.is_connected, state = excluded.state,
       last_error = excluded.last_error, resting_until = excluded.resting_until, seen_at = excluded.seen_at`,
    [
      worker,
      at,
      accounts.map(({ accountId }) => accountId),
      accounts.map(({ isConnected }) => isConnected),
      accounts.map(({ state }) => JSON.stringify(state)),
      accounts.map(({ lastError }) => lastError),
      accounts.map(({ restingUntil }) => restingUntil),
    ],
  )
  await sql.run(`delete from provider_health where seen_at < $1::timestamptz - interval '1 day'`, [
    at,
  ])
}
