import { type EpochDay, formatLocalDate } from '@dunlin/kernel'
import type { Sql } from '../platform/db/index.ts'
import { TABLE_FACTS } from './kpi-facts-store.ts'
import type { Cohort, Fact } from './model/kpi.ts'

export type Period = {
  /** Local days, both inside. */
  readonly from: EpochDay
  readonly to: EpochDay
  readonly by: Cohort
  /** The name of a portfolio; null: all of them. */
  readonly portfolio: string | null
}

const COHORT_SQL: Readonly<Record<Cohort, string>> = {
  none: `'all'`,
  portfolio: 'po.name',
  month: `to_char(f.on_date, 'YYYY-MM')`,
  channel: `coalesce(f.channel, '-')`,
  agent: `coalesce(f.agent, '-')`,
}

/** The sums of a report's facts per cohort. */
export async function sumFacts(
  sql: Sql,
  name: string,
  period: Period,
): Promise<Omit<Fact, 'borrowerId' | 'caseId'>[]> {
  const rows = await sql.query<{ cohort: string; numerator: string; denominator: string }>(
    `select ${COHORT_SQL[period.by]} as cohort, sum(f.numerator) as numerator, sum(f.denominator) as denominator
     ${FROM(name)} group by 1`,
    toValues(period),
  )
  return rows.map(({ cohort, numerator, denominator }) => ({
    cohort,
    numerator: Number(numerator),
    denominator: Number(denominator),
  }))
}

export type FactPage = { readonly afterBorrowerId: string; readonly limit: number }

/** The facts behind a cohort, whose numerator or denominator is not nothing, by borrower. */
export async function listFacts(
  sql: Sql,
  given: { name: string; period: Period; cohort: string; isNumerator: boolean; page: FactPage },
): Promise<Fact[]> {
  const { name, period, cohort, isNumerator, page } = given
  const rows = await sql.query<{
    borrower_id: string
    case_id: string | null
    numerator: string
    denominator: string
  }>(
    `select f.borrower_id, f.case_id, sum(f.numerator) as numerator, sum(f.denominator) as denominator ${FROM(name)}
       and ${COHORT_SQL[period.by]} = $4 and f.${isNumerator ? 'numerator' : 'denominator'} <> 0 and f.borrower_id > $5
     group by 1, 2 order by 1, 2 limit $6`,
    [...toValues(period), cohort, page.afterBorrowerId, page.limit],
  )
  return rows.map((row) => ({
    borrowerId: row.borrower_id,
    caseId: row.case_id,
    cohort,
    numerator: Number(row.numerator),
    denominator: Number(row.denominator),
  }))
}

function FROM(name: string): string {
  const facts = TABLE_FACTS[name]
  if (facts === undefined) throw new Error(`no facts for the report ${name}`)
  return `from (${facts}) f join portfolio po on po.portfolio_id = f.portfolio_id
    where ($3::text is null or po.name = $3)`
}

function toValues({ from, to, portfolio }: Period): (string | null)[] {
  return [formatLocalDate(from), formatLocalDate(to), portfolio]
}

export type BookLoan = {
  readonly borrowerId: string
  readonly loanId: string
  readonly caseId: string | null
  readonly disbursedMonth: string | null
  readonly storedOutstandingMinor: number
}

/** Loans of the book in the order of their borrowers, after a place in it. */
export async function listLoans(
  sql: Sql,
  given: { after: { borrowerId: string; loanId: string }; portfolio: string | null; limit: number },
): Promise<BookLoan[]> {
  const rows = await sql.query<{
    borrower_id: string
    loan_id: string
    case_id: string | null
    disbursed: string | null
    outstanding_minor: string
  }>(
    `select l.borrower_id, l.loan_id, to_char(l.disbursed_on, 'YYYY-MM') as disbursed, l.outstanding_minor,
       (select case_id from collection_case c where c.borrower_id = l.borrower_id order by case_id desc limit 1) as case_id
     from loan l join portfolio p using (portfolio_id)
     where (l.borrower_id, l.loan_id) > ($1, $2) and ($3::text is null or p.name = $3)
     order by l.borrower_id, l.loan_id limit $4`,
    [given.after.borrowerId, given.after.loanId, given.portfolio, given.limit],
  )
  return rows.map((row) => ({
    borrowerId: row.borrower_id,
    loanId: row.loan_id,
    caseId: row.case_id,
    disbursedMonth: row.disbursed,
    storedOutstandingMinor: Number(row.outstanding_minor),
  }))
}
