import type { Database } from '../../platform/db/index.ts'

// What one case's page shows.

type Loan = {
  id: string
  loanNo: string
  principalMinor: number
  interestMinor: number
  feeMinor: number
  penaltyMinor: number
  outstandingMinor: number
  oldestUnpaidDueOn: string | null
  asOf: string | null
}

/** The loans of a case: those of its borrower in its lender's portfolios and its currency. */
export async function listCaseLoans(db: Database, caseId: string): Promise<Loan[]> {
  const rows = await db.query<Record<string, string | null>>(
    `select l.loan_id as id, l.loan_no, l.arrears_principal_minor as principal, l.arrears_interest_minor as interest,
       l.arrears_fee_minor as fee, l.arrears_penalty_minor as penalty, l.outstanding_minor as outstanding,
       l.oldest_unpaid_due_on as oldest, coalesce(l.folded_on, l.snapshot_on) as as_of
     from collection_case c join loan l on l.borrower_id = c.borrower_id and l.currency = c.currency
     join portfolio p on p.portfolio_id = l.portfolio_id and p.lender = c.lender
     where c.case_id = $1 order by l.oldest_unpaid_due_on nulls last, l.loan_id`,
    [caseId],
  )
  return rows.map((row) => ({
    id: row.id ?? '',
    loanNo: row.loan_no ?? '',
    principalMinor: Number(row.principal),
    interestMinor: Number(row.interest),
    feeMinor: Number(row.fee),
    penaltyMinor: Number(row.penalty),
    outstandingMinor: Number(row.outstanding),
    oldestUnpaidDueOn: row.oldest ?? null,
    asOf: row.as_of ?? null,
  }))
}

const EVENTS_MAX = 200

/** What happened to the borrower of a case, newest first. */
export async function listCaseEvents(
  db: Database,
  caseId: string,
): Promise<{ id: string; at: string; event: string; channel: string | null }[]> {
  return db.query(
    `select outbox_id::text as id, to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, event,
       payload->>'channel' as channel
     from outbox where borrower_id = (select borrower_id from collection_case where case_id = $1)
       and event not like 'loan.%' order by outbox_id desc limit ${EVENTS_MAX}`,
    [caseId],
  )
}
