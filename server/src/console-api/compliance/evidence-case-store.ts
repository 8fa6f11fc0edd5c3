import type { Sql } from '../../platform/db/index.ts'

const CASES_MAX = 50

export type CaseOfBorrower = {
  caseId: string
  portfolio: string
  state: string
  openedOn: string
  decisions: number
}

/** Whose number it is; null when it is nobody's whose data is still kept. */
export async function findBorrowerId(sql: Sql, borrowerNo: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    'select borrower_id as id from borrower where borrower_no = $1 and erased_at is null',
    [borrowerNo],
  )
  return row?.id ?? null
}

/** The cases of a borrower by number, the latest first, with how often the gate was asked about each. */
export async function listCasesOf(sql: Sql, borrowerNo: string): Promise<CaseOfBorrower[]> {
  return sql.query(
    `select c.case_id as "caseId", p.name as portfolio, c.state, c.opened_on as "openedOn",
       (select count(*)::int from decision d where d.borrower_id = c.borrower_id and d.case_id = c.case_id) as decisions
     from borrower b join collection_case c using (borrower_id) join portfolio p using (portfolio_id)
     where b.borrower_no = $1 order by c.case_id desc limit $2`,
    [borrowerNo, CASES_MAX],
  )
}
