import type { Database } from '../../platform/db/index.ts'

// What happened, for pages that are open.

export type LiveRow = {
  id: string
  at: string
  event: string
  caseId: string | null
  borrowerNo: string | null
  channel: string | null
  agencyId: string | null
}

export async function readLastEvent(db: Database): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    'select coalesce(max(outbox_id), 0)::text as id from outbox',
  )
  return row?.id ?? '0'
}

const EVENT = `select o.outbox_id::text as id, to_char(o.recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, o.event,
    coalesce(o.payload->>'caseId', c.case_id::text) as "caseId", b.borrower_no as "borrowerNo",
    o.payload->>'channel' as channel, pl.agency_id::text as "agencyId"
  from outbox o left join borrower b using (borrower_id)
  left join lateral (select case_id from collection_case k where k.borrower_id = o.borrower_id and k.state = 'open'
    order by case_id desc limit 1) c on true
  left join placed_case pc on pc.borrower_id = o.borrower_id and pc.case_id = c.case_id and pc.ended_at is null
  left join placement pl on pl.placement_id = pc.placement_id`

/** Events after a place, oldest first, each with the borrower's open case. */
export async function listEventsAfter(
  db: Database,
  after: string,
  limit: number,
): Promise<LiveRow[]> {
  return db.query(`${EVENT} where o.outbox_id > $1 order by o.outbox_id limit $2`, [after, limit])
}

/** The newest events, oldest first; changes of loans come by the thousand and tell a person nothing. */
export async function listRecentEvents(db: Database, limit: number): Promise<LiveRow[]> {
  const rows = await db.query<LiveRow>(
    `${EVENT} where o.outbox_id > (select coalesce(max(outbox_id), 0) - 5000 from outbox) and o.event not like 'loan.%'
     order by o.outbox_id desc limit $1`,
    [limit],
  )
  return rows.reverse()
}
