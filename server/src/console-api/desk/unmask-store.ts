import type { Sql } from '../../platform/db/index.ts'

/** The sealed value of a borrower's contact point; null when there is none, or nothing is left of it. */
export async function findSealedPoint(
  sql: Sql,
  { borrowerId, contactPointId }: { borrowerId: string; contactPointId: string },
): Promise<Buffer | null> {
  const [row] = await sql.query<{ sealed: Buffer }>(
    `select sealed from contact_point
     where borrower_id = $1 and contact_point_id = $2 and length(sealed) > 0`,
    [borrowerId, contactPointId],
  )
  return row?.sealed ?? null
}
