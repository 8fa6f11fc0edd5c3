import type { Database, Sql } from '../../platform/db/index.ts'
import type { Reject } from './import-error.ts'
import type { ImportPortfolio } from './import-run.ts'

type PortfolioRow = {
  portfolio_id: string
  lender: string
  country: string
  currency: string
  zones: string[]
  language: string
}

/** The portfolio of a name, without its products; null when there is none. */
export async function findPortfolio(
  db: Database,
  name: string,
): Promise<Omit<ImportPortfolio, 'products' | 'isDemo'> | null> {
  const [row] = await db.query<PortfolioRow>(
    'select portfolio_id, lender, country, currency, zones, language from portfolio where name = $1',
    [name],
  )
  if (row === undefined) return null
  const { portfolio_id, ...rest } = row
  return { portfolioId: portfolio_id, ...rest }
}

/** A demo install marks its borrowers, so that nothing real is ever sent to them (rulings 3). */
export async function isDemoBook(db: Database): Promise<boolean> {
  const [row] = await db.query<{ is_demo: boolean }>('select is_demo from installation')
  return row?.is_demo === true
}

export async function findProducts(
  db: Database,
  portfolioId: string,
): Promise<{ productId: string; name: string; options: unknown }[]> {
  const rows = await db.query<{ product_id: string; name: string; options: unknown }>(
    'select product_id, name, options from product where portfolio_id = $1',
    [portfolioId],
  )
  return rows.map(({ product_id, name, options }) => ({ productId: product_id, name, options }))
}

export async function insertJob(
  db: Database,
  job: {
    kind: string
    portfolioId: string
    fileName: string
    asOf: string | null
    isDryRun: boolean
    startedAt: string
  },
): Promise<string> {
  const [row] = await db.query<{ import_job_id: string }>(
    `insert into import_job (kind, portfolio_id, file_name, as_of, is_dry_run, state, started_at)
     values ($1, $2, $3, $4, $5, 'running', $6) returning import_job_id`,
    [job.kind, job.portfolioId, job.fileName, job.asOf, job.isDryRun, job.startedAt],
  )
  if (row === undefined) throw new Error('no import job was made')
  return row.import_job_id
}

export async function finishJob(
  db: Sql,
  job: {
    jobId: string
    state: 'done' | 'failed'
    endedAt: string
    error?: string
    rejectFile?: string | null
    counts?: { read: number; created: number; changed: number; unchanged: number; rejected: number }
  },
): Promise<void> {
  const { read = 0, created = 0, changed = 0, unchanged = 0, rejected = 0 } = job.counts ?? {}
  await db.run(
    `update import_job set state = $2, ended_at = $3, error = $4, reject_file = $5, rows_read = $6,
       rows_created = $7, rows_changed = $8, rows_unchanged = $9, rows_rejected = $10 where import_job_id = $1`,
    [
      job.jobId,
      job.state,
      job.endedAt,
      job.error ?? null,
      job.rejectFile ?? null,
      read,
      created,
      changed,
      unchanged,
      rejected,
    ],
  )
}

export async function insertRejects(
  db: Sql,
  jobId: string,
  rejects: readonly Reject[],
): Promise<void> {
  if (rejects.length === 0) return
  await db.run(
    `insert into import_reject (import_job_id, line, code, column_name, masked_value, reason)
     select $1, l, c, n, v, r from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[]) as t(l, c, n, v, r)`,
    [
      jobId,
      rejects.map((reject) => reject.line),
      rejects.map((reject) => reject.code),
      rejects.map((reject) => reject.column),
      rejects.map((reject) => reject.value),
      rejects.map((reject) => reject.reason),
    ],
  )
}
