import { addDays, civil, type EpochDay, localDate, required } from '@dunlin/kernel'
import { foldLoan, type LedgerEvent, type LoanEvents, readLoanEvents } from '../loanbook/index.ts'
import type { Sql } from '../platform/db/index.ts'
import { type BookLoan, listLoans, type Period } from './kpi-store.ts'
import type { LoanSpan, Standing } from './model/replay-facts.ts'

const BATCH_LOANS = 2_000
const LATE_DAYS = 30
/** Month ends looked back at for a vintage. */
const MONTHS_MAX = 60

/** Every loan of the book folded at both ends of a period, batch by batch: the ledger as it replays, not as it is stored. */
export async function* replayBook(
  sql: Sql,
  period: Period,
  { withMonthEnds }: { withMonthEnds: boolean },
): AsyncIterable<LoanSpan> {
  let after = { borrowerId: '0', loanId: '0' }
  for (;;) {
    const loans = await listLoans(sql, {
      after,
      portfolio: period.portfolio,
      limit: BATCH_LOANS,
    })
    const last = loans.at(-1)
    if (last === undefined) return
    after = last
    const events = new Map((await readLoanEvents(sql, loans)).map((found) => [found.loanId, found]))
    for (const loan of loans) {
      const found = events.get(loan.loanId)
      if (found !== undefined) yield spanOf(loan, found, { period, withMonthEnds })
    }
  }
}

function spanOf(
  loan: BookLoan,
  { product, events }: LoanEvents,
  { period: { from, to }, withMonthEnds }: { period: Period; withMonthEnds: boolean },
): LoanSpan {
  const at = (asOf: EpochDay): Standing => {
    const state = foldLoan({ product, events, asOf })
    return {
      pastDueDays: state.pastDueDays,
      dpd: state.dpd,
      arrearsMinor: Number(state.arrearsMinor),
      outstandingMinor: Number(state.outstandingMinor),
    }
  }
  const { borrowerId, caseId, disbursedMonth, storedOutstandingMinor } = loan
  const end = at(to)
  return {
    ...{ borrowerId, caseId, disbursedMonth, storedOutstandingMinor },
    start: at(addDays(from, -1)),
    end,
    paidMinor: paidBetween(events, from, to),
    wasLate30:
      withMonthEnds &&
      (end.dpd > LATE_DAYS || monthEnds(events, to).some((day) => at(day).dpd > LATE_DAYS)),
  }
}

/** Payments effective in the period, reversed ones left out. */
function paidBetween(events: readonly LedgerEvent[], from: EpochDay, to: EpochDay): number {
  const reversed = new Set(
    events.flatMap((event) => (event.kind === 'reversed' ? [event.reverses] : [])),
  )
  let paid = 0
  for (const event of events) {
    if (event.kind !== 'paid' || reversed.has(event.id)) continue
    if (event.effectiveOn >= from && event.effectiveOn <= to) paid += Number(event.amountMinor)
  }
  return paid
}

/** The last days of the months from the first event on, before `to`. */
function monthEnds(events: readonly LedgerEvent[], to: EpochDay): EpochDay[] {
  const days = events.flatMap(({ effectiveOn }) => (effectiveOn === null ? [] : [effectiveOn]))
  const first = Math.min(...days)
  const ends: EpochDay[] = []
  let { year, month } = civil(to)
  while (ends.length < MONTHS_MAX) {
    const end = addDays(required(localDate(year, month, 1), 'the first of a month'), -1)
    if (end < first) break
    ends.push(end)
    month = month === 1 ? 12 : month - 1
    if (month === 12) year -= 1
  }
  return ends
}
