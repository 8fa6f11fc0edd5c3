import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of batches of cases that outside agencies work.

export type NewPlacement = {
  readonly name: string
  readonly agency: string
  readonly portfolio: string
  readonly recallOn: string
  readonly by: string
  readonly at: string
}

/** Makes a placement; null when its name is taken. The agency and the portfolio must be there. */
export async function insertPlacement(tx: Tx, given: NewPlacement): Promise<string | null> {
  const [row] = await tx.query<{ placement_id: string }>(
    `insert into placement (name, agency_id, portfolio_id, placed_by, placed_at, recall_on)
     select $1, a.agency_id, p.portfolio_id, $4, $5, $6 from agency a, portfolio p where a.name = $2 and p.name = $3
     on conflict (name) do nothing returning placement_id`,
    [given.name, given.agency, given.portfolio, given.by, given.at, given.recallOn],
  )
  return row?.placement_id ?? null
}

export async function findAgency(
  sql: Sql,
  name: string,
): Promise<{ agencyId: string; isListed: boolean } | null> {
  const [row] = await sql.query<{ agencyId: string; isListed: boolean }>(
    'select agency_id as "agencyId", is_listed as "isListed" from agency where name = $1',
    [name],
  )
  return row ?? null
}

/** Every agency by name, and whether it is on the published list. */
export async function listAgencies(sql: Sql): Promise<{ name: string; isListed: boolean }[]> {
  return sql.query('select name, is_listed as "isListed" from agency order by name')
}

/** Every portfolio with the stages in which it has open cases that are placed nowhere. */
export async function listPlaceable(sql: Sql): Promise<{ name: string; stages: string[] }[]> {
  return sql.query(
    `select p.name, coalesce(array_agg(distinct c.noted_stage order by c.noted_stage) filter (where c.noted_stage is not null), '{}')
       as stages
     from portfolio p left join collection_case c on c.portfolio_id = p.portfolio_id and c.state = 'open'
       and not exists (select 1 from placed_case x where x.borrower_id = c.borrower_id and x.case_id = c.case_id
         and x.ended_at is null)
     group by p.name order by p.name`,
  )
}

export type PlacedCase = { readonly borrowerId: string; readonly caseId: string }

/** Puts open cases of the placement's portfolio that are placed nowhere into it; the cases. */
export async function insertPlacedCases(
  tx: Tx,
  given: {
    placementId: string
    stages: readonly string[] | null
    caseIds: readonly string[] | null
    limit: number
    at: string
  },
): Promise<PlacedCase[]> {
  return tx.query<PlacedCase>(
    `insert into placed_case (borrower_id, case_id, placement_id, arrears_minor, currency, placed_at)
     select c.borrower_id, c.case_id, pl.placement_id, c.arrears_minor, c.currency, $5
     from placement pl join collection_case c on c.portfolio_id = pl.portfolio_id
     where pl.placement_id = $1 and c.state = 'open' and ($2::text[] is null or c.noted_stage = any($2))
       and ($3::bigint[] is null or c.case_id = any($3))
       and not exists (select 1 from placed_case x where x.borrower_id = c.borrower_id and x.case_id = c.case_id
         and (x.ended_at is null or x.placement_id = pl.placement_id))
     order by c.borrower_id, c.case_id limit $4
     returning borrower_id as "borrowerId", case_id as "caseId"`,
    [given.placementId, given.stages, given.caseIds, given.limit, given.at],
  )
}

/** Ends the placement of its cases; the cases that were still there. */
export async function endPlacedCases(
  tx: Tx,
  given: { placementId: string; at: string; reason: string },
): Promise<PlacedCase[]> {
  return tx.query<PlacedCase>(
    `update placed_case set ended_at = $2, end_reason = $3 where placement_id = $1 and ended_at is null
     returning borrower_id as "borrowerId", case_id as "caseId"`,
    [given.placementId, given.at, given.reason],
  )
}

/** Marks a placement as recalled; false when there is no open one of that id. */
export async function closePlacement(
  tx: Tx,
  given: { placementId: string; at: string },
): Promise<boolean> {
  const touched = await tx.run(
    'update placement set recalled_at = $2 where placement_id = $1 and recalled_at is null',
    [given.placementId, given.at],
  )
  return touched > 0
}

/** Open placements whose day has come where their portfolio is. */
export async function listToRecall(sql: Sql, at: string): Promise<string[]> {
  const rows = await sql.query<{ placement_id: string }>(
    `select placement_id from placement join portfolio p using (portfolio_id)
     where recalled_at is null and recall_on <= ($1::timestamptz at time zone p.zones[1])::date order by placement_id`,
    [at],
  )
  return rows.map((row) => row.placement_id)
}

export type PlacementRow = {
  readonly id: string
  readonly name: string
  readonly agency: string
  readonly portfolio: string
  readonly placedAt: string
  readonly recallOn: string
  readonly recalledAt: string | null
  readonly cases: number
  readonly open: number
  readonly placedMinor: number
  readonly collectedMinor: number
}

/** Placements, newest first, with what was placed and what was paid on their cases while they had them. */
export async function listPlacements(sql: Sql, limit: number): Promise<PlacementRow[]> {
  return sql.query<PlacementRow>(
    `select pl.placement_id as id, pl.name, a.name as agency, p.name as portfolio, pl.placed_at as "placedAt",
       pl.recall_on as "recallOn", pl.recalled_at as "recalledAt", count(x.case_id)::int as cases,
       count(x.case_id) filter (where x.ended_at is null)::int as open, coalesce(sum(x.arrears_minor), 0)::float8 as "placedMinor",
       coalesce(sum(paid.minor), 0)::float8 as "collectedMinor"
     from placement pl join agency a using (agency_id) join portfolio p using (portfolio_id)
     left join placed_case x using (placement_id)
     left join lateral (select sum(e.amount_minor) as minor from loan l join ledger_event e using (borrower_id, loan_id)
       where l.borrower_id = x.borrower_id and l.portfolio_id = pl.portfolio_id and e.kind = 'paid'
         and e.effective_on >= (x.placed_at at time zone p.zones[1])::date
         and (x.ended_at is null or e.effective_on <= (x.ended_at at time zone p.zones[1])::date)
         and not exists (select 1 from ledger_event r where r.borrower_id = e.borrower_id and r.loan_id = e.loan_id
           and r.kind = 'reversed' and r.reverses = e.event_no)) paid on true
     group by pl.placement_id, a.name, p.name, pl.name order by pl.placement_id desc limit $1`,
    [limit],
  )
}
