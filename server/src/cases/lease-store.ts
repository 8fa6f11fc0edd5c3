import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of work leases: one row a borrower, so that two people never hold one.

export type LeaseKey = { readonly borrowerId: string; readonly caseId: string }
export type LeaseTerms = {
  readonly userId: string
  readonly now: string
  readonly until: string
}

/** Number of the advisory lock under which one person takes and lets go; its second half is theirs. */
const TAKING = 7

/** Of one person's asks at once, one takes at a time: the others see what it took, and let it go. */
export async function lockTaker(tx: Tx, userId: string): Promise<void> {
  await tx.run('select pg_advisory_xact_lock($1, hashtext($2))', [TAKING, userId])
}

/** Takes the first of these that nobody else holds now; null when every one is held. */
export async function takeFirst(
  tx: Tx,
  wanted: readonly LeaseKey[],
  { userId, now, until }: LeaseTerms,
): Promise<LeaseKey | null> {
  const [row] = await tx.query<LeaseKey>(
    `insert into work_lease (borrower_id, case_id, user_id, taken_at, expires_at)
     select w.borrower_id, w.case_id, $3, $4, $5 from unnest($1::bigint[], $2::bigint[]) with ordinality
       as w(borrower_id, case_id, place)
     where not exists (select 1 from work_lease l where l.borrower_id = w.borrower_id and l.user_id <> $3 and l.expires_at > $4)
     order by w.place limit 1
     on conflict (borrower_id) do update set case_id = excluded.case_id, user_id = excluded.user_id,
       taken_at = case when work_lease.user_id = excluded.user_id and work_lease.expires_at > $4
         then work_lease.taken_at else excluded.taken_at end, expires_at = excluded.expires_at
       where work_lease.user_id = excluded.user_id or work_lease.expires_at <= $4
     returning borrower_id as "borrowerId", case_id as "caseId"`,
    [wanted.map((each) => each.borrowerId), wanted.map((each) => each.caseId), userId, now, until],
  )
  return row ?? null
}

/** Takes a borrower whoever holds them. */
export async function overrideLease(
  tx: Tx,
  { borrowerId, caseId }: LeaseKey,
  { userId, now, until }: LeaseTerms,
): Promise<void> {
  await tx.run(
    `insert into work_lease (borrower_id, case_id, user_id, taken_at, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (borrower_id) do update set case_id = excluded.case_id, user_id = excluded.user_id,
       taken_at = excluded.taken_at, expires_at = excluded.expires_at`,
    [borrowerId, caseId, userId, now, until],
  )
}

/** False when it is not theirs any more. */
export async function extendLease(
  sql: Sql,
  borrowerId: string,
  { userId, now, until }: LeaseTerms,
): Promise<boolean> {
  const changed = await sql.run(
    'update work_lease set expires_at = $4 where borrower_id = $1 and user_id = $2 and expires_at > $3',
    [borrowerId, userId, now, until],
  )
  return changed > 0
}

/** Lets everybody go whom a person holds, but one borrower. */
export async function deleteLeases(
  sql: Sql,
  { userId, but }: { userId: string; but: string | null },
): Promise<void> {
  await sql.run('delete from work_lease where user_id = $1 and borrower_id is distinct from $2', [
    userId,
    but,
  ])
}

export async function deleteLease(
  sql: Sql,
  { borrowerId, userId }: { borrowerId: string; userId: string },
): Promise<void> {
  await sql.run('delete from work_lease where borrower_id = $1 and user_id = $2', [
    borrowerId,
    userId,
  ])
}

export type Lease = {
  readonly userId: string
  readonly name: string
  readonly takenAt: string
  readonly expiresAt: string
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/** Who works on a borrower now; null when nobody does. */
export async function findLease(
  sql: Sql,
  { borrowerId, now }: { borrowerId: string; now: string },
): Promise<Lease | null> {
  const [row] = await sql.query<Lease>(
    `select l.user_id as "userId", u.name, to_char(l.taken_at at time zone 'utc', ${UTC}) as "takenAt",
       to_char(l.expires_at at time zone 'utc', ${UTC}) as "expiresAt"
     from work_lease l join auth_user u on u.id = l.user_id where l.borrower_id = $1 and l.expires_at > $2`,
    [borrowerId, now],
  )
  return row ?? null
}
