import { showHidden } from './hidden-text.ts'

/** The file, or the request, is refused whole and nothing was changed. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const DISK_FULL_CODES: readonly unknown[] = ['ENOSPC', '53100']

/**
 * What to tell of a failure: a full disk, ours (ENOSPC) or the database's (SQLSTATE 53100), as an error that
 * says what to do; everything else as it is.
 */
export function tellFailure(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && DISK_FULL_CODES.includes(error.code)
  if (!isFull) return error
  return new ImportError(
    'import.disk_full',
    `nothing was changed: a disk is full (${error.message}); free space and import again`,
    { cause: error },
  )
}

/** Why one row did not load. Personal values are masked before they come here. */
export type Reject = {
  readonly line: number
  readonly code: string
  readonly column: string | null
  readonly value: string | null
  readonly reason: string
}

/** Thrown while one row is read, and caught there. */
export class RowError extends Error {
  override readonly name = 'RowError'
  readonly code: string
  readonly column: string | null
  readonly value: string | null

  constructor(given: { code: string; column?: string; value?: string; reason: string }) {
    super(showHidden(given.reason))
    this.code = given.code
    this.column = given.column ?? null
    this.value = given.value === undefined ? null : showHidden(given.value)
  }
}
