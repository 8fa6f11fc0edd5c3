import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of deals: cases given to many agents at once.

export type NewDeal = {
  readonly portfolio: string
  readonly rule: object
  readonly seed: number
  readonly digest: Buffer
  readonly cases: number
  readonly left: number
  readonly by: string
  readonly at: string
}

/** Keeps a deal; null when there is no such portfolio. */
export async function insertDeal(tx: Tx, deal: NewDeal): Promise<string | null> {
  const [row] = await tx.query<{ deal_id: string }>(
    `insert into deal (portfolio_id, rule, seed, digest, cases, left_over, dealt_by, dealt_at)
     select portfolio_id, $2, $3, $4, $5, $6, $7, $8 from portfolio where name = $1 returning deal_id`,
    [
      ...[deal.portfolio, JSON.stringify(deal.rule), deal.seed, deal.digest],
      ...[deal.cases, deal.left, deal.by, deal.at],
    ],
  )
  return row?.deal_id ?? null
}

/** Marks a deal as undone; false when there is none that is not. */
export async function closeDeal(
  tx: Tx,
  given: { dealId: string; by: string; at: string },
): Promise<boolean> {
  const touched = await tx.run(
    'update deal set undone_by = $2, undone_at = $3 where deal_id = $1 and undone_at is null',
    [given.dealId, given.by, given.at],
  )
  return touched > 0
}

/** Ends what a deal gave and its agents still have; cases that moved since are left. */
export async function endDealt(
  tx: Tx,
  { dealId, at }: { dealId: string; at: string },
): Promise<{ borrowerId: string; caseId: string }[]> {
  return tx.query(
    `update assignment set to_at = greatest($2, from_at) where deal_id = $1 and to_at is null
     returning borrower_id as "borrowerId", case_id as "caseId"`,
    [dealId, at],
  )
}

export type DealRow = {
  readonly id: string
  readonly portfolio: string
  readonly rule: unknown
  readonly seed: number
  readonly digest: string
  readonly cases: number
  readonly left: number
  /** How many of them its agents still have. */
  readonly held: number
  readonly by: string
  readonly at: string
  readonly undoneBy: string | null
  readonly undoneAt: string | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

/** Deals, newest first. */
export async function listDeals(
  sql: Sql,
  { before, limit }: { before: string | null; limit: number },
): Promise<DealRow[]> {
  return sql.query(
    `select d.deal_id as id, p.name as portfolio, d.rule, d.seed::float8 as seed, encode(d.digest, 'hex') as digest,
       d.cases, d.left_over as left, d.dealt_by as by, to_char(d.dealt_at at time zone 'utc', ${UTC}) as at,
       (select count(*) from assignment s where s.deal_id = d.deal_id and s.to_at is null)::integer as held,
       d.undone_by as "undoneBy", to_char(d.undone_at at time zone 'utc', ${UTC}) as "undoneAt"
     from deal d join portfolio p using (portfolio_id)
     where $1::bigint is null or d.deal_id < $1 order by d.deal_id desc limit $2`,
    [before, limit],
  )
}
