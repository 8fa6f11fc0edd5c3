import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../../platform/db/index.ts'

/** `people` needs no call to the platform and is worked off apart, so that nothing slow stands before it. */
export type CallbackLane = 'people' | 'service'

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
    `insert into wecom_callback (provider_account_id, dedupe_key, lane, sealed, received_at, due_at)
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
    wecom_callback_id: string
    sealed: Buffer
    received_at: string
    tries: number
  }>(
    `update wecom_callback c set due_at = $3, tries = c.tries + 1 from (
       select wecom_callback_id from wecom_callback
       where provider_account_id = $1 and lane = $5 and processed_at is null and due_at <= $2
       order by due_at, wecom_callback_id limit $4 for update skip locked) d
     where c.wecom_callback_id = d.wecom_callback_id
     returning c.wecom_callback_id, c.sealed,
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
      callbackId: row.wecom_callback_id,
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
    'update wecom_callback set processed_at = $2, error = $3 where wecom_callback_id = $1',
    [callbackId, formatInstant(done.at), done.error],
  )
}

export async function postponeCallback(
  db: Database,
  callbackId: string,
  later: { readonly dueAt: Instant; readonly error: string },
): Promise<void> {
  await db.run('update wecom_callback set due_at = $2, error = $3 where wecom_callback_id = $1', [
    callbackId,
    formatInstant(later.dueAt),
    later.error,
  ])
}

/** The cursor of a customer-service account, locked: one consumer per account. Null while another reads. */
export async function lockKfCursor(
  tx: Tx,
  of: { readonly accountId: string; readonly openKfid: string },
): Promise<string | null> {
  await tx.run(
    `insert into wecom_kf_cursor (provider_account_id, open_kfid) values ($1, $2) on conflict do nothing`,
    [of.accountId, of.openKfid],
  )
  const rows = await tx.query<{ cursor: string }>(
    `select cursor from wecom_kf_cursor where provider_account_id = $1 and open_kfid = $2 for update`,
    [of.accountId, of.openKfid],
  )
  return rows[0]?.cursor ?? null
}

export async function moveKfCursor(
  tx: Tx,
  to: {
    readonly accountId: string
    readonly openKfid: string
    readonly cursor: string
    readonly at: Instant
  },
): Promise<void> {
  await tx.run(
    `update wecom_kf_cursor set cursor = $3, synced_at = $4
     where provider_account_id = $1 and open_kfid = $2`,
    [to.accountId, to.openKfid, to.cursor, formatInstant(to.at)],
  )
}

/** Notes who is in a group; a second outsider freezes it and nothing thaws it. Whether it is frozen. */
export async function noteGroup(
  db: Database,
  group: {
    readonly accountId: string
    readonly chatId: string
    readonly outsiders: number
    readonly at: Instant
  },
): Promise<boolean> {
  const rows = await db.query<{ is_frozen: boolean }>(
    `insert into wecom_group (provider_account_id, chat_id, outsiders, frozen_at, looked_at)
     values ($1, $2, $3::integer, case when $3::integer > 1 then $4::timestamptz end, $4)
     on conflict (provider_account_id, chat_id) do update set outsiders = excluded.outsiders,
       frozen_at = coalesce(wecom_group.frozen_at, excluded.frozen_at), looked_at = excluded.looked_at
     returning frozen_at is not null as is_frozen`,
    [group.accountId, group.chatId, group.outsiders, formatInstant(group.at)],
  )
  return rows[0]?.is_frozen === true
}

/** Makes callbacks due again: what they did is found done, what they failed to do is done now. How many. */
export async function replayCallbacks(
  db: Database,
  { accountId, since }: { readonly accountId: string; readonly since: Instant },
): Promise<number> {
  return db.run(
    `update wecom_callback set processed_at = null, tries = 0, error = null, due_at = received_at
     where provider_account_id = $1 and received_at >= $2`,
    [accountId, formatInstant(since)],
  )
}
