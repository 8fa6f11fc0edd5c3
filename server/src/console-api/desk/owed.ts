import { type EpochDay, formatLocalDate, parseLocalDate, required } from '@dunlin/kernel'
import { type ByComponent, foldLoan, type LoanState } from '../../loanbook/index.ts'
import { type CaseLedger, readLedgers } from '../../plans/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { DeskCaseRow } from './case-view-store.ts'

const LINES_MAX = 120

/** What is owed to the day, by loan, part and component, as the ledger folds it now. */
export async function readOwed(tx: Tx, row: DeskCaseRow, todayText: string) {
  const today = required(parseLocalDate(todayText), todayText)
  const ledgers = await readLedgers(tx, {
    ...{ borrowerId: row.borrower_id, lender: row.lender, currency: row.currency },
  })
  const loans = ledgers.map((ledger) => ({ ledger, state: fold(ledger, today) }))
  const sum = (pick: (state: LoanState) => bigint): number =>
    Number(loans.reduce((total, { state }) => total + pick(state), 0n))
  return {
    asOf: todayText,
    arrearsMinor: sum(({ arrearsMinor }) => arrearsMinor),
    outstandingMinor: sum(({ outstandingMinor }) => outstandingMinor),
    feeMinor: sum(({ arrears: [fee] }) => fee),
    penaltyMinor: sum(({ arrears: [, penalty] }) => penalty),
    interestMinor: sum(({ arrears: [, , interest] }) => interest),
    principalMinor: sum(({ arrears: [, , , principal] }) => principal),
    loans: loans
      .filter(({ state }) => state.outstandingMinor > 0n)
      .map(({ ledger, state }) => toLoan(ledger, state, today)),
  }
}

function fold({ product, events }: CaseLedger, asOf: EpochDay): LoanState {
  return foldLoan({ product, events, asOf })
}

function toLoan(ledger: CaseLedger, state: LoanState, today: EpochDay) {
  return {
    id: ledger.loanId,
    loanNo: ledger.loanNo,
    arrearsMinor: Number(state.arrearsMinor),
    outstandingMinor: Number(state.outstandingMinor),
    creditMinor: Number(state.creditMinor),
    dpd: state.dpd,
    pausedDays: state.pausedDays,
    oldestUnpaidDueOn: dayOrNull(state.oldestUnpaidDueOn),
    nextDueOn: dayOrNull(state.nextDueOn),
    nextDueMinor: Number(state.nextDueMinor),
    ...byComponent(state.arrears),
    lines: state.lines
      .flatMap(({ dueOn, seq, outstanding, outstandingMinor }) =>
        dueOn === null || outstandingMinor === 0n
          ? []
          : [
              {
                seq,
                dueOn: formatLocalDate(dueOn),
                daysLate: Math.max(0, today - dueOn),
                outstandingMinor: Number(outstandingMinor),
                ...byComponent(outstanding),
              },
            ],
      )
      .sort((one, other) => (one.dueOn < other.dueOn ? -1 : 1))
      .slice(0, LINES_MAX),
  }
}

function byComponent([fee, penalty, interest, principal]: Readonly<ByComponent>) {
  return {
    principalMinor: Number(principal),
    interestMinor: Number(interest),
    feeMinor: Number(fee),
    penaltyMinor: Number(penalty),
  }
}

function dayOrNull(day: EpochDay | null): string | null {
  return day === null ? null : formatLocalDate(day)
}
