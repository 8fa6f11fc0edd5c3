import { basename } from 'node:path'
import {
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  required,
} from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { parseProductOptions, productOptions } from '../model/index.ts'
import type { ImportKind } from './columns.ts'
import { ImportError, RowError, tellFailure } from './import-error.ts'
import type { Counts, ImportPortfolio, ImportRun, Loader } from './import-run.ts'
import {
  findPortfolio,
  findProducts,
  finishJob,
  insertJob,
  insertRejects,
  isDemoBook,
} from './import-store.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { loadConsents } from './load-consents.ts'
import { loadContacts } from './load-contacts.ts'
import { loadHistory } from './load-history.ts'
import { loadLedger } from './load-ledger.ts'
import { loadLoans } from './load-loans.ts'
import { loadSchedule } from './load-schedule.ts'
import { mapColumns, type RowMapper, readMap } from './map-columns.ts'
import { openRows } from './read-rows.ts'
import { createRejectFile, type RejectFile } from './reject-file.ts'
import type { Row } from './row.ts'
import type { Raw, RowSource } from './row-source.ts'

export type ImportOptions = {
  readonly db: Database
  readonly sealer: Sealer
  readonly kind: ImportKind
  readonly file: string
  readonly portfolio: string
  /** A YAML map file. */
  readonly map?: string | undefined
  readonly asOf?: EpochDay | undefined
  readonly dryRun?: boolean | undefined
  /** The instant at which the rows become known. */
  readonly at: Instant
  /** Folder for reject files. */
  readonly rejectFolder: string
  /** Share of the file read, 0 to 1, and rows so far. */
  readonly onProgress?: ((share: number, rows: number) => void) | undefined
  /** Told the job's id once the header is understood and the rows begin to load. */
  readonly onStarted?: ((jobId: string) => void) | undefined
}

export type ImportSummary = Counts & {
  readonly jobId: string
  readonly read: number
  readonly rejected: number
  readonly rejectFile: string | null
}

const LOADERS: Readonly<Record<ImportKind, (run: ImportRun) => Promise<Loader>>> = {
  loans: loadLoans,
  schedule: loadSchedule,
  ledger: loadLedger,
  contacts: loadContacts,
  consents: loadConsents,
  history: loadHistory,
}

/**
 * Loads one file in one transaction: bad rows are rejected, the rest loads; anything else that goes
 * wrong throws and changes nothing. The same file twice changes nothing the second time. A dry run
 * does all of it and rolls back.
 */
export async function importFile(options: ImportOptions): Promise<ImportSummary> {
  const { db, kind, at } = options
  const portfolio = await readPortfolio(db, options.portfolio)
  const map = options.map === undefined ? null : await readMap(options.map)
  const source = await openRows(options.file)
  if (source.header.length > IMPORT_LIMITS.columnsMax) {
    throw new ImportError('import.too_large', `a file may have ${IMPORT_LIMITS.columnsMax} columns`)
  }
  const toRow = mapColumns(kind, source.header, map)
  const jobId = await insertJob(db, {
    kind,
    portfolioId: portfolio.portfolioId,
    fileName: basename(options.file),
    asOf: options.asOf === undefined ? null : formatLocalDate(options.asOf),
    isDryRun: options.dryRun === true,
    startedAt: formatInstant(at),
  })
  options.onStarted?.(jobId)
  const rejects = createRejectFile(options.rejectFolder, jobId)
  try {
    return await loadRows(options, { portfolio, source, toRow, jobId, rejects })
  } catch (error) {
    const failure = tellFailure(error)
    const told = failure instanceof Error ? failure.message : String(failure)
    // What is wrong may be the disk itself: the first error is the one to tell.
    await finishJob(db, {
      jobId,
      state: 'failed',
      error: told,
      endedAt: formatInstant(at),
    }).catch(() => undefined)
    await rejects.discard().catch(() => undefined)
    throw failure
  }
}

type Job = {
  readonly portfolio: ImportPortfolio
  readonly source: RowSource
  readonly toRow: RowMapper
  readonly jobId: string
  readonly rejects: RejectFile
}

