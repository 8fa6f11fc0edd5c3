import { formatInstant, parseInstant } from '@dunlin/kernel'
import { CHANNELS, CONSENT_KINDS } from '@dunlin/policy'
import { applyConsents } from './contact-import-store.ts'
import { type ImportRun, type Loader, readRow } from './import-run.ts'
import { refuseUnknownBorrowers } from './load-contacts.ts'
import { bad, requiredText, textOf, wordOf } from './parse-fields.ts'
import type { Row } from './row.ts'
import { copyJson, createJsonStaging } from './stage-json.ts'

/** Loads what borrowers agreed to. */
export async function loadConsents(run: ImportRun): Promise<Loader> {
  await createJsonStaging(run.tx)
  return {
    take: async (rows) => {
      await copyJson(
        run.tx,
        rows.flatMap((row) => readRow(run, row, readConsent) ?? []),
      )
    },
    finish: async () => {
      await refuseUnknownBorrowers(run)
      return applyConsents(run.tx, run.portfolio.lender)
    },
  }
}

function readConsent(row: Row): { line: number; data: object } {
  const kind = wordOf(row, 'kind', CONSENT_KINDS)
  if (kind === null) throw bad('kind', '', 'is required')
  const [from, to] = [instantOf(row, 'from'), instantOf(row, 'to')]
  if (from !== null && to !== null && from > to) throw bad('to', to, 'is before from')
  return {
    line: row.line,
    data: {
      borrower_no: requiredText(row, 'borrower_no'),
      kind,
      channel: wordOf(row, 'channel', CHANNELS),
      from,
      to,
      given_to: wordOf(row, 'given_to', ['collector', 'creditor', 'prior-collector']),
      evidence: textOf(row, 'evidence') || null,
    },
  }
}

/** An instant with offset as UTC text; null when empty. */
export function instantOf(row: Row, column: string): string | null {
  const text = textOf(row, column)
  if (text === '') return null
  const at = parseInstant(text)
  if (at === null) throw bad(column, text, 'is no instant: expected 2026-06-01T10:00:00+08:00')
  return formatInstant(at)
}
