import type { EpochDay, Instant } from '@dunlin/kernel'
import type { Tx } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { ImportKind } from './columns.ts'
import { type Reject, RowError } from './import-error.ts'
import type { Row } from './row.ts'

/** The book a file is loaded into. */
export type ImportPortfolio = {
  readonly portfolioId: string
  readonly lender: string
  readonly country: string
  readonly currency: string
  readonly zones: readonly string[]
  readonly language: string
  readonly products: ReadonlyMap<string, { productId: string; isPlain: boolean }>
  readonly isDemo: boolean
}

/** One import under way: everything happens in `tx`, so that a failure changes nothing. */
export type ImportRun = {
  readonly tx: Tx
  readonly sealer: Sealer
  readonly portfolio: ImportPortfolio
  readonly kind: ImportKind
  readonly jobId: string
  readonly asOf: EpochDay | null
  readonly at: Instant
  readonly reject: (reject: Reject) => void
}

export type Counts = { created: number; changed: number; unchanged: number }

/** Loads one kind of file: takes batches of rows, then applies what it staged. */
export type Loader = {
  readonly take: (rows: readonly Row[]) => Promise<void>
  readonly finish: () => Promise<Counts>
}

/** Reads one row; a row that cannot be read is rejected with its line and null comes back. */
export function readRow<T>(run: ImportRun, row: Row, read: (row: Row) => T): T | null {
  try {
    return read(row)
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    run.reject({
      line: row.line,
      code: error.code,
      column: error.column,
      value: error.value,
      reason: error.message,
    })
    return null
  }
}

/** Rejects the lines that a set-based check took out of the staging table. */
export function rejectLines(
  run: ImportRun,
  lines: readonly { line: string }[],
  why: { code: string; column: string; reason: string },
): void {
  for (const { line } of lines) {
    run.reject({
      line: Number(line),
      code: why.code,
      column: why.column,
      value: null,
      reason: why.reason,
    })
  }
}
