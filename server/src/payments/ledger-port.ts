import type { EpochDay, Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'

/** A loan as a payer sees it: what is overdue, and what is owed in all. */
export type OwedLoan = {
  readonly loanId: string
  readonly loanNo: string
  readonly currency: string
  readonly arrearsMinor: bigint
  readonly owedMinor: bigint
  readonly oldestUnpaidDueOn: EpochDay | null
}

export type LedgerEntry = {
  readonly borrowerId: string
  readonly loanId: string
  readonly eventNo: string
  /** When it takes effect: on that day in the portfolio's zone. */
  readonly effectiveAt: Instant
  readonly at: Instant
}

/** The ledger as payments need it; the loan book implements it, a tier above. */
export type LedgerPort = {
  /** Takes the borrower's lock, under which everything that bears on contact changes. */
  readonly lock: (tx: Tx, borrowerId: string) => Promise<void>
  /** The borrower's loans under the lock; of all when no ids are named. */
  readonly readOwed: (
    tx: Tx,
    of: { borrowerId: string; loanIds: readonly string[] | null },
  ) => Promise<OwedLoan[]>
  /** Books `paid`; the same event again is nothing. */
  readonly book: (tx: Tx, entry: LedgerEntry & { amountMinor: bigint }) => Promise<void>
  /** Books `reversed` of an event; the same again is nothing. */
  readonly reverse: (tx: Tx, entry: LedgerEntry & { reverses: string }) => Promise<void>
}
