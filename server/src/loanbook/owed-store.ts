import { type EpochDay, epochDay } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { LoanKey } from './ledger-store.ts'

// SQL of what is owed, as payments see it.

/** What names a loan; null when there is none. */
export async function findLoanById(
  tx: Tx,
  { borrowerId, loanId }: LoanKey,
): Promise<{ portfolio: string; loanNo: string; zone: string } | null> {
  const [row] = await tx.query<{ portfolio: string; loan_no: string; zone: string }>(
    `select p.name as portfolio, l.loan_no, p.zones[1] as zone from loan l join portfolio p using (portfolio_id)
     where l.borrower_id = $1 and l.loan_id = $2`,
    [borrowerId, loanId],
  )
  return row === undefined
    ? null
    : { portfolio: row.portfolio, loanNo: row.loan_no, zone: row.zone }
}

/** What a borrower's loans owe; money that is held for a loan already is taken off what it owes. */
export async function listOwed(
  tx: Tx,
  { borrowerId, loanIds }: { borrowerId: string; loanIds: readonly string[] | null },
): Promise<
  {
    loanId: string
    loanNo: string
    currency: string
    arrearsMinor: bigint
    owedMinor: bigint
    oldestUnpaidDueOn: EpochDay | null
  }[]
> {
  const rows = await tx.query<{
    loan_id: string
    loan_no: string
    currency: string
    arrears: string
    owed: string
    due_days: number | null
  }>(
    `select loan_id, loan_no, currency, least(arrears, owed) as arrears, owed, due_days from (
       select loan_id, loan_no, currency, oldest_unpaid_due_on - date '1970-01-01' as due_days,
         arrears_fee_minor + arrears_penalty_minor + arrears_interest_minor + arrears_principal_minor as arrears,
         greatest(outstanding_minor - credit_minor, 0) as owed
       from loan where borrower_id = $1 and ($2::bigint[] is null or loan_id = any($2))) l
     order by loan_id`,
    [borrowerId, loanIds],
  )
  return rows.map((row) => ({
    loanId: row.loan_id,
    loanNo: row.loan_no,
    currency: row.currency,
    arrearsMinor: BigInt(row.arrears),
    owedMinor: BigInt(row.owed),
    oldestUnpaidDueOn: row.due_days === null ? null : epochDay(row.due_days),
  }))
}
