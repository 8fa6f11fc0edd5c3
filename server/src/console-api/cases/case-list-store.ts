import type { CASE_SORTS } from '@dunlin/contract'
import type { Database, SqlValue } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Reach } from '../context.ts'
import { reachValues, withinReach } from '../reach-store.ts'
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

type Order = {
  readonly column: string
  readonly type: string
  readonly way: 'asc' | 'desc'
  /** What decides between equals, to the last column that of the index which has the order. */
  readonly ties: readonly string[]
}

const BY_CASE = ['c.case_id']
const ORDERS: Readonly<Record<(typeof CASE_SORTS)[number], Order>> = {
  arrears: { column: 'c.arrears_minor', type: 'bigint', way: 'desc', ties: BY_CASE },
  dpd: { column: 'c.ages_from_on', type: 'date', way: 'asc', ties: BY_CASE },
  opened: { column: 'c.opened_on', type: 'date', way: 'desc', ties: BY_CASE },
  'next-step': {
    column: 'c.next_step_on',
    type: 'date',
    way: 'asc',
    ties: ['c.borrower_id', 'c.case_id'],
  },
}

const COLUMNS = `c.case_id, b.borrower_no, b.sealed, p.name as portfolio, p.zones[1] as zone, c.currency, c.state,
  c.noted_stage as stage, c.opened_on, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd,
  c.arrears_minor, c.next_step, c.next_step_on`
const TABLES = `collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id)`

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
  const { column, type, way, ties } = ORDERS[asked.sort]
  const values: SqlValue[] = [...reachValues(asked.reach), asked.limit]
  const wanted = [withinReach(1), `c.state = '${asked.state}'`, `${column} is not null`]
  const put = (value: SqlValue): string => `$${values.push(value)}`
  if (asked.stage !== undefined) wanted.push(`c.noted_stage = ${put(asked.stage)}`)
  if (asked.portfolio !== undefined) wanted.push(`p.name = ${put(asked.portfolio)}`)
  if (asked.place !== null) {
    const [value, id] = [put(asked.place.value), put(asked.place.caseId)]
    const after = ties.map(
      (tie) => `(select ${tie} from collection_case c where c.case_id = ${id}::bigint)`,
    )
    wanted.push(
      `(${[column, ...ties].join(', ')}) ${way === 'desc' ? '<' : '>'} (${[`${value}::${type}`, ...after].join(', ')})`,
    )
  }
  return db.query(
    `select ${COLUMNS}, ${column}::text as sort_value from ${TABLES} where ${wanted.join(' and ')}
     order by ${[column, ...ties].map((each) => `${each} ${way}`).join(', ')} limit $5`,
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

/** What a list can be filtered by. Stages are jumped to, one index entry each: counting them reads the book. */
export async function readFacets(
  db: Database,
): Promise<{ portfolios: string[]; stages: string[] }> {
  const [portfolios, stages] = await Promise.all([
    db.query<{ name: string }>('select name from portfolio order by name'),
    db.query<{ stage: string }>(
      `with recursive found as (
         (select noted_stage as stage from collection_case where state = 'open' order by noted_stage limit 1)
         union all
         select (select noted_stage from collection_case where state = 'open' and noted_stage > f.stage order by noted_stage limit 1)
         from found f where f.stage is not null)
       select f.stage from found f where f.stage is not null
       order by (select ages_from_on from collection_case c where c.state = 'open' and c.noted_stage = f.stage
           order by arrears_minor desc, case_id desc limit 1) desc nulls first,
         f.stage`,
    ),
  ])
  return {
    portfolios: portfolios.map(({ name }) => name),
    stages: stages.map(({ stage }) => stage),
  }
}
