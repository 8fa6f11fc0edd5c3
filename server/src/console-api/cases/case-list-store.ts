import type { CASE_SORTS } from '@dunlin/contract'
import type { Database, SqlValue } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Reach } from '../context.ts'
import { REACH_TABLES, reachValues, withinReach } from '../reach-store.ts'
import type { Place } from './case-cursor.ts'

// The list of cases. Pages go by a place in an index, so that the thousandth costs what the first does.

export type CaseListRow = {
  case_id: string
  borrower_no: string
  sealed: Buffer
  portfolio: string
  zone: string
  currency: string
  state: string
  stage: string | null
  opened_on: string
  ages_from_days: number | null
  held_dpd: number | null
  arrears_minor: string
  next_step: string | null
  next_step_on: string | null
  /** What the page is ordered by, as text. */
  sort_value: string | null
}

/** Columns of an order, and which way it goes. */
const ORDERS = {
  arrears: { column: 'c.arrears_minor', type: 'bigint', way: 'desc' },
  dpd: { column: 'c.ages_from_on', type: 'date', way: 'asc' },
  opened: { column: 'c.opened_on', type: 'date', way: 'desc' },
  'next-step': { column: 'c.next_step_on', type: 'date', way: 'asc' },
} as const satisfies Record<
  (typeof CASE_SORTS)[number],
  { column: string; type: string; way: 'asc' | 'desc' }
>

const COLUMNS = `c.case_id, b.borrower_no, b.sealed, p.name as portfolio, p.zones[1] as zone, c.currency, c.state,
  c.noted_stage as stage, c.opened_on, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd,
  c.arrears_minor, c.next_step, c.next_step_on`
const TABLES = `collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id) ${REACH_TABLES}`

export type PageAsked = {
  readonly reach: Reach
  readonly state: 'open' | 'closed'
  readonly stage?: string | undefined
  readonly portfolio?: string | undefined
  readonly sort: keyof typeof ORDERS
  readonly limit: number
  readonly place: Place | null
}

export async function readPage(db: Database, asked: PageAsked): Promise<CaseListRow[]> {
  const { column, type, way } = ORDERS[asked.sort]
  const after = way === 'desc' ? '<' : '>'
  const values: SqlValue[] = [...reachValues(asked.reach), asked.limit]
  const wanted = [withinReach(1), `c.state = '${asked.state}'`, `${column} is not null`]
  const add = (text: (at: string) => string, value: SqlValue): void => {
    values.push(value)
    wanted.push(text(`$${values.length}`))
  }
  if (asked.stage !== undefined) add((at) => `c.noted_stage = ${at}`, asked.stage)
  if (asked.portfolio !== undefined) add((at) => `p.name = ${at}`, asked.portfolio)
  if (asked.place !== null) {
    values.push(asked.place.value, asked.place.caseId)
    const [value, id] = [`$${values.length - 1}`, `$${values.length}`]
    wanted.push(`(${column}, c.case_id) ${after} (${value}::${type}, ${id}::bigint)`)
  }
  return db.query(
    `select ${COLUMNS}, ${column}::text as sort_value from ${TABLES} where ${wanted.join(' and ')}
     order by ${column} ${way}, c.case_id ${way} limit $5`,
    values,
  )
}

const FOUND_MAX = 50

/** Cases of a borrower's number, a loan's number, or a whole phone number or address. */
export async function findBySearch(
  db: Database,
  { sealer, reach, search }: { sealer: Sealer; reach: Reach; search: string },
): Promise<CaseListRow[]> {
  const phone = /^\d{11}$/.test(search) ? `+86${search}` : search
  const hashes = [sealer.hash('phone', phone), sealer.hash('email', search.toLowerCase())]
  return db.query(
    `select ${COLUMNS}, c.arrears_minor::text as sort_value from ${TABLES}
     where ${withinReach(1)} and c.borrower_id in (
       select borrower_id from portfolio p join borrower b on b.lender = p.lender and b.borrower_no = $5
       union select borrower_id from portfolio p join loan l on l.portfolio_id = p.portfolio_id and l.loan_no = $5
       union select borrower_id from contact_point where value_hash = any($6::bytea[]))
     order by c.state desc, c.arrears_minor desc, c.case_id desc limit ${FOUND_MAX}`,
    [...reachValues(reach), search, hashes],
  )
}

/** One case, when somebody reaches it. */
export async function findReached(
  db: Database,
  { caseId, reach }: { caseId: string; reach: Reach },
): Promise<CaseListRow | null> {
  const [row] = await db.query<CaseListRow>(
    `select ${COLUMNS}, c.arrears_minor::text as sort_value from ${TABLES} where ${withinReach(1)} and c.case_id = $5`,
    [...reachValues(reach), caseId],
  )
  return row ?? null
}

export async function readFacets(
  db: Database,
  reach: Reach,
): Promise<{ portfolios: string[]; stages: { stage: string; count: number }[] }> {
  const [portfolios, stages] = await Promise.all([
    db.query<{ name: string }>('select name from portfolio order by name'),
    db.query<{ stage: string; count: number }>(
      `select c.noted_stage as stage, count(*)::integer as count from ${TABLES}
       where ${withinReach(1)} and c.state = 'open' and c.noted_stage is not null
       group by 1 order by min(c.ages_from_on) desc nulls first`,
      reachValues(reach),
    ),
  ])
  return { portfolios: portfolios.map(({ name }) => name), stages }
}
