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
