import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'

/** Something a provider handed over, sealed as it came. */
export type RawInbound = {
  readonly rawId: string
  readonly sealed: Buffer
  readonly isProcessed: boolean
  readonly partOf: string | null
}

type Row = {
  inbound_raw_id: string
  sealed_body: Buffer
  is_processed: boolean
  part_of: string | null
}

const COLUMNS = 'inbound_raw_id, sealed_body, processed_at is not null as is_processed, part_of'

function fromRow(row: Row): RawInbound {
  return {
    rawId: row.inbound_raw_id,
    sealed: row.sealed_body,
    isProcessed: row.is_processed,
    partOf: row.part_of,
  }
}

/**
 * Stores an arrival once. When one of `keys` is there already, that row is returned instead: a provider
 * that did not hear our answer hands the same over again.
 */
export async function insertRawOnce(
  tx: Tx,
  raw: {
    readonly accountId: string
    readonly keys: readonly [string, ...string[]]
    readonly partOf: string | null
    readonly sealed: Uint8Array
    readonly at: Instant
  },
): Promise<RawInbound> {
  const [key] = raw.keys
  await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 2))', [raw.keys.at(-1) ?? key])
  const found = await tx.query<Row>(
    `select ${COLUMNS} from inbound_raw
     where provider_account_id = $1 and dedupe_key = any($2)
     order by inbound_raw_id limit 1`,
    [raw.accountId, [...raw.keys]],
  )
  const [known] = found
  if (known !== undefined) return fromRow(known)
  const inserted = await tx.query<Row>(
    `insert into inbound_raw (provider_account_id, dedupe_key, part_of, sealed_body, received_at)
     values ($1, $2, $3, $4, $5)
     on conflict (provider_account_id, dedupe_key) do update set dedupe_key = excluded.dedupe_key
     returning ${COLUMNS}`,
    [raw.accountId, key, raw.partOf, raw.sealed, formatInstant(raw.at)],
  )
  return inserted.map(fromRow)[0] ?? never()
}

function never(): never {
  throw new Error('insert … returning gave no row')
}

/** The row, locked until the transaction ends; of a part, all parts of its message are taken in one turn. */
export async function lockRaw(tx: Tx, rawId: string): Promise<RawInbound | null> {
  await tx.run(
    `select pg_advisory_xact_lock(hashtextextended(part_of, 3)) from inbound_raw
     where inbound_raw_id = $1 and part_of is not null`,
    [rawId],
  )
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from inbound_raw where inbound_raw_id = $1 for update`,
    [rawId],
  )
  return rows.map(fromRow)[0] ?? null
}

/** The parts of one long message that wait for the rest, locked in order. */
export async function lockParts(
  tx: Tx,
  accountId: string,
  partOf: string,
): Promise<readonly RawInbound[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from inbound_raw
     where provider_account_id = $1 and part_of = $2 and processed_at is null
     order by inbound_raw_id for update`,
    [accountId, partOf],
  )
  return rows.map(fromRow)
}

export async function markProcessed(
  tx: Tx,
  rawIds: readonly string[],
  done: { readonly at: Instant; readonly error: string | null },
): Promise<void> {
  await tx.run(
    'update inbound_raw set processed_at = $2, error = $3 where inbound_raw_id = any($1)',
    [rawIds, formatInstant(done.at), done.error],
  )
}

/** Notes why an arrival could not be understood; it stays to be tried again. */
export async function noteRawError(db: Database, rawId: string, error: string): Promise<void> {
  await db.run(
    'update inbound_raw set error = $2 where inbound_raw_id = $1 and processed_at is null',
    [rawId, error],
  )
}

/** Arrivals before `before` that nobody has understood yet, oldest first. */
export async function listWaitingRaw(
  db: Database,
  before: Instant,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ inbound_raw_id: string }>(
    `select inbound_raw_id from inbound_raw
     where processed_at is null and received_at <= $1 order by received_at limit $2`,
    [formatInstant(before), limit],
  )
  return rows.map((row) => row.inbound_raw_id)
}
