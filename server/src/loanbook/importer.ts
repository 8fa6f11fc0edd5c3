import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, parseLocalDate } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import type { ImportKind } from './import/columns.ts'
import { ImportError } from './import/import-error.ts'
import { type ImportSummary, importFile } from './import/import-file.ts'
import { noteImportProgress } from './import/import-report-store.ts'

/** What an import has come to when its starter is answered. */
export type ImportStarted = {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly read: number
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  readonly rejected: number
}

/** A file on disk and what was said of it; `content` tells it from another file. */
export type Staged = {
  readonly kind: ImportKind
  readonly portfolio: string
  readonly asOf?: string | undefined
  readonly dryRun: boolean
  readonly file: string
  readonly content: string
}

export type ImporterContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  /** The folder of the installation: uploads and reject files lie below it. */
  readonly home: string
  readonly onFailure: (error: unknown, subject: string) => void
}

export type Importer = {
  /** Starts an import; waits for its end where asked to. The folder is removed when it ends. */
  readonly run: (
    staged: Staged,
    given: { folder: string; waits: boolean },
  ) => Promise<ImportStarted>
  /** Whether an import is under way in a folder. */
  readonly owns: (folder: string) => boolean
  /** Waits for what is under way. */
  readonly finish: () => Promise<void>
}

/** Imports of one process at once: each is one large transaction. */
const AT_ONCE_MAX = 3
const NONE = { read: 0, created: 0, changed: 0, unchanged: 0, rejected: 0 }

/** Runs imports for everybody who asks this process: integrators and the console share its limit. */
export function createImporter(context: ImporterContext): Importer {
  const underWay = new Map<string, Promise<ImportSummary>>()
  return {
    owns: (folder) => underWay.has(folder),
    finish: async () => {
      await Promise.allSettled(underWay.values())
    },
    run: async (staged, { folder, waits }) => {
      if (underWay.size >= AT_ONCE_MAX)
        throw new ImportError(
          'import.busy',
          `${AT_ONCE_MAX} imports are under way: try again later`,
        )
      const started = Promise.withResolvers<string>()
      const whole = runFile(context, staged, started.resolve)
      underWay.set(folder, whole)
      whole
        .catch((error: unknown) => {
          started.reject(error)
          if (!(error instanceof ImportError)) context.onFailure(error, `import ${staged.kind}`)
        })
        .finally(() => {
          underWay.delete(folder)
          return rm(folder, { recursive: true, force: true })
        })
      const id = await started.promise
      if (!waits) return { id, state: 'running', ...NONE }
      const { jobId: _job, rejectFile: _file, ...counts } = await whole
      return { id, state: 'done', ...counts }
    },
  }
}

function runFile(
  { db, sealer, clock, home, onFailure }: ImporterContext,
  { kind, portfolio, asOf, dryRun, file }: Staged,
  onStarted: (jobId: string) => void,
): Promise<ImportSummary> {
  let job: string | null = null
  const onProgress = (share: number, rows: number): void => {
    if (job === null) return
    const noted = noteImportProgress(db, { importId: job, rows, share })
    noted.catch((error: unknown) => onFailure(error, `import ${kind}`))
  }
  return importFile({
    db,
    sealer,
    kind,
    file,
    portfolio,
    asOf: asOf === undefined ? undefined : (parseLocalDate(asOf) ?? undefined),
    dryRun,
    at: clock.now(),
    rejectFolder: join(home, 'rejects'),
    onProgress,
    onStarted: (jobId) => {
      job = jobId
      onStarted(jobId)
    },
  })
}
