import { type EpochDay, epochDay } from '@dunlin/kernel'
import type { ByComponent } from './ledger-event.ts'
import { isCharged, type Line } from './line.ts'
import { type LoanBook, oldestAgeing } from './loan-book.ts'
import { pausedDaysBetween } from './pauses.ts'
import type { ProductOptions } from './product-options.ts'

export type LoanStatus =
  | 'pending'
  | 'overpaid'
  | 'closed'
  | 'written-off'
  | 'overdue'
  | 'cured'
  | 'current'

/** One due part as the fold left it. Amounts in minor units. */
export type LineState = {
  readonly kind: Line['kind']
  readonly seq: number
  readonly id: string
  /** Null for the undated remainder of a snapshot. */
  readonly dueOn: EpochDay | null
  readonly outstanding: ByComponent
  readonly outstandingMinor: bigint
  readonly paidMinor: bigint
  readonly waivedMinor: bigint
  readonly paidInAdvanceMinor: bigint
  readonly paidLateMinor: bigint
  readonly clearedOn: EpochDay | null
  readonly daysLate: number
}

/** The numbers of ledger.md section 7 at the close of a day. */
export type LoanState = {
  readonly lines: readonly LineState[]
  readonly oldestUnpaidDueOn: EpochDay | null
  readonly pastDueDays: number
  readonly pausedDays: number
  readonly dpd: number
  readonly stage: string | null
  readonly status: LoanStatus
  readonly arrears: ByComponent
  readonly arrearsMinor: bigint
  readonly dueMinor: bigint
  readonly outstanding: ByComponent
  readonly outstandingMinor: bigint
  readonly creditMinor: bigint
  readonly nextDueOn: EpochDay | null
  readonly nextDueMinor: bigint
  readonly paidMinor: bigint
  readonly waivedMinor: bigint
  readonly lapsedMinor: bigint
  readonly disbursedMinor: bigint
  readonly writtenOffOn: EpochDay | null
  readonly writtenOffMinor: bigint
  readonly recoveredMinor: bigint
  readonly closedOn: EpochDay | null
  readonly curedOn: EpochDay | null
  readonly unmatched: readonly string[]
}

/** Reads the numbers off a book at the close of `asOf`. */
export function readNumbers(book: LoanBook, asOf: EpochDay): LoanState {
  const sums = sumLines(book.lines, asOf)
  const oldest = oldestAgeing(book, asOf)
  const pastDueDays = oldest === null ? 0 : asOf - oldest.dueOn
  const pausedDays = oldest === null ? 0 : pausedDaysBetween(book.pauses, oldest.dueOn, asOf)
  const dpd = daysPastDue(book.product, pastDueDays - pausedDays)
  const counted = pastDueDays > 0 ? dpd : sums.nextDueOn === null ? null : asOf - sums.nextDueOn
  return {
    lines: book.lines.map((line) => readLine(line, asOf)),
    oldestUnpaidDueOn: oldest === null ? null : epochDay(oldest.dueOn),
    pastDueDays,
    pausedDays,
    dpd,
    stage: counted === null ? null : stageOf(book.product, counted),
    status: statusOf(book, { open: sums.outstandingMinor, pastDueDays }),
    ...sums,
    creditMinor: book.credit,
    paidMinor: book.paidMinor,
    waivedMinor: book.waivedMinor,
    lapsedMinor: book.lapsedMinor,
    disbursedMinor: book.disbursedMinor,
    writtenOffOn: dayOrNull(book.writtenOffOn),
    writtenOffMinor: book.writtenOffMinor,
    recoveredMinor: book.recoveredMinor,
    closedOn: dayOrNull(book.closedOn),
    curedOn: dayOrNull(book.curedOn),
    unmatched: book.unmatched.toSorted(),
  }
}

/** DPD of so many days past due, pauses taken out, under the product's grace. */
export function daysPastDue(
  product: Pick<ProductOptions, 'graceDays' | 'graceMode'>,
  days: number,
): number {
  const late = Math.max(0, days)
  if (product.graceMode === 'subtract') return Math.max(0, late - product.graceDays)
  return late > product.graceDays ? late : 0
}

/** The first stage whose range holds a DPD (negative: days before the next due date), or null. */
export function stageOf(product: Pick<ProductOptions, 'stages'>, dpd: number): string | null {
  const found = product.stages.find(([, from, to]) => from <= dpd && (to === null || dpd <= to))
  return found?.[0] ?? null
}

type Sums = Pick<
  LoanState,
  | 'arrears'
  | 'arrearsMinor'
  | 'dueMinor'
  | 'outstanding'
  | 'outstandingMinor'
  | 'nextDueOn'
  | 'nextDueMinor'
>

function sumLines(lines: readonly Line[], asOf: EpochDay): Sums {
  const arrears: ByComponent = [0n, 0n, 0n, 0n]
  const outstanding: ByComponent = [0n, 0n, 0n, 0n]
  let [arrearsMinor, dueMinor, outstandingMinor, nextDueMinor] = [0n, 0n, 0n, 0n]
  let nextDueOn: number | null = null
  for (const line of lines) {
    if (line.open === 0n) continue
    addTo(outstanding, line.outstanding)
    outstandingMinor += line.open
    if (line.dueOn <= asOf) dueMinor += line.open
    if (line.dueOn < asOf) {
      addTo(arrears, line.outstanding)
      arrearsMinor += line.open
    } else if (Number.isFinite(line.dueOn)) {
      nextDueOn ??= line.dueOn
      if (line.dueOn === nextDueOn) nextDueMinor += line.open
    }
  }
  return {
    arrears,
    arrearsMinor,
    dueMinor,
    outstanding,
    outstandingMinor,
    nextDueOn: dayOrNull(nextDueOn),
    nextDueMinor,
  }
}

function addTo(sum: ByComponent, amounts: ByComponent): void {
  sum[0] += amounts[0]
  sum[1] += amounts[1]
  sum[2] += amounts[2]
  sum[3] += amounts[3]
}

function readLine(line: Line, asOf: EpochDay): LineState {
  const { waived } = line
  const lastDay = line.open > 0n ? asOf : line.clearedOn
  const isLate = lastDay !== null && Number.isFinite(line.dueOn) && lastDay > line.dueOn
  return {
    kind: line.kind,
    seq: line.seq,
    id: line.id,
    dueOn: Number.isFinite(line.dueOn) ? epochDay(line.dueOn) : null,
    outstanding: line.outstanding,
    outstandingMinor: line.open,
    paidMinor: line.paidMinor,
    waivedMinor: waived[0] + waived[1] + waived[2] + waived[3],
    paidInAdvanceMinor: line.paidInAdvanceMinor,
    paidLateMinor: line.paidLateMinor,
    clearedOn: isCharged(line) ? dayOrNull(line.clearedOn) : null,
    daysLate: isLate ? lastDay - line.dueOn : 0,
  }
}

function statusOf(book: LoanBook, now: { open: bigint; pastDueDays: number }): LoanStatus {
  if (!book.wasEverOwed) return 'pending'
  if (now.open === 0n) return book.credit > 0n ? 'overpaid' : 'closed'
  if (book.writtenOffOn !== null) return 'written-off'
  if (now.pastDueDays > 0) return 'overdue'
  return book.curedOn === null ? 'current' : 'cured'
}

function dayOrNull(day: number | null): EpochDay | null {
  return day === null || !Number.isFinite(day) ? null : epochDay(day)
}
