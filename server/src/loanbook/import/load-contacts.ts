import { zoneNamed } from '@dunlin/kernel'
import { CONSENT_KINDS, HEALTHS, POINT_KINDS, RELATIONS, SOURCES } from '@dunlin/policy'
import { applyContacts, takeUnknownBorrowers } from './contact-import-store.ts'
import { type ImportRun, type Loader, readRow, rejectLines } from './import-run.ts'
import { bad, emailOf, phoneOf, requiredText, textOf, wordOf } from './parse-fields.ts'
import { maskPoint } from './read-loan.ts'
import type { Row } from './row.ts'
import { copyJson, createJsonStaging, hex } from './stage-json.ts'

/** Loads contact points of the borrower and of the people around, with source and consent. */
export async function loadContacts(run: ImportRun): Promise<Loader> {
  await createJsonStaging(run.tx)
  return {
    take: async (rows) => {
      await copyJson(
        run.tx,
        rows.flatMap((row) => readRow(run, row, (given) => readContact(run, given)) ?? []),
      )
    },
    finish: async () => {
      await refuseUnknownBorrowers(run)
      return applyContacts(run.tx, run.portfolio.lender, {
        at: Temporal.Instant.fromEpochMilliseconds(run.at).toString(),
      })
    },
  }
}

export async function refuseUnknownBorrowers(run: ImportRun): Promise<void> {
  rejectLines(run, await takeUnknownBorrowers(run.tx, run.portfolio.lender), {
    code: 'import.unknown_borrower',
    column: 'borrower_no',
    reason: 'the lender has no such borrower: import loans first',
  })
}

function readContact(run: ImportRun, row: Row): { line: number; data: object } {
  const kind = wordOf(row, 'kind', POINT_KINDS)
  const relation = wordOf(row, 'relation', RELATIONS)
  if (kind === null) throw bad('kind', '', 'is required')
  if (relation === null) throw bad('relation', '', 'is required')
  const value = normalise(run, kind, requiredText(row, 'value'))
  const name = textOf(row, 'name')
  const zone = textOf(row, 'zone')
  if (zone !== '' && zoneNamed(zone) === null) throw bad('zone', zone, 'is no IANA time zone')
  return {
    line: row.line,
    data: {
      borrower_no: requiredText(row, 'borrower_no'),
      relation,
      kind,
      sealed: hex(run.sealer.seal(value)),
      hash: hex(run.sealer.hash(kind, value)),
      masked: kind === 'email' ? maskPoint('email', value) : maskPoint('phone', value),
      person_sealed: hex(run.sealer.seal(JSON.stringify({ name }))),
      person_hash: hex(run.sealer.hash('person', `${relation}\u001f${name || value}`)),
      // Null is not stated: a new point is then of unknown origin, and the gate refuses it (rulings 2).
      source: wordOf(row, 'source', SOURCES),
      consent: wordOf(row, 'consent', CONSENT_KINDS),
      is_work: yesOf(row, 'work'),
      zone: zone === '' ? null : zone,
      health: HEALTHS[0],
    },
  }
}

/** Yes or no; null when not stated. */
function yesOf(row: Row, column: string): boolean | null {
  const text = textOf(row, column).toLowerCase()
  if (text === '') return null
  if (YES.has(text)) return true
  if (NO.has(text)) return false
  throw bad(column, text, 'is not one of true, false, yes, no, 1, 0, 是, 否')
}

const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', '是'])
const NO: ReadonlySet<string> = new Set(['false', '0', 'no', '否'])

function normalise(run: ImportRun, kind: (typeof POINT_KINDS)[number], value: string): string {
  if (kind === 'phone') return phoneOf(value, 'value', run.portfolio.country) ?? value
  if (kind === 'email') return emailOf(value, 'value') ?? value
  return value
}
