import { formatInstant, formatLocalDate } from '@dunlin/kernel'
import { parseLedgerEvent } from '../model/index.ts'
import { applyEvents, takeConflicts, takeUnamended } from './event-import-store.ts'
import { type ImportRun, type Loader, readRow, rejectLines } from './import-run.ts'
import { refusalOf, refuseUnknownLoans, toStaged } from './load-ledger.ts'
import { amountOf, bad, dateOf, requiredText, wholeOf } from './parse-fields.ts'
import type { Row } from './row.ts'
import { copyJson, createJsonStaging } from './stage-json.ts'

/**
 * Loads instalments: in force from the beginning, or from the as-of date, when a row that differs
 * from the one in force amends it (ledger.md section 11).
 */
export async function loadSchedule(run: ImportRun): Promise<Loader> {
  await createJsonStaging(run.tx)
  let unchanged = 0
  return {
    take: async (rows) => {
      const staged = rows.flatMap(
        (row) => readRow(run, row, (given) => readInstalment(run, given)) ?? [],
      )
      await copyJson(run.tx, staged)
    },
    finish: async () => {
      const { portfolioId } = run.portfolio
      await refuseUnknownLoans(run)
      if (run.asOf !== null)
        unchanged += await takeUnamended(run.tx, portfolioId, formatLocalDate(run.asOf))
      rejectLines(run, await takeConflicts(run.tx, portfolioId), {
        code: 'import.schedule_differs',
        column: 'seq',
        reason:
          'the instalment differs from the one loaded before: name --as-of, the day from which it is amended',
      })
      const counts = await applyEvents(run.tx, portfolioId, formatInstant(run.at))
      return { ...counts, unchanged: counts.unchanged + unchanged }
    },
  }
}

function readInstalment(run: ImportRun, row: Row): { line: number; data: object } {
  const { currency } = run.portfolio
  const seq = wholeOf(row, 'seq')
  const dueOn = dateOf(row, 'due_on')
  const principal = amountOf(row, 'principal', currency)
  if (principal === null) throw bad('principal', '', 'is required')
  const suffix = run.asOf === null ? '' : `-${formatLocalDate(run.asOf)}`
  const parsed = parseLedgerEvent({
    kind: 'scheduled',
    id: `schedule-${seq ?? ''}${suffix}`,
    effectiveOn: run.asOf === null ? undefined : formatLocalDate(run.asOf),
    recordedAt: run.asOf === null ? undefined : formatInstant(run.at),
    seq,
    dueOn: dueOn === null ? undefined : formatLocalDate(dueOn),
    principalMinor: principal,
    interestMinor: amountOf(row, 'interest', currency) ?? undefined,
    feeMinor: amountOf(row, 'fee', currency) ?? undefined,
  })
  if (parsed.ok)
    return { line: row.line, data: toStaged(requiredText(row, 'loan_no'), parsed.value) }
  const { code, field, detail } = parsed.refusal
  throw refusalOf(row, { code, column: field === 'dueOn' ? 'due_on' : field, detail })
}
