import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'

/** `people` needs no call to a platform and is worked off apart, so that nothing slow stands before it. */
export type CallbackLane = 'people' | 'service' | 'sms'

/** Stores callbacks once each; one that is there already is left as it is. */
export async function insertCallbacks(
  db: Database,
  rows: readonly {
    readonly accountId: string
    readonly dedupeKey: Uint8Array
    readonly lane: CallbackLane
    readonly sealed: Uint8Array
    readonly at: Instant
  }[],
): Promise<void> {
  await db.run(
    `insert into provider_callback (provider_account_id, dedupe_key, lane, sealed, received_at, due_at)
     select a, k, l, s, t, t from unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::timestamptz[]) as u(a, k, l, s, t)
     on conflict (provider_account_id, dedupe_key) do nothing`,
    [
      rows.map((row) => row.accountId),
      rows.map((row) => row.dedupeKey),
      rows.map((row) => row.lane),
      rows.map((row) => row.sealed),
      rows.map((row) => formatInstant(row.at)),
    ],
  )
}

export type DueCallback = {
  readonly callbackId: string
  readonly sealed: Buffer
  readonly receivedAt: string
  readonly tries: number
}

/** Claims callbacks that are due until `leaseUntil`; whoever dies with them leaves them due again then. */
export async function claimCallbacks(
  db: Database,
  claim: {
    readonly accountId: string
    readonly at: Instant
    readonly lane: CallbackLane
    readonly leaseUntil: Instant
    readonly limit: number
  },
): Promise<readonly DueCallback[]> {
  const rows = await db.query<{
    provider_callback_id: string
    sealed: Buffer
    received_at: string
    tries: number
  }>(
    `update provider_callback c set due_at = $3, tries = c.tries + 1 from (
       select provider_callback_id from provider_callback
       where provider_account_id = $1 and lane = $5 and processed_at is null and due_at <= $2
       order by due_at, provider_callback_id limit $4 for update skip locked) d
     where c.provider_callback_id = d.provider_callback_id
     returning c.provider_callback_id, c.sealed,
       to_char(c.received_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as received_at, c.tries`,
    [
      claim.accountId,
      formatInstant(claim.at),
      formatInstant(claim.leaseUntil),
      claim.limit,
      claim.lane,
    ],
  )
  return rows
    .map((row) => ({
      callbackId: row.provider_callback_id,
      sealed: row.sealed,
      receivedAt: row.received_at,
      tries: row.tries,
    }))
    .sort((one, two) => Number(BigInt(one.callbackId) - BigInt(two.callbackId)))
}

export async function endCallback(
  db: Database,
  callbackId: string,
  done: { readonly at: Instant; readonly error: string | null },
): Promise<void> {
  await db.run(
    'update provider_callback set processed_at = $2, error = $3 where provider_callback_id = $1',
    [callbackId, formatInstant(done.at), done.error],
  )
}

export async function postponeCallback(
  db: Database,
  callbackId: string,
  later: { readonly dueAt: Instant; readonly error: string },
): Promise<void> {
  await db.run(
    'update provider_callback set due_at = $2, error = $3 where provider_callback_id = $1',
    [callbackId, formatInstant(later.dueAt), later.error],
  )
}

/** Makes callbacks due again: what they did is found done, what they failed to do is done now. How many. */
export async function replayCallbacks(
  db: Database,
  { accountId, since }: { readonly accountId: string; readonly since: Instant },
): Promise<number> {
  return db.run(
    `update provider_callback set processed_at = null, tries = 0, error = null, due_at = received_at
     where provider_account_id = $1 and received_at >= $2`,
    [accountId, formatInstant(since)],
  )
}
