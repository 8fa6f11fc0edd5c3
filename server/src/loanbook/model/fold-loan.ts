import type { EpochDay, Instant } from '@dunlin/kernel'
import { applyEvent } from './apply-event.ts'
import type { LedgerEvent } from './ledger-event.ts'
import { isCharged } from './line.ts'
import { hasOpenLine, type LoanBook, newBook, oldestAgeing, skipPaidUp } from './loan-book.ts'
import { type LoanState, readNumbers } from './loan-state.ts'
import { effectiveDay, orderEvents } from './order-events.ts'
import { placeCredit } from './place-credit.ts'
import type { ProductOptions } from './product-options.ts'

export type Fold = {
  readonly product: ProductOptions
  /** In any order; repetitions are one event. */
  readonly events: readonly LedgerEvent[]
  /** The close of this day: everything effective on it counts. */
  readonly asOf: EpochDay
  /** Only what was recorded by then counts; absent or null: everything. */
  readonly knownAt?: Instant | null
}

/**
 * The state of one loan: a pure fold of its events (ledger.md). No clock, no stored balance; any
 * order of arrival gives the same state.
 */
export function foldLoan({ product, events, asOf, knownAt = null }: Fold): LoanState {
  const ordered = orderEvents(events, asOf, knownAt)
  const book = newBook(product, ordered.unmatched)
  let index = 0
  let yesterday = Number.NEGATIVE_INFINITY
  while (index < ordered.events.length) {
    const first = ordered.events[index]
    if (first === undefined) break
    const day = effectiveDay(first)
    placeHeldCredit(book, yesterday, day)
    const start = index
    while (index < ordered.events.length && isOn(ordered.events[index], day)) index += 1
    foldDay(book, ordered.events.slice(start, index), day)
    yesterday = day
  }
  placeHeldCredit(book, yesterday, asOf + 1)
  return readNumbers(book, asOf)
}

function isOn(event: LedgerEvent | undefined, day: number): boolean {
  return event !== undefined && effectiveDay(event) === day
}

/** Between events, held credit meets the due dates that pass, each on its day. */
function placeHeldCredit(book: LoanBook, after: number, before: number): void {
  let day = after
  while (book.credit > 0n) {
    const next = nextOpenDue(book, day)
    if (next === null || next >= before) return
    day = next
    placeCredit(book, day)
    closeDay(book, day, false)
  }
}

function nextOpenDue(book: LoanBook, after: number): number | null {
  skipPaidUp(book)
  for (let index = book.firstOpen; index < book.lines.length; index += 1) {
    const line = book.lines[index]
    if (line !== undefined && line.open > 0n && line.dueOn > after) {
      return Number.isFinite(line.dueOn) ? line.dueOn : null
    }
  }
  return null
}

const AFTER_CHARGES: ReadonlySet<LedgerEvent['kind']> = new Set([
  'paid',
  'written-off',
  'paused',
  'resumed',
  'snapshot',
])

function foldDay(book: LoanBook, events: readonly LedgerEvent[], day: number): void {
  const wasLate = oldestAgeing(book, day) !== null
  let index = 0
  const applyWhile = (belongs: (kind: LedgerEvent['kind']) => boolean): boolean => {
    const start = index
    for (; index < events.length; index += 1) {
      const event = events[index]
      if (event === undefined || !belongs(event.kind)) break
      applyEvent(book, event, day)
    }
    return index > start
  }
  applyWhile((kind) => !AFTER_CHARGES.has(kind))
  placeCredit(book, day)
  if (applyWhile((kind) => kind === 'paid')) placeCredit(book, day)
  applyWhile((kind) => kind !== 'snapshot')
  if (applyWhile(() => true)) placeCredit(book, day)
  closeDay(book, day, wasLate)
}

function closeDay(book: LoanBook, day: number, wasLate: boolean): void {
  for (const line of book.touched) {
    if (line.open === 0n && isCharged(line)) line.clearedOn ??= day
    else line.clearedOn = null
  }
  book.touched.clear()
  if (hasOpenLine(book) || !book.wasEverOwed) book.closedOn = null
  else book.closedOn ??= day
  if (wasLate && oldestAgeing(book, day) === null) book.curedOn = day
}
