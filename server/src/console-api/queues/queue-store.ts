import type { Database, Sql, SqlValue } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { reachValues, withinReach } from '../reach-store.ts'

// What waits for a person, of the cases that somebody reaches.

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

export type MatterRow = {
  id: string
  caseId: string
  borrowerId: string
  borrowerNo: string
  portfolio: string
  zone: string
  country: string
  holidays: string | null
  kind: string
  channel: string
  raisedBy: string
  state: 'open' | 'decided' | 'appealed' | 'closed'
  owner: string
  holdId: string
  receivedAt: string
  dueOn: string
  dueDays: number
  outcome: string | null
  decidedBy: string | null
  isUntold: boolean
}

/** Whether a person must still tell the decision: no message may or can. */
const UNTOLD = `(m.state in ('decided', 'closed') and 'not-told' is not distinct from (select t.kind from matter_step t
  where t.borrower_id = m.borrower_id and t.matter_id = m.matter_id and t.kind in ('telling', 'told', 'not-told')
  order by t.step_id desc limit 1))`
const COLUMNS = `m.matter_id as id, m.case_id as "caseId", m.borrower_id as "borrowerId", b.borrower_no as "borrowerNo",
  p.name as portfolio, p.zones[1] as zone, p.country, p.holidays, m.kind, m.channel, m.raised_by as "raisedBy", m.state,
  m.owner, m.hold_id as "holdId", to_char(m.received_at at time zone 'utc', ${UTC}) as "receivedAt",
  m.due_on::text as "dueOn", m.due_on - date '1970-01-01' as "dueDays", m.outcome, m.decided_by as "decidedBy",
  ${UNTOLD} as "isUntold"`
const TABLES = `matter m join collection_case c using (borrower_id, case_id) join borrower b using (borrower_id)
  join portfolio p using (portfolio_id)`

/** Which states a queue shows; those that wait go by deadline, the others by the latest deadline first. */
const STATES = {
  waiting: `m.state in ('open', 'appealed')`,
  decided: `m.state = 'decided'`,
  closed: `m.state = 'closed'`,
} as const

export type MatterQueueAsked = {
  readonly reach: Reach
  readonly state: keyof typeof STATES
  readonly kind: string | null
  readonly owner: string | null
  /** Only those that were due before this day. */
  readonly dueBefore: string | null
  readonly isUntold: boolean
  /** The last row of the page before: its deadline and id. */
  readonly place: { readonly dueOn: string; readonly id: string } | null
  readonly limit: number
}

export async function listMatterRows(db: Database, asked: MatterQueueAsked): Promise<MatterRow[]> {
  const isWaiting = asked.state === 'waiting'
  const [way, after] = isWaiting ? ['asc', '>'] : ['desc', '<']
  return db.query(
    `select ${COLUMNS} from ${TABLES} where ${withinReach(1)} and ${STATES[asked.state]}
       and ($5::text is null or m.kind = $5) and ($6::text is null or m.owner = $6)
       and ($7::date is null or m.due_on < $7) and (not $8 or ${UNTOLD})
       and ($9::date is null or (m.due_on, m.matter_id) ${after} ($9::date, $10::bigint))
     order by m.due_on ${way}, m.matter_id ${way} limit $11`,
    [
      ...reachValues(asked.reach),
      ...[asked.kind, asked.owner, asked.dueBefore, asked.isUntold],
      ...[asked.place?.dueOn ?? null, asked.place?.id ?? null, asked.limit],
    ],
  )
}

export async function findMatterRow(
  sql: Sql,
  { matterId, reach }: { matterId: string; reach: Reach },
): Promise<MatterRow | null> {
  const [row] = await sql.query<MatterRow>(
    `select ${COLUMNS} from ${TABLES} where ${withinReach(1)} and m.matter_id = $5`,
    [...reachValues(reach), matterId],
  )
  return row ?? null
}

export async function countMatters(
  db: Database,
  { reach, owner, today }: { reach: Reach; owner: string; today: string },
): Promise<{ waiting: number; late: number; mine: number }> {
  const [row] = await db.query<{ waiting: number; late: number; mine: number }>(
    `select count(*)::integer as waiting, count(*) filter (where m.due_on < $6)::integer as late,
       count(*) filter (where m.owner = $5)::integer as mine
     from ${TABLES} where ${withinReach(1)} and ${STATES.waiting}`,
    [...reachValues(reach), owner, today],
  )
  return row ?? { waiting: 0, late: 0, mine: 0 }
}

export type HoldRow = {
  id: string
  borrowerId: string
  caseId: string
  borrowerNo: string
  portfolio: string
  kind: string
  scope: string[]
  from: string
  to: string | null
  reason: string
  source: string
  matterId: string | null
}

/** The case of a hold's borrower that is shown with it: the newest. */
const HOLDS = `hold h join lateral (select * from collection_case cc where cc.borrower_id = h.borrower_id
    order by cc.state desc, cc.case_id desc limit 1) c on true
  join borrower b on b.borrower_id = h.borrower_id join portfolio p on p.portfolio_id = c.portfolio_id`
const IN_FORCE = '(h.to_at is null or h.to_at > $5)'

export async function listHoldRows(
  db: Database,
  asked: {
    readonly reach: Reach
    readonly at: string
    readonly kind: string | null
    readonly holdId: string | null
    readonly after: string
    readonly limit: number
  },
): Promise<HoldRow[]> {
  const values: SqlValue[] = [...reachValues(asked.reach), asked.at, asked.kind]
  return db.query(
    `select h.hold_id as id, h.borrower_id as "borrowerId", c.case_id as "caseId", b.borrower_no as "borrowerNo",
       p.name as portfolio, h.kind, array_remove(array[h.channel, h.place]
         || coalesce((select array_agg(l.loan_no) from loan l where l.borrower_id = h.borrower_id and l.loan_id = any(h.debts)), '{}')
         || coalesce(h.hours, '{}') || coalesce(h.days, '{}'), null) as scope,
       to_char(h.from_at at time zone 'utc', ${UTC}) as from, to_char(h.to_at at time zone 'utc', ${UTC}) as to,
       h.reason, h.source, (select m.matter_id from matter m where m.borrower_id = h.borrower_id and m.hold_id = h.hold_id
         and m.state in ('open', 'appealed') limit 1) as "matterId"
     from ${HOLDS} where ${withinReach(1)} and ${IN_FORCE} and ($6::text is null or h.kind = $6)
       and ($7::bigint is null or h.hold_id = $7) and h.hold_id > $8 order by h.hold_id limit $9`,
    [...values, asked.holdId, asked.after, asked.limit],
  )
}

export async function countHolds(
  db: Database,
  { reach, at }: { reach: Reach; at: string },
): Promise<{ kind: string; count: number }[]> {
  return db.query(
    `select h.kind, count(*)::integer as count from ${HOLDS} where ${withinReach(1)} and ${IN_FORCE}
     group by 1 order by 2 desc, 1`,
    [...reachValues(reach), at],
  )
}
