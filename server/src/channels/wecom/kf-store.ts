import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../../platform/db/index.ts'

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
