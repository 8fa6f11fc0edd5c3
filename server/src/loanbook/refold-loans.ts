import type { EpochDay } from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'
import { type LoanKey, listDueForFold, readEvents, updateFolds } from './ledger-store.ts'
import { ageLoan } from './model/index.ts'

const BATCH_LOANS = 2_000

/** Folds these loans at the close of a day and stores the result: one read, one write. */
export async function refoldLoans(
  tx: Tx,
  loans: readonly LoanKey[],
  asOf: EpochDay,
): Promise<void> {
  const found = await readEvents(tx, loans)
  const folds = found.map(({ borrowerId, loanId, product, events }) => ({
    borrowerId,
    loanId,
    row: ageLoan(product, events, asOf),
  }))
  await updateFolds(tx, folds)
}

/**
 * Folds every loan whose day has come, batch by batch, each in its own transaction: cost follows
 * what changes today. Null means every portfolio. Returns how many loans were folded.
 */
export async function refoldDueLoans(
  db: Database,
  asOf: EpochDay,
  portfolioIds: readonly string[] | null = null,
): Promise<number> {
  let folded = 0
  for (;;) {
    const count = await db.transaction(async (tx) => {
      const loans = await listDueForFold(tx, asOf, { limit: BATCH_LOANS, portfolioIds })
      if (loans.length > 0) await refoldLoans(tx, loans, asOf)
      return loans.length
    })
    folded += count
    if (count < BATCH_LOANS) return folded
  }
}
