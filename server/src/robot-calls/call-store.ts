import type { Sql, Tx } from '../platform/db/index.ts'

/** The attempt of a call, as far as its talk needs it. */
export type CallRow = {
  readonly borrower_id: string
  readonly attempt_id: string
  readonly case_id: string | null
  readonly contact_point_id: string
  readonly provider_account_id: string | null
  readonly currency: string
  readonly arrears_minor: string | null
  readonly zone: string
  /** Sealed name and identity number. */
  readonly person: Buffer
}

/** The attempt of a permit; null when it was erased meanwhile. */
export async function findCall(
  db: Sql | Tx,
  { borrowerId, attemptId }: { readonly borrowerId: string; readonly attemptId: string },
): Promise<CallRow | null> {
  const [row] = await db.query<CallRow>(
    `select a.borrower_id, a.attempt_id, a.case_id, a.contact_point_id, a.provider_account_id, p.currency,
       c.arrears_minor, p.zones[1] as zone, b.sealed as person
     from attempt a join portfolio p on p.portfolio_id = a.portfolio_id join borrower b on b.borrower_id = a.borrower_id
     left join collection_case c on c.borrower_id = a.borrower_id and c.case_id = a.case_id
     where a.borrower_id = $1 and a.attempt_id = $2 and a.contact_point_id is not null`,
    [borrowerId, attemptId],
  )
  return row ?? null
}