/** Everything that an import leaves behind commits at once: rows, rejects and the state of its job. */
async function loadRows(options: ImportOptions, job: Job): Promise<ImportSummary> {
  const { portfolio, source, toRow, jobId, rejects } = job
  let read = 0
  const run = {
    sealer: options.sealer,
    portfolio,
    kind: options.kind,
    jobId,
    asOf: options.asOf ?? null,
    at: options.at,
    reject: rejects.add,
  }
  const toSummary = (counts: Counts): ImportSummary => ({
    jobId,
    read,
    rejected: rejects.count(),
    rejectFile: rejects.path(),
    ...counts,
  })
  return inImportTransaction(options, {
    load: async (tx) => {
      const loader = await LOADERS[options.kind]({ ...run, tx })
      for await (const batch of source.batches) {
        await loader.take(readBatch(batch, { toRow, width: source.header.length }, rejects))
        await rejects.flush()
        read += batch.length
        options.onProgress?.(source.progress(), read)
      }
      const counts = await loader.finish()
      await rejects.flush()
      return toSummary(counts)
    },
    close: async (sql, summary) => {
      await insertRejects(sql, jobId, rejects.first)
      const { rejectFile, ...counts } = summary
      const endedAt = formatInstant(options.at)
      await finishJob(sql, { jobId, state: 'done', counts, rejectFile, endedAt })
    },
  })
}

function readBatch(
  batch: readonly Raw[],
  { toRow, width }: { toRow: RowMapper; width: number },
  rejects: RejectFile,
): Row[] {
  const rows: Row[] = []
  for (const { line, cells } of batch) {
    try {
      refuseOtherWidth(cells, width)
      const row = toRow(line, cells)
      if (row !== null) rows.push(row)
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      const { code, column, value, message: reason } = error
      rejects.add({ line, code, column, value, reason })
    }
  }
  return rows
}

/** A comma too many or too few moves every value after it into the wrong column. */
function refuseOtherWidth(cells: readonly string[], width: number): void {
  if (cells.length === width) return
  const isPadded = cells.length > width && cells.slice(width).every((cell) => cell.trim() === '')
  if (isPadded) return
  throw new RowError({
    code: 'import.wrong_width',
    reason: `the row has ${cells.length} cells, the header ${width}: put cells that hold a comma in quotes`,
  })
}

class DryRun extends Error {
  override readonly name = 'DryRun'
}

type Work = {
  readonly load: (tx: Tx) => Promise<ImportSummary>
  readonly close: (sql: Sql, summary: ImportSummary) => Promise<void>
}

/** A dry run does all of the work, takes it back, and keeps only what it found out. */
async function inImportTransaction(
  { db, dryRun }: ImportOptions,
  { load, close }: Work,
): Promise<ImportSummary> {
  if (dryRun !== true) {
    return db.transaction(async (tx) => {
      const summary = await load(tx)
      await close(tx, summary)
      return summary
    })
  }
  let found: ImportSummary | null = null
  await db
    .transaction(async (tx) => {
      found = await load(tx)
      throw new DryRun()
    })
    .catch((error: unknown) => {
      if (!(error instanceof DryRun)) throw error
    })
  const summary = required<ImportSummary>(found, 'summary of the dry run')
  await close(db, summary)
  return summary
}

async function readPortfolio(db: Database, name: string): Promise<ImportPortfolio> {
  const found = await findPortfolio(db, name)
  if (found === null) {
    throw new ImportError(
      'import.unknown_portfolio',
      `there is no portfolio ${name}: add it with dunlin apply`,
    )
  }
  const products = await findProducts(db, found.portfolioId)
  const plain = JSON.stringify(agingOf({}))
  return {
    ...found,
    isDemo: await isDemoBook(db),
    products: new Map(
      products.map(({ productId, name: product, options }) => [
        product,
        { productId, isPlain: JSON.stringify(agingOf(options)) === plain },
      ]),
    ),
  }
}

/** The options that bear on how a snapshot ages. */
function agingOf(options: unknown): unknown {
  const { graceDays, graceMode, dpdComponents } = parseProductOptions(options ?? productOptions())
  return [graceDays, graceMode, [...dpdComponents].sort()]
}
