import type { Sql } from '../../platform/db/index.ts'

// SQL of identity checks: what was found out before a debt fact was shown, without any answer.

export type IdentityState = {
  readonly how: 'verified' | 'opened' | null
  /** Wrong answers within a day, whoever typed them and however often the case was let go meanwhile. */
  readonly wrong: number
}

/** What a person found out since their time with the borrower began, and is still in force. */
export async function findIdentity(
  sql: Sql,
  given: { borrowerId: string; caseId: string; userId: string; since: string; now: string },
): Promise<IdentityState> {
  const [row] = await sql.query<IdentityState>(
    `select (array_agg(result order by identity_check_id desc)
         filter (where result <> 'wrong' and user_id = $3 and case_id = $2 and checked_at >= $4 and until_at > $5))[1] as how,
       count(*) filter (where result = 'wrong' and checked_at > $5::timestamptz - interval '24 hours')::integer as wrong
     from identity_check where borrower_id = $1 and checked_at >= least($4::timestamptz, $5::timestamptz - interval '24 hours')`,
    [given.borrowerId, given.caseId, given.userId, given.since, given.now],
  )
  return row ?? { how: null, wrong: 0 }
}

export type IdentityCheck = {
  readonly borrowerId: string
  readonly caseId: string
  readonly userId: string
  readonly result: 'verified' | 'wrong' | 'opened'
  readonly basis: 'id-last4' | 'name' | 'none'
  readonly reason: string | null
  readonly now: string
  readonly until: string
}

export async function insertIdentity(sql: Sql, check: IdentityCheck): Promise<void> {
  await sql.run(
    `insert into identity_check (borrower_id, case_id, user_id, result, basis, reason, checked_at, until_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      check.borrowerId,
      check.caseId,
      check.userId,
      check.result,
      check.basis,
      check.reason,
      check.now,
      check.until,
    ],
  )
}
