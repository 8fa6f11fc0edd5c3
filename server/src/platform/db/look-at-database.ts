import type { Database } from './database.ts'

/** What the doctor asks a database: its version, how its clock differs from ours, and how far it has been migrated. */
export async function lookAtDatabase(db: Database): Promise<{
  readonly version: string
  readonly skewMs: number
  readonly migrations: number
}> {
  const before = performance.timeOrigin + performance.now()
  const [row] = await db.query<{ version: string; now_ms: string; migrations: number }>(
    `select current_setting('server_version') as version,
       (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms,
       (select count(*)::integer from schema_migration) as migrations`,
  )
  const after = performance.timeOrigin + performance.now()
  if (row === undefined) throw new Error('the database gave no answer')
  const { version, migrations } = row
  return { version, migrations, skewMs: Math.round(Number(row.now_ms) - (before + after) / 2) }
}
