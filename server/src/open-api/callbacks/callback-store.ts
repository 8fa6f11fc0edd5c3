import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../../platform/db/index.ts'

// SQL of payment callbacks: stored as they came, once, then booked.

/** The account that an address names; null when there is none that takes callbacks. */
export async function findCallbackAccount(
  db: Database,
  { provider, account }: { provider: string; account: string },
): Promise<{ accountId: string; sealedSecrets: Buffer | null } | null> {
  const [row] = await db.query<{ id: string; sealed_secrets: Buffer | null }>(
    `select provider_account_id as id, sealed_secrets from provider_account
     where name = $1 and adapter = $2 and channel = 'payment' and is_enabled`,
    [account, provider],
  )
  return row === undefined ? null : { accountId: row.id, sealedSecrets: row.sealed_secrets }
}

/** Keeps a callback; null when it was kept before. */
export async function insertCallback(
  db: Database,
  callback: { accountId: string; dedupeKey: string; sealedBody: Buffer; at: Instant },
): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(
    `insert into payment_callback (provider_account_id, dedupe_key, sealed_body, received_at) values ($1, $2, $3, $4)
     on conflict (provider_account_id, dedupe_key) do nothing returning payment_callback_id as id`,
    [callback.accountId, callback.dedupeKey, callback.sealedBody, formatInstant(callback.at)],
  )
  return row?.id ?? null
}

/** Whose a stored callback is. */
export async function readCallbackAccount(
  db: Database,
  callbackId: string,
): Promise<{ accountId: string; adapter: string }> {
  const [row] = await db.query<{ id: string; adapter: string }>(
    `select provider_account_id as id, adapter from payment_callback join provider_account using (provider_account_id)
     where payment_callback_id = $1`,
    [callbackId],
  )
  if (row === undefined) throw new Error(`there is no callback ${callbackId}`)
  return { accountId: row.id, adapter: row.adapter }
}

/** The bytes of a callback that waits, locked; null when another took it or it is done. */
export async function claimCallback(tx: Tx, callbackId: string): Promise<Buffer | null> {
  const [row] = await tx.query<{ sealed_body: Buffer }>(
    `select sealed_body from payment_callback where payment_callback_id = $1 and processed_at is null
     for update skip locked`,
    [callbackId],
  )
  return row?.sealed_body ?? null
}

export async function settleCallback(
  sql: Sql,
  given: { callbackId: string; at: string; error: string | null },
): Promise<void> {
  await sql.run(
    'update payment_callback set processed_at = $2, error = $3 where payment_callback_id = $1 and processed_at is null',
    [given.callbackId, given.at, given.error],
  )
}

/** Callbacks from before an instant that nobody has booked, oldest first. */
export async function listWaitingCallbacks(
  db: Database,
  { before, limit }: { before: string; limit: number },
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select payment_callback_id as id from payment_callback
     where processed_at is null and received_at <= $1 order by received_at limit $2`,
    [before, limit],
  )
  return rows.map((row) => row.id)
}
