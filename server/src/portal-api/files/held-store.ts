import { z } from 'zod'
import type { Sql } from '../../platform/db/index.ts'

// SQL of everything that is held about a person, table by table, whatever tables there are.

const IDENTIFIER = /^[a-z_]+$/
/** Ours, not the person's: keys to a door, and news on their way. */
const LEFT_OUT = [
  'portal_code',
  'portal_session',
  'plan_code',
  'webhook_delivery',
  'decision_payload',
]
const ROWS_MAX = 20_000

export type HeldRow = Readonly<Record<string, unknown>>
const row = z.object({ row: z.record(z.string(), z.unknown()) })

/** Tables with a borrower's rows, their partitions not named apart. */
export async function listHeldTables(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where a.attname = 'borrower_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
       and c.relnamespace = 'public'::regnamespace and c.relname <> all ($1) order by c.relname`,
    [LEFT_OUT],
  )
  return rows.map(({ name }) => name)
}

/** A person's rows of a table; bytes as hexadecimal text. At most so many: whether there are more is said. */
export async function listHeldRows(
  sql: Sql,
  { table, borrowerId }: { table: string; borrowerId: string },
): Promise<{ rows: HeldRow[]; isCut: boolean }> {
  if (!IDENTIFIER.test(table)) throw new Error(`no name of a table: ${table}`)
  const found = await sql.query(
    `select to_jsonb(t) as row from ${table} t where borrower_id = $1 limit ${ROWS_MAX + 1}`,
    [borrowerId],
  )
  return {
    rows: found.slice(0, ROWS_MAX).map((each) => row.parse(each).row),
    isCut: found.length > ROWS_MAX,
  }
}
