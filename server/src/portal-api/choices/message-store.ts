import type { Sql } from '../../platform/db/index.ts'

const THREADS_MAX = 10

/** A borrower's latest conversations, oldest of them first. */
export async function listThreadIds(sql: Sql, borrowerId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select id from (select conversation_id as id from conversation where borrower_id = $1
       order by conversation_id desc limit ${THREADS_MAX}) t order by id`,
    [borrowerId],
  )
  return rows.map(({ id }) => id)
}
