import type { Database } from '../../platform/db/index.ts'

export type PortfolioRow = {
  name: string
  lender: string
  country: string
  currency: string
  packs: string[]
  strategy: string
  loans: number
  openCases: number
  arrearsMinor: number
  importedAt: string | null
}

/** Portfolios with what lies in them, and when a file was last loaded. */
export async function listPortfolios(db: Database): Promise<PortfolioRow[]> {
  const rows = await db.query<Omit<PortfolioRow, 'arrearsMinor'> & { arrears: string }>(
    `select p.name, p.lender, p.country, p.currency, p.packs, p.strategy,
       (select count(*)::integer from loan l where l.portfolio_id = p.portfolio_id) as loans,
       coalesce(c.cases, 0)::integer as "openCases", coalesce(c.arrears, 0)::bigint as arrears,
       (select to_char(max(j.ended_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') from import_job j
        where j.portfolio_id = p.portfolio_id and j.state = 'done' and not j.is_dry_run) as "importedAt"
     from portfolio p left join (select portfolio_id, count(*) as cases, sum(arrears_minor) as arrears
       from collection_case where state = 'open' group by 1) c using (portfolio_id) order by p.name`,
  )
  return rows.map(({ arrears, ...row }) => ({ ...row, arrearsMinor: Number(arrears) }))
}
