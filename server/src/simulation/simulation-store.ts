import type { Sql } from '../platform/db/index.ts'

// SQL of a simulation: who is in its book, what is due next, and what came of it.

export async function listPeople(
  sql: Sql,
): Promise<Map<string, { borrowerNo: string; loanNo: string }>> {
  const rows = await sql.query<{ borrower_id: string; borrower_no: string; loan_no: string }>(
    'select b.borrower_id, b.borrower_no, l.loan_no from borrower b join loan l using (borrower_id)',
  )
  return new Map(
    rows.map((row) => [row.borrower_id, { borrowerNo: row.borrower_no, loanNo: row.loan_no }]),
  )
}

/** What a loan owes of what is due on a day, in minor units. */
export async function sumDue(sql: Sql, loanNo: string, on: string): Promise<bigint> {
  const [row] = await sql.query<{ due: string }>(
    `select coalesce(sum(i.outstanding_minor), 0)::text as due from loan l join instalment i using (borrower_id, loan_id)
     where l.loan_no = $1 and i.due_on <= $2`,
    [loanNo, on],
  )
  return BigInt(row?.due ?? '0')
}

/** The instant of the next planned contact before another; null when none is planned. */
export async function findNextPlanned(sql: Sql, before: string): Promise<string | null> {
  const [row] = await sql.query<{ at: string | null }>(
    `select min(due_at) as at from attempt where state = 'planned' and due_at < $1`,
    [before],
  )
  return row?.at ?? null
}

export type BorrowerResult = {
  readonly contacts: number
  readonly paidMinor: number
  readonly arrearsMinor: number
}

/** What came of each borrower: contacts made, money paid, arrears left. */
export async function listResults(sql: Sql): Promise<BorrowerResult[]> {
  return sql.query<BorrowerResult>(
    `select (select count(*) from attempt a where a.borrower_id = b.borrower_id and a.direction = 'outbound'
         and a.state in ('sent', 'unknown'))::int as contacts,
       coalesce((select sum(e.amount_minor) from ledger_event e where e.borrower_id = b.borrower_id and e.kind = 'paid'), 0)::float8
         as "paidMinor",
       coalesce((select sum(l.arrears_principal_minor + l.arrears_interest_minor + l.arrears_fee_minor
         + l.arrears_penalty_minor) from loan l where l.borrower_id = b.borrower_id), 0)::float8 as "arrearsMinor"
     from borrower b order by b.borrower_id`,
  )
}

/** How often each thing happened: verdicts, holds by kind, cases cured. */
export async function countHappenings(sql: Sql): Promise<Record<string, number>> {
  const rows = await sql.query<{ what: string; n: number }>(
    `select verdict as what, count(*)::int as n from decision group by 1
     union all select 'hold ' || kind, count(*)::int from hold group by 1
     union all select 'cured', count(*)::int from collection_case where close_reason = 'cured'
     union all select 'cases', count(*)::int from collection_case`,
  )
  return Object.fromEntries(rows.map(({ what, n }) => [what, n]))
}
