import { type Instant, parseInstant } from '@dunlin/kernel'
import { CHANNELS, LINES } from '@dunlin/policy'
import { applyHistory } from './contact-import-store.ts'
import { type ImportRun, type Loader, readRow } from './import-run.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { instantOf } from './load-consents.ts'
import { refuseUnknownBorrowers } from './load-contacts.ts'
import { bad, emailOf, phoneOf, requiredText, textOf, wordOf } from './parse-fields.ts'
import type { Row } from './row.ts'
import { copyJson, createJsonStaging, hex } from './stage-json.ts'

const DAY_MS = 86_400_000

/** Loads contacts made before this system: they count in the caps like our own. */
export async function loadHistory(run: ImportRun): Promise<Loader> {
  await createJsonStaging(run.tx)
  return {
    take: async (rows) => {
      await copyJson(
        run.tx,
        rows.flatMap((row) => readRow(run, row, (given) => readPast(run, given)) ?? []),
      )
    },
    finish: async () => {
      await refuseUnknownBorrowers(run)
      return applyHistory(run.tx, run.portfolio.lender, run.portfolio.portfolioId)
    },
  }
}

function readPast(run: ImportRun, row: Row): { line: number; data: object } {
  const at = instantOf(row, 'at')
  const channel = wordOf(row, 'channel', CHANNELS)
  if (at === null) throw bad('at', '', 'is required')
  refuseFar(at, run.at)
  if (channel === null) throw bad('channel', '', 'is required')
  const effective = textOf(row, 'effective').toLowerCase()
  return {
    line: row.line,
    data: {
      borrower_no: requiredText(row, 'borrower_no'),
      at,
      on: at.slice(0, 10),
      channel,
      direction: wordOf(row, 'direction', ['outbound', 'inbound', 'reply']) ?? 'outbound',
      actor: wordOf(row, 'actor', ['agent', 'robot']) ?? 'agent',
      point_hash: pointHash(run, textOf(row, 'point')),
      // Without a line the fate is unknown, which counts against further contact.
      line: wordOf(row, 'line', LINES),
      effective: ['true', '1', 'yes', '是'].includes(effective),
    },
  }
}

/** A contact yet to come is none, and one of long ago counts in no cap. */
function refuseFar(at: string, now: Instant): void {
  const days = (now - (parseInstant(at) ?? now)) / DAY_MS
  if (days < -IMPORT_LIMITS.aheadDays) throw bad('at', at, 'lies in the future')
  if (days > IMPORT_LIMITS.historyDaysMax) {
    throw bad('at', at, `is more than ${IMPORT_LIMITS.historyDaysMax} days ago`)
  }
}

function pointHash(run: ImportRun, point: string): string | null {
  if (point === '') return null
  if (point.includes('@')) return hex(run.sealer.hash('email', emailOf(point, 'point') ?? point))
  return hex(run.sealer.hash('phone', phoneOf(point, 'point', run.portfolio.country) ?? point))
}
