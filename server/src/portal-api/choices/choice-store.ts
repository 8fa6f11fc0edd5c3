import type { Sql } from '../../platform/db/index.ts'

// SQL of what a borrower chose: holds that the borrower started and nobody ended.

export type ChosenHold = {
  readonly holdId: string
  readonly kind: 'channel-stop' | 'inconvenient-time'
  readonly channel: string | null
  readonly hours: readonly string[] | null
  readonly since: string
}

/** Stops of channels, whoever heard the borrower say so, and hours that were chosen. */
export async function listChosen(sql: Sql, borrowerId: string, at: string): Promise<ChosenHold[]> {
  return sql.query<ChosenHold>(
    `select hold_id as "holdId", kind, channel, hours,
       to_char(from_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
     from hold where borrower_id = $1 and source = 'borrower' and party_id is null and contact_point_id is null
       and (to_at is null or to_at > $2)
       and (kind = 'inconvenient-time' or (kind = 'channel-stop' and channel is not null))
     order by hold_id`,
    [borrowerId, at],
  )
}

/** The case and borrower of a matter; null when there is none. */
export async function findMatterBorrower(sql: Sql, matterId: string): Promise<string | null> {
  const [row] = await sql.query<{ borrower_id: string }>(
    'select borrower_id from matter where matter_id = $1',
    [matterId],
  )
  return row?.borrower_id ?? null
}
