import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type EpochDay, formatInstant, formatLocalDate, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { parseProductOptions, productOptions } from '../model/index.ts'
import type { ImportKind } from './columns.ts'
import { ImportError, type Reject, RowError } from './import-error.ts'
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
import { openRows, type Raw } from './read-rows.ts'
import type { Row } from './row.ts'

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
  const rejects: Reject[] = []
  const progress = { read: 0 }
  try {
    const counts = await inImportTransaction(options, async (tx) => {
      const reject = (given: Reject) => void rejects.push(given)
      const run = {
        tx,
        sealer: options.sealer,
        portfolio,
        kind,
        jobId,
        asOf: options.asOf ?? null,
        at,
        reject,
      }
      const loader = await LOADERS[kind](run)
      for await (const batch of source.batches) {
        await loader.take(readBatch(batch, toRow, reject))
        progress.read += batch.length
        options.onProgress?.(source.progress(), progress.read)
      }
      return loader.finish()
    })
    return await close(options, { jobId, rejects, counts, read: progress.read })
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error)
    await finishJob(db, { jobId, state: 'failed', error: told, endedAt: formatInstant(at) })
    throw error
  }
}

function readBatch(
  batch: readonly Raw[],
  toRow: RowMapper,
  reject: (given: Reject) => void,
): Row[] {
  const rows: Row[] = []
  for (const { line, cells } of batch) {
    try {
      const row = toRow(line, cells)
      if (row !== null) rows.push(row)
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      reject({
        line,
        code: error.code,
        column: error.column,
        value: error.value,
        reason: error.message,
      })
    }
  }
  return rows
}

class DryRun extends Error {
  override readonly name = 'DryRun'
}

async function inImportTransaction(
  { db, dryRun }: ImportOptions,
  work: (tx: Tx) => Promise<Counts>,
): Promise<Counts> {
  let counts: Counts = { created: 0, changed: 0, unchanged: 0 }
  try {
    await db.transaction(async (tx) => {
      counts = await work(tx)
      if (dryRun === true) throw new DryRun()
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return counts
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

async function close(
  options: ImportOptions,
  done: { jobId: string; rejects: readonly Reject[]; counts: Counts; read: number },
): Promise<ImportSummary> {
  const { jobId, rejects, counts, read } = done
  const rejectFile =
    rejects.length === 0 ? null : await writeRejects(options.rejectFolder, jobId, rejects)
  await insertRejects(options.db, jobId, rejects.slice(0, IMPORT_LIMITS.rejectsStoredMax))
  await finishJob(options.db, {
    jobId,
    state: 'done',
    counts: { ...counts, read, rejected: rejects.length },
    rejectFile,
    endedAt: formatInstant(options.at),
  })
  return { jobId, read, rejected: rejects.length, rejectFile, ...counts }
}

async function writeRejects(
  folder: string,
  jobId: string,
  rejects: readonly Reject[],
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `import-${jobId}.csv`)
  const file = createWriteStream(path, { mode: 0o600 })
  file.write('line,column,value,code,reason\n')
  for (const { line, column, value, code, reason } of rejects) {
    file.write(
      `${[String(line), column ?? '', value ?? '', code, reason].map(csvCell).join(',')}\n`,
    )
  }
  await new Promise<void>((resolve, reject) => {
    file.on('error', reject)
    file.end(resolve)
  })
  return path
}

/** Quoted where needed; a leading formula sign is defused, because people open this in a spreadsheet. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
