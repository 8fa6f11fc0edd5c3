import { type ComponentIndex, type Line, pay } from './line.ts'
import { type LoanBook, skipPaidUp, totalOpen } from './loan-book.ts'

/** Places the credit on day `day`: lines past due, lines due, then by `prepayment` (ledger.md section 5). */
export function placeCredit(book: LoanBook, day: number): void {
  if (book.credit === 0n) return
  skipPaidUp(book)
  const { lines } = book
  let index = book.firstOpen
  const until = (limit: number): Line[] => {
    const group: Line[] = []
    for (; index < lines.length; index += 1) {
      const line = lines[index]
      if (line === undefined || line.dueOn > limit) break
      if (line.open > 0n) group.push(line)
    }
    return group
  }
  payGroup(book, until(day - 1), { day, order: book.allocation })
  payGroup(book, until(day), { day, order: book.allocation })
  if (book.credit > 0n) prepay(book, until(Number.POSITIVE_INFINITY), day)
}

type Placing = { readonly day: number; readonly order: readonly ComponentIndex[] }

function payGroup(book: LoanBook, group: readonly Line[], placing: Placing): void {
  if (group.length === 0) return
  if (book.product.strategy === 'instalment-first') {
    for (const line of group) payLine(book, line, placing)
    return
  }
  for (const component of placing.order) {
    for (const line of group) payComponent(book, line, { component, day: placing.day })
  }
}

function payLine(book: LoanBook, line: Line, placing: Placing): void {
  for (const component of placing.order) {
    if (book.credit === 0n) return
    payComponent(book, line, { component, day: placing.day })
  }
}

function payComponent(
  book: LoanBook,
  line: Line,
  { component, day }: { component: ComponentIndex; day: number },
): void {
  if (book.credit === 0n) return
  const taken = pay(line, component, { amount: book.credit, on: day })
  if (taken === 0n) return
  book.credit -= taken
  book.touched.add(line)
}

function prepay(book: LoanBook, open: readonly Line[], day: number): void {
  const placing = { day, order: book.prepaymentAllocation }
  switch (book.product.prepayment) {
    case 'hold':
      if (book.credit >= totalOpen(book)) payGroup(book, open, placing)
      return
    case 'next':
      payGroup(book, open, placing)
      return
    case 'last':
      payGroup(book, open.toReversed(), placing)
      return
    case 'spread':
      spread(book, open, placing)
  }
}

/** Even shares over the open lines; what a line cannot take goes round again. */
function spread(book: LoanBook, lines: readonly Line[], placing: Placing): void {
  let open = lines
  while (book.credit > 0n && open.length > 0) {
    const share = divideHalfEven(book.credit, BigInt(open.length))
    let left = book.credit
    for (const [index, line] of open.entries()) {
      const given = index === open.length - 1 || left < share ? left : share
      left -= giveLine(book, line, { ...placing, given })
    }
    open = open.filter((line) => line.open > 0n)
  }
}

function giveLine(book: LoanBook, line: Line, placing: Placing & { given: bigint }): bigint {
  let { given } = placing
  for (const component of placing.order) {
    const taken = pay(line, component, { amount: given, on: placing.day })
    given -= taken
    book.credit -= taken
  }
  book.touched.add(line)
  return placing.given
}

function divideHalfEven(amount: bigint, parts: bigint): bigint {
  const quotient = amount / parts
  const twice = (amount % parts) * 2n
  if (twice > parts || (twice === parts && quotient % 2n === 1n)) return quotient + 1n
  return quotient
}
