import { unreachable } from '@dunlin/kernel'
import type { Charged, DueMoved, LedgerEvent, Scheduled, Snapshot, Waived } from './ledger-event.ts'
import {
  ALL_COMPONENTS,
  charge,
  componentIndex,
  type Line,
  newLine,
  recharge,
  waive,
} from './line.ts'
import { insertLine, type LoanBook, moveLine, totalOpen, touch } from './loan-book.ts'
import { applyPause } from './pauses.ts'

const [FEE, PENALTY, INTEREST, PRINCIPAL] = [0, 1, 2, 3] as const

/** Applies one event of `day` to the book. Placing credit is the caller's (ledger.md section 5). */
export function applyEvent(book: LoanBook, event: LedgerEvent, day: number): void {
  switch (event.kind) {
    case 'disbursed':
      book.disbursedMinor += event.amountMinor
      return
    case 'scheduled':
      schedule(book, event)
      return
    case 'due-moved':
      moveDue(book, event)
      return
    case 'fee':
    case 'penalty':
      addCharge(book, event)
      return
    case 'waived':
      forgive(book, event)
      return
    case 'paid':
      book.paidMinor += event.amountMinor
      book.credit += event.amountMinor
      if (book.writtenOffOn !== null && day > book.writtenOffOn)
        book.recoveredMinor += event.amountMinor
      return
    case 'written-off':
      writeOff(book, day)
      return
    case 'paused':
    case 'resumed':
      if (!applyPause(book.pauses, event)) book.unmatched.push(event.id)
      return
    case 'snapshot':
      takeSnapshot(book, event)
      return
    case 'reversed':
      return
    default:
      unreachable(event)
  }
}

function schedule(book: LoanBook, event: Scheduled): void {
  const line = book.instalments.get(event.seq)
  if (line !== undefined) {
    amend(book, line, event)
    return
  }
  const fresh = newLine('instalment', { seq: event.seq, id: '' }, event.dueOn)
  fresh.scheduledFee = event.feeMinor
  charge(fresh, FEE, event.feeMinor)
  charge(fresh, INTEREST, event.interestMinor)
  charge(fresh, PRINCIPAL, event.principalMinor)
  insertLine(book, fresh)
}

/** Replaces due date, principal, interest and scheduled fee; charges added since stay. */
function amend(book: LoanBook, line: Line, event: Scheduled): void {
  const addedFees = line.charged[FEE] - line.scheduledFee
  line.scheduledFee = event.feeMinor
  const charges = [
    [FEE, event.feeMinor + addedFees],
    [INTEREST, event.interestMinor],
    [PRINCIPAL, event.principalMinor],
  ] as const
  for (const [component, charged] of charges) {
    const { paidBack, unwaived } = recharge(line, component, charged)
    book.credit += paidBack
    book.waivedMinor -= unwaived
  }
  moveLine(book, line, event.dueOn)
  touch(book, line)
}

function moveDue(book: LoanBook, event: DueMoved): void {
  const line = book.instalments.get(event.seq)
  if (line === undefined) {
    book.unmatched.push(event.id)
    return
  }
  moveLine(book, line, event.toOn)
}

function addCharge(book: LoanBook, event: Charged): void {
  const component = event.kind === 'fee' ? FEE : PENALTY
  const instalment = event.seq === null ? undefined : book.instalments.get(event.seq)
  if (instalment !== undefined) {
    charge(instalment, component, event.amountMinor)
    touch(book, instalment)
    return
  }
  const line = newLine('charge', { seq: 0, id: event.id }, event.dueOn ?? event.effectiveOn)
  charge(line, component, event.amountMinor)
  insertLine(book, line)
}

function forgive(book: LoanBook, event: Waived): void {
  const lines = linesToForgive(book, event.seq)
  if (lines === null) book.unmatched.push(event.id)
  const components = event.component === null ? book.allocation : [componentIndex(event.component)]
  let left = event.amountMinor
  for (const line of lines ?? []) {
    if (line.open === 0n) continue
    for (const component of components) left -= waive(line, component, left)
    book.touched.add(line)
  }
  book.waivedMinor += event.amountMinor - left
  book.lapsedMinor += left
}

/** The named instalment, or every line; null when there is no such instalment. */
function linesToForgive(book: LoanBook, seq: number | null): readonly Line[] | null {
  if (seq === null) return book.lines
  const named = book.instalments.get(seq)
  return named === undefined ? null : [named]
}

function writeOff(book: LoanBook, day: number): void {
  if (book.writtenOffOn !== null) return
  book.writtenOffOn = day
  book.writtenOffMinor = totalOpen(book)
}

/** The lender's word replaces what was due before its day; what falls due later stays as it stood. */
function takeSnapshot(book: LoanBook, event: Snapshot): void {
  const day = event.effectiveOn
  const oldest = event.oldestUnpaidDueOn
  const staysFrom = oldest === day ? day + 1 : day
  const kept = book.lines.filter((line) => isOwnLine(line) && line.dueOn >= staysFrom)
  book.lines.splice(0, book.lines.length, ...kept)
  book.instalments.clear()
  for (const line of kept) if (line.kind === 'instalment') book.instalments.set(line.seq, line)
  book.firstOpen = 0
  // A snapshot of nothing is a closed loan, not one that has yet to begin.
  book.wasEverOwed = true
  book.credit = event.creditMinor
  const [fee, penalty, interest, principal] = event.overdue
  const carried = oldest === null ? 0n : principal
  let rest = event.principalOutstandingMinor - carried
  for (const line of kept) rest -= line.outstanding[PRINCIPAL]
  const undated = newLine('undated', { seq: 0, id: '' }, Number.POSITIVE_INFINITY)
  charge(undated, PRINCIPAL, rest > 0n ? rest : 0n)
  const overdue = oldest === null ? undated : newLine('instalment', { seq: 0, id: '' }, oldest)
  charge(overdue, FEE, fee)
  charge(overdue, PENALTY, penalty)
  charge(overdue, INTEREST, interest)
  if (oldest !== null) {
    charge(overdue, PRINCIPAL, principal)
    insertLine(book, overdue)
  }
  if (ALL_COMPONENTS.some((component) => undated.charged[component] > 0n)) insertLine(book, undated)
}

function isOwnLine(line: Line): boolean {
  return line.kind === 'charge' || (line.kind === 'instalment' && line.seq > 0)
}
