import { createReadStream, existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { Database } from '../../platform/db/index.ts'

// What became of imports, and the rows that did not load.

export type ImportRow = {
  id: string
  kind: string
  portfolio: string
  fileName: string
  asOf: string | null
  isDryRun: boolean
  state: 'running' | 'done' | 'failed'
  /** Of the file's bytes, how many were read; of use while it runs. */
  percent: number
  read: number
  created: number
  changed: number
  unchanged: number
  rejected: number
  error: string | null
  startedAt: string
  endedAt: string | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
const IMPORT = `
  select j.import_job_id as id, j.kind, p.name as portfolio, j.file_name as "fileName", j.as_of as "asOf",
    j.is_dry_run as "isDryRun", j.state, j.percent_read::integer as percent,
    j.rows_read::integer as read, j.rows_created::integer as created, j.rows_changed::integer as changed,
    j.rows_unchanged::integer as unchanged, j.rows_rejected::integer as rejected, j.error,
    to_char(j.started_at at time zone 'utc', ${UTC}) as "startedAt",
    to_char(j.ended_at at time zone 'utc', ${UTC}) as "endedAt"
  from import_job j join portfolio p using (portfolio_id)`

export async function findImport(db: Database, importId: string): Promise<ImportRow | null> {
  const [row] = await db.query<ImportRow>(`${IMPORT} where j.import_job_id = $1`, [importId])
  return row ?? null
}

export type ImportFilter = {
  readonly portfolio: string | null
  readonly kind: string | null
  readonly state: string | null
  /** The last id of the page before; null: from the newest. */
  readonly before: string | null
  readonly limit: number
}

/** Imports, newest first. */
export async function listImports(db: Database, filter: ImportFilter): Promise<ImportRow[]> {
  return db.query(
    `${IMPORT} where ($1::text is null or p.name = $1) and ($2::text is null or j.kind = $2)
       and ($3::text is null or j.state = $3) and ($4::bigint is null or j.import_job_id < $4)
     order by j.import_job_id desc limit $5`,
    [filter.portfolio, filter.kind, filter.state, filter.before, filter.limit],
  )
}

export type RejectRow = {
  line: number
  code: string
  column: string | null
  value: string | null
  reason: string
}

/** Rejects of an import in the order of its lines; values are masked. */
export async function listRejects(
  db: Database,
  { importId, afterLine, limit }: { importId: string; afterLine: number; limit: number },
): Promise<RejectRow[]> {
  return db.query(
    `select line::integer, code, column_name as column, masked_value as value, reason from import_reject
     where import_job_id = $1 and line > $2 order by line fetch first $3 rows with ties`,
    [importId, afterLine, limit],
  )
}

/** The reject file of an import, all of its rows, as it lies on this machine; null when there is none. */
export async function readRejectFile(db: Database, importId: string): Promise<Readable | null> {
  const [row] = await db.query<{ file: string | null }>(
    'select reject_file as file from import_job where import_job_id = $1',
    [importId],
  )
  return row?.file == null || !existsSync(row.file) ? null : createReadStream(row.file)
}

/** How far a running import has come; what is done keeps its own counts. */
export async function noteImportProgress(
  db: Database,
  { importId, rows, share }: { importId: string; rows: number; share: number },
): Promise<void> {
  await db.run(
    `update import_job set rows_read = $2, percent_read = $3 where import_job_id = $1 and state = 'running'`,
    [importId, rows, Math.min(100, Math.round(share * 100))],
  )
}
