import { formatInstant, formatLocalDate } from '@dunlin/kernel'
import { type LedgerEvent, parseLedgerEvent } from '../model/index.ts'
import { applyEvents, takeConflicts, takeUnknownLoans } from './event-import-store.ts'
import { RowError } from './import-error.ts'
import { type ImportRun, type Loader, readRow, rejectLines } from './import-run.ts'
import { amountOf, dateOf, requiredText, textOf, wholeOf, wordOf } from './parse-fields.ts'
import type { Row } from './row.ts'
import { copyJson, createJsonStaging } from './stage-json.ts'

const KINDS = [
  'paid',
  'reversed',
  'waived',
  'fee',
  'penalty',
  'paused',
  'resumed',
  'due-moved',
  'disbursed',
  'written-off',
] as const

/** Loads ledger events. The same event twice is one; the same number with other content is rejected. */
export async function loadLedger(run: ImportRun): Promise<Loader> {
  await createJsonStaging(run.tx)
  return {
    take: async (rows) => {
      const staged = rows.flatMap(
        (row) => readRow(run, row, (given) => readEvent(run, given)) ?? [],
      )
      await copyJson(run.tx, staged)
    },
    finish: async () => {
      await refuseUnknownLoans(run)
      rejectLines(run, await takeConflicts(run.tx, run.portfolio.portfolioId), {
        code: 'ledger.event_conflict',
        column: 'event_no',
        reason: 'the loan has an event of this number with other content',
      })
      return applyEvents(run.tx, run.portfolio.portfolioId, formatInstant(run.at))
    },
  }
}

export async function refuseUnknownLoans(run: ImportRun): Promise<void> {
  rejectLines(run, await takeUnknownLoans(run.tx, run.portfolio.portfolioId), {
    code: 'import.unknown_loan',
    column: 'loan_no',
    reason: 'the portfolio has no such loan: import loans first',
  })
}

function readEvent(run: ImportRun, row: Row): { line: number; data: object } {
  const kind = wordOf(row, 'kind', KINDS)
  const amount = amountOf(row, 'amount', run.portfolio.currency)
  const date = (column: string) => {
    const day = dateOf(row, column)
    return day === null ? undefined : formatLocalDate(day)
  }
  const parsed = parseLedgerEvent({
    kind,
    id: requiredText(row, 'event_no'),
    effectiveOn: date('effective_on'),
    recordedAt: textOf(row, 'recorded_at') || undefined,
    amountMinor: amount ?? undefined,
    seq: wholeOf(row, 'seq') ?? undefined,
    component: textOf(row, 'component') || undefined,
    dueOn: date('due_on'),
    toOn: date('to_on'),
    untilOn: date('until_on'),
    reverses: textOf(row, 'reverses') || undefined,
  })
  if (parsed.ok)
    return { line: row.line, data: toStaged(requiredText(row, 'loan_no'), parsed.value) }
  const { code, field, detail } = parsed.refusal
  throw refusalOf(row, { code, column: COLUMN_OF[field] ?? field, detail })
}

/** What the ledger says of an event, in the words of the file: an empty cell is named as missing. */
export function refusalOf(
  row: Row,
  { code, column, detail }: { code: string; column: string; detail: string },
): RowError {
  const value = row.get(column)
  const reason = value === '' ? `${column} is required here` : `${column}: ${detail}`
  return new RowError({ code, column, value: value.slice(0, VALUE_SHOWN_MAX), reason })
}

const VALUE_SHOWN_MAX = 60

const COLUMN_OF: Readonly<Record<string, string>> = {
  id: 'event_no',
  effectiveOn: 'effective_on',
  recordedAt: 'recorded_at',
  amountMinor: 'amount',
  dueOn: 'due_on',
  toOn: 'to_on',
  untilOn: 'until_on',
}

/** The event under the column names of the ledger_event table. */
export function toStaged(loanNo: string, event: LedgerEvent): object {
  const dates = ['effectiveOn', 'dueOn', 'toOn', 'untilOn'] as const
  const given = new Map<string, unknown>(Object.entries(event))
  const dateOrNull = (name: (typeof dates)[number]) => {
    const day = given.get(name)
    return typeof day === 'number'
      ? Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString()
      : null
  }
  const amount = (name: string) => {
    const value = given.get(name)
    return typeof value === 'bigint' ? value.toString() : null
  }
  return {
    loan_no: loanNo,
    event_no: event.id,
    kind: event.kind,
    effective_on: dateOrNull('effectiveOn'),
    recorded_at: event.recordedAt === null ? null : formatInstant(event.recordedAt),
    amount_minor: amount('amountMinor'),
    seq: given.get('seq') ?? null,
    component: given.get('component') ?? null,
    due_on: dateOrNull('dueOn'),
    to_on: dateOrNull('toOn'),
    until_on: dateOrNull('untilOn'),
    reverses: given.get('reverses') ?? null,
    principal_minor: amount('principalMinor'),
    interest_minor: amount('interestMinor'),
    fee_minor: amount('feeMinor'),
  }
}
