import { parseLocalDate } from '@dunlin/kernel'
import cliProgress from 'cli-progress'
import {
  IMPORT_KINDS,
  ImportError,
  type ImportOptions,
  type ImportSummary,
  importFile,
} from '../loanbook/index.ts'
import { EXIT, type Io } from './io.ts'

export type ImportCommand = Pick<
  ImportOptions,
  'db' | 'sealer' | 'at' | 'rejectFolder' | 'file' | 'portfolio'
> & {
  readonly kind: string
  readonly map?: string | undefined
  readonly asOf?: string | undefined
  readonly dryRun?: boolean | undefined
  readonly json: boolean
  readonly isTerminal: boolean
}

const PERCENT = 100

/** `dunlin import KIND FILE`: a progress bar on a terminal, then the counts and the reject file. */
export async function runImport(command: ImportCommand, io: Io): Promise<number> {
  const kind = IMPORT_KINDS.find((known) => known === command.kind)
  if (kind === undefined) {
    io.error(`unknown kind ${command.kind}: one of ${IMPORT_KINDS.join(', ')}`)
    return EXIT.usage
  }
  const asOf = command.asOf === undefined ? undefined : parseLocalDate(command.asOf)
  if (asOf === null) {
    io.error(`--as-of ${command.asOf} is no date: expected YYYY-MM-DD`)
    return EXIT.usage
  }
  const bar = command.isTerminal
    ? new cliProgress.SingleBar({ format: '{bar} {percentage}% {rows} rows' })
    : null
  bar?.start(PERCENT, 0, { rows: 0 })
  try {
    const summary = await importFile({
      ...command,
      kind,
      asOf,
      onProgress: (share, rows) => bar?.update(Math.floor(share * PERCENT), { rows }),
    })
    bar?.update(PERCENT, { rows: summary.read })
    bar?.stop()
    report(summary, command, io)
    return summary.rejected === 0 ? EXIT.ok : EXIT.problems
  } catch (error) {
    bar?.stop()
    if (!(error instanceof ImportError)) throw error
    io.error(
      command.json ? JSON.stringify({ code: error.code, detail: error.message }) : error.message,
    )
    return error.code === 'import.disk_full' ? EXIT.failed : EXIT.usage
  }
}

function report(summary: ImportSummary, { json, dryRun }: ImportCommand, io: Io): void {
  if (json) {
    io.out(JSON.stringify(summary))
    return
  }
  const { read, created, changed, unchanged, rejected, rejectFile } = summary
  io.out(
    `${dryRun === true ? 'dry run, nothing was changed: ' : ''}${read} read, ${created} created, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected`,
  )
  if (rejectFile !== null) io.out(`rejected rows: ${rejectFile}`)
}
