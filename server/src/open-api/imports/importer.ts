import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { importResponse } from '@dunlin/contract'
import { parseLocalDate } from '@dunlin/kernel'
import {
  ImportError,
  type ImportKind,
  type ImportSummary,
  importFile,
} from '../../loanbook/index.ts'
import { Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { noteImportProgress } from '../open-api-store.ts'

type Response = ReturnType<typeof importResponse.parse>

/** A file on disk and what was said of it; `content` tells it from another file. */
export type Staged = {
  readonly kind: ImportKind
  readonly portfolio: string
  readonly asOf?: string | undefined
  readonly dryRun: boolean
  readonly file: string
  readonly content: string
}

export type Importer = {
  /** Starts an import; waits for its end where asked to. The folder is removed when it ends. */
  readonly run: (staged: Staged, given: { folder: string; waits: boolean }) => Promise<Response>
  /** Whether an import is under way in a folder. */
  readonly owns: (folder: string) => boolean
  /** Waits for what is under way. */
  readonly finish: () => Promise<void>
}

/** Imports of one process at once: each is one large transaction. */
const AT_ONCE_MAX = 3
const NONE = { read: 0, created: 0, changed: 0, unchanged: 0, rejected: 0 }

export function createImporter(context: ApiContext): Importer {
  const underWay = new Map<string, Promise<ImportSummary>>()
  return {
    owns: (folder) => underWay.has(folder),
    finish: async () => {
      await Promise.allSettled(underWay.values())
    },
    run: async (staged, { folder, waits }) => {
      if (underWay.size >= AT_ONCE_MAX)
        throw new Problem('import.busy', `${AT_ONCE_MAX} imports are under way: try again later`)
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
      try {
        const id = await started.promise
        if (!waits) return { id, state: 'running', ...NONE }
        const { jobId: _job, rejectFile: _file, ...counts } = await whole
        return { id, state: 'done', ...counts }
      } catch (error) {
        if (error instanceof ImportError)
          throw new Problem('import.refused', `${error.code}: ${error.message}`, fieldOf(error))
        throw error
      }
    },
  }
}

function runFile(
  { db, sealer, clock, home, onFailure }: ApiContext,
  { kind, portfolio, asOf, dryRun, file }: Staged,
  onStarted: (jobId: string) => void,
): Promise<ImportSummary> {
  let job: string | null = null
  const onProgress = (_share: number, rows: number): void => {
    if (job === null) return
    noteImportProgress(db, job, rows).catch((error: unknown) => onFailure(error, `import ${kind}`))
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

function fieldOf({ code }: ImportError): string {
  return code === 'import.unknown_portfolio' ? 'portfolio' : 'file'
}
