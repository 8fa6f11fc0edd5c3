import { type LoanEvents, readLoanEvents } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import { type CaseFacts, listLoansOf } from './case-store.ts'
import type { CaseLedger } from './ledgers.ts'

/** The events of every loan of a case; the caller holds the borrower's lock. */
export async function readLedgers(
  tx: Tx,
  found: Pick<CaseFacts, 'borrowerId' | 'lender' | 'currency'>,
): Promise<CaseLedger[]> {
  const loans = await listLoansOf(tx, found)
  const events = new Map<string, LoanEvents>()
  for (const each of await readLoanEvents(tx, loans)) events.set(each.loanId, each)
  return loans.flatMap(({ loanId, loanNo, portfolio }) => {
    const ledger = events.get(loanId)
    if (ledger === undefined) return []
    const { product } = ledger
    return [{ loanId, loanNo, portfolio, product, events: ledger.events }]
  })
}
