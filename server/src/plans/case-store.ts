import { type EpochDay, epochDay } from '@dunlin/kernel'
import type { Sql } from '../platform/db/index.ts'

/** What every operation on a case needs to know of it. */
export type CaseFacts = {
  readonly borrowerId: string
  readonly caseId: string
  readonly state: 'open' | 'closed'
  readonly lender: string
  readonly currency: string
  readonly zone: string
  readonly country: string
  readonly holidays: string | null
  readonly language: string
  /** A death that was confirmed: nothing more is agreed with this person. */
  readonly isDeceased: boolean
  readonly arrearsMinor: bigint
  readonly agesFromOn: EpochDay | null
  readonly heldDpd: number | null
  readonly contactLine: string
  readonly complaintLine: string
}

type Row = {
  borrower_id: string
  case_id: string
  state: 'open' | 'closed'
  lender: string
  currency: string
  zone: string
  country: string
  holidays: string | null
  language: string
  is_deceased: boolean
  arrears_minor: string
  ages_from_days: number | null
  held_dpd: number | null
  contact_line: string
  complaint_line: string
}

/** A case by its id; the caller locks its borrower and reads it again before it decides. */
export async function findCaseFacts(sql: Sql, caseId: string): Promise<CaseFacts | null> {
  const [row] = await sql.query<Row>(
    `select c.borrower_id, c.case_id, c.state, c.lender, c.currency, p.zones[1] as zone, p.country, p.holidays, b.language, b.status = 'deceased' as is_deceased,
       c.arrears_minor, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd, p.contact_line, p.complaint_line
     from collection_case c join portfolio p using (portfolio_id) join borrower b using (borrower_id) where c.case_id = $1`,
    [caseId],
  )
  if (row === undefined) return null
  return {
    borrowerId: row.borrower_id,
    caseId: row.case_id,
    state: row.state,
    lender: row.lender,
    currency: row.currency,
    zone: row.zone,
    country: row.country,
    holidays: row.holidays,
    language: row.language,
    isDeceased: row.is_deceased,
    arrearsMinor: BigInt(row.arrears_minor),
    agesFromOn: row.ages_from_days === null ? null : epochDay(row.ages_from_days),
    heldDpd: row.held_dpd,
    contactLine: row.contact_line,
    complaintLine: row.complaint_line,
  }
}

/** A loan of a borrower under its number; null when there is none. */
export async function findLoanId(
  sql: Sql,
  { borrowerId, loanNo }: { borrowerId: string; loanNo: string },
): Promise<string | null> {
  const [row] = await sql.query<{ loan_id: string }>(
    'select loan_id from loan where borrower_id = $1 and loan_no = $2 order by loan_id limit 1',
    [borrowerId, loanNo],
  )
  return row?.loan_id ?? null
}

export type CaseLoan = {
  readonly borrowerId: string
  readonly loanId: string
  readonly loanNo: string
  readonly portfolio: string
}

/** The loans of a case: the borrower's with its lender in its currency, oldest first. */
export async function listLoansOf(
  sql: Sql,
  { borrowerId, lender, currency }: Pick<CaseFacts, 'borrowerId' | 'lender' | 'currency'>,
): Promise<CaseLoan[]> {
  return sql.query<CaseLoan>(
    `select l.borrower_id as "borrowerId", l.loan_id as "loanId", l.loan_no as "loanNo", p.name as portfolio
     from loan l join portfolio p using (portfolio_id)
     where l.borrower_id = $1 and p.lender = $2 and l.currency = $3 order by l.loan_id`,
    [borrowerId, lender, currency],
  )
}
