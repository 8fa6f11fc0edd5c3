import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of the queue of attempts whose fate nobody knows.

export type UnknownRow = {
  borrower_id: string
  attempt_id: string
  case_id: string | null
  channel: string
  at_ms: string
  permit_id: string
  provider_account_id: string | null
  provider_message_id: string | null
  worker_id: string | null
  reason: string | null
  masked: string | null
}

/** Oldest first, after the given place; read by the index of unknown attempts alone. */
export async function readUnknown(
  sql: Sql,
  { afterMs, afterId, limit }: { afterMs: number; afterId: string; limit: number },
): Promise<UnknownRow[]> {
  return sql.query(
    `select a.borrower_id, a.attempt_id, a.case_id, a.channel, (extract(epoch from a.at) * 1000)::bigint as at_ms, a.permit_id,
       a.provider_account_id, a.provider_message_id, a.worker_id, a.reason, p.masked
     from attempt a left join contact_point p using (borrower_id, contact_point_id)
     where a.state = 'unknown' and (date_trunc('milliseconds', a.at), a.attempt_id) > (to_timestamp($1::bigint / 1000.0), $2::bigint)
     order by date_trunc('milliseconds', a.at), a.attempt_id limit $3`,
    [afterMs, afterId, limit],
  )
}

export async function countUnknownRows(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from attempt where state = 'unknown'`,
  )
  return row?.count ?? 0
}

export type QueuedRow = { borrower_id: string; created_on: string; channel: string }

/** An attempt of the queue; null when it is not there (any more). */
export async function findUnknown(tx: Tx, attemptId: string): Promise<QueuedRow | null> {
  const [row] = await tx.query<QueuedRow>(
    `select borrower_id, created_on, channel from attempt where state = 'unknown' and attempt_id = $1`,
    [attemptId],
  )
  return row ?? null
}

/** False when another settled it meanwhile. */
export async function settleUnknown(
  tx: Tx,
  { borrower_id, created_on }: QueuedRow,
  settled: { attemptId: string; state: 'sent' | 'failed'; line: string; at: string },
): Promise<boolean> {
  const touched = await tx.run(
    `update attempt set state = $4, line = $5, settled_at = $6, reason = 'settled.by_hand'
     where borrower_id = $1 and attempt_id = $2 and created_on = $3 and state = 'unknown'`,
    [borrower_id, settled.attemptId, created_on, settled.state, settled.line, settled.at],
  )
  return touched === 1
}
