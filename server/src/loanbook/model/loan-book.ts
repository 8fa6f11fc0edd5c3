import { type ComponentIndex, compareLines, componentIndex, isCharged, type Line } from './line.ts'
import type { Pause } from './pauses.ts'
import type { ProductOptions } from './product-options.ts'

/** The state that a fold moves from day to day. Mutable, and seen by nobody outside the fold. */
export type LoanBook = {
  readonly product: ProductOptions
  readonly allocation: readonly ComponentIndex[]
  readonly prepaymentAllocation: readonly ComponentIndex[]
  readonly ageing: readonly ComponentIndex[]
  /** In line order. */
  readonly lines: Line[]
  readonly instalments: Map<number, Line>
  /** Lines before this index are paid up. */
  firstOpen: number
  readonly touched: Set<Line>
  readonly pauses: Pause[]
  readonly unmatched: string[]
  credit: bigint
  paidMinor: bigint
  waivedMinor: bigint
  lapsedMinor: bigint
  disbursedMinor: bigint
  recoveredMinor: bigint
  writtenOffOn: number | null
  writtenOffMinor: bigint
  wasEverOwed: boolean
  closedOn: number | null
  curedOn: number | null
}

export function newBook(product: ProductOptions, unmatched: readonly string[]): LoanBook {
  return {
    product,
    allocation: product.allocation.map(componentIndex),
    prepaymentAllocation: product.prepaymentAllocation.map(componentIndex),
    ageing: product.dpdComponents.map(componentIndex),
    lines: [],
    instalments: new Map(),
    firstOpen: 0,
    touched: new Set(),
    pauses: [],
    unmatched: [...unmatched],
    credit: 0n,
    paidMinor: 0n,
    waivedMinor: 0n,
    lapsedMinor: 0n,
    disbursedMinor: 0n,
    recoveredMinor: 0n,
    writtenOffOn: null,
    writtenOffMinor: 0n,
    wasEverOwed: false,
    closedOn: null,
    curedOn: null,
  }
}

/** Puts a line where the order of lines has it. */
export function insertLine(book: LoanBook, line: Line): void {
  const { lines } = book
  let at = lines.length
  for (; at > 0; at -= 1) {
    const before = lines[at - 1]
    if (before === undefined || compareLines(before, line) <= 0) break
  }
  lines.splice(at, 0, line)
  if (line.kind === 'instalment') book.instalments.set(line.seq, line)
  touch(book, line)
}

/** Moves a line to another due date, keeping the order. */
export function moveLine(book: LoanBook, line: Line, dueOn: number): void {
  if (line.dueOn === dueOn) return
  book.lines.splice(book.lines.indexOf(line), 1)
  line.dueOn = dueOn
  insertLine(book, line)
}

/** Notes that a line changed: its paid-up state is read again at the close of the day. */
export function touch(book: LoanBook, line: Line): void {
  book.touched.add(line)
  book.firstOpen = 0
  if (isCharged(line)) book.wasEverOwed = true
}

/** Sum outstanding over all lines. */
export function totalOpen(book: LoanBook): bigint {
  let sum = 0n
  for (const line of book.lines) sum += line.open
  return sum
}

export function hasOpenLine(book: LoanBook): boolean {
  skipPaidUp(book)
  return book.firstOpen < book.lines.length
}

/** The earliest past due line (due before `day`) that ages, or null. */
export function oldestAgeing(book: LoanBook, day: number): Line | null {
  skipPaidUp(book)
  for (let index = book.firstOpen; index < book.lines.length; index += 1) {
    const line = book.lines[index]
    if (line === undefined || line.dueOn >= day) return null
    if (line.open > 0n && book.ageing.some((component) => line.outstanding[component] > 0n))
      return line
  }
  return null
}

export function skipPaidUp(book: LoanBook): void {
  const { lines } = book
  while (book.firstOpen < lines.length && lines[book.firstOpen]?.open === 0n) book.firstOpen += 1
}
