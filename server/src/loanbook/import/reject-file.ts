import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reject } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'

/** The rejects of one import: all of them in a file, the first ones kept for the table. */
export type RejectFile = {
  readonly add: (reject: Reject) => void
  /** Writes what was added since; memory holds no more than a batch. */
  readonly flush: () => Promise<void>
  /** Takes the file away again. */
  readonly discard: () => Promise<void>
  readonly count: () => number
  /** The first rejects. */
  readonly first: readonly Reject[]
  /** The path; null while nothing was rejected. */
  readonly path: () => string | null
}

/** A reject file of an import job, made when the first reject is written. */
export function createRejectFile(folder: string, jobId: string): RejectFile {
  const file = join(folder, `import-${jobId}.csv`)
  const first: Reject[] = []
  let waiting: string[] = []
  let count = 0
  return {
    first,
    add: (reject) => {
      if (count === 0) waiting.push('line,column,value,code,reason\n')
      count += 1
      if (first.length < IMPORT_LIMITS.rejectsStoredMax) first.push(reject)
      waiting.push(lineOf(reject))
    },
    flush: async () => {
      if (waiting.length === 0) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await appendFile(file, waiting.join(''), { mode: 0o600 })
      waiting = []
    },
    discard: () => rm(file, { force: true }),
    count: () => count,
    path: () => (count === 0 ? null : file),
  }
}

function lineOf({ line, column, value, code, reason }: Reject): string {
  return `${[String(line), column ?? '', value ?? '', code, reason].map(csvCell).join(',')}\n`
}

/** Quoted where needed; a leading formula sign is defused, because people open this in a spreadsheet. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
