import type { Database } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { reachValues, withinReach } from '../reach-store.ts'

// What stands beside a report: portfolios and their currencies, and whose cases are behind a number.

export async function listCurrencies(db: Database): Promise<{ name: string; currency: string }[]> {
  return db.query('select name, currency from portfolio order by name')
}

/** Of these cases, those within reach. */
export async function findReached(
  db: Database,
  given: { reach: Reach; borrowerIds: readonly string[]; caseIds: readonly string[] },
): Promise<Set<string>> {
  const rows = await db.query<{ case_id: string }>(
    `select c.case_id from collection_case c
     where c.borrower_id = any($5::bigint[]) and c.case_id = any($6::bigint[]) and ${withinReach(1)}`,
    [...reachValues(given.reach), [...given.borrowerIds], [...given.caseIds]],
  )
  return new Set(rows.map(({ case_id }) => case_id))
}

/** Borrowers' numbers by their ids. */
export async function readNumbers(
  db: Database,
  borrowerIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.query<{ borrower_id: string; borrower_no: string }>(
    'select borrower_id, borrower_no from borrower where borrower_id = any($1::bigint[])',
    [[...borrowerIds]],
  )
  return new Map(rows.map((row) => [row.borrower_id, row.borrower_no]))
}
