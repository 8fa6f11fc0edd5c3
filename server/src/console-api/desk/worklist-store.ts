import type { DESK_REASONS } from '@dunlin/contract'
import type { Database, Sql } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { REACH_TABLES, reachValues, withinReach } from '../reach-store.ts'

// Who is next. Each reason begins at an index of its own and reads no further than is shown, whatever the book's size.

export type WorkRow = {
  case_id: string
  borrower_id: string
  borrower_no: string
  sealed: Buffer
  portfolio: string
  zone: string
  stage: string | null
  ages_from_days: number | null
  held_dpd: number | null
  reason: (typeof DESK_REASONS)[number]
  since: string | null
  agent: string | null
  holder: string | null
  holder_id: string | null
}

export type WorkAsked = {
  readonly reach: Reach
  readonly scope: 'mine' | 'team' | 'all'
  readonly userId: string
  /** The product's clock. */
  readonly at: string
  /** The day that it is there, and the instant at which it began. */
  readonly today: string
  readonly dayFrom: string
  /** The clock on the wall, by which leases run. */
  readonly wall: string
  readonly not: readonly string[]
  readonly limit: number
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

/** Of a case `c`: nobody spoke to, or called, the person today; nothing stops every contact; no promise runs. */
const UNTOUCHED = `
  not exists (select 1 from attempt h where h.borrower_id = c.borrower_id and h.at >= $7 and h.created_on >= $7::timestamptz::date - 1
    and h.actor_kind = 'agent' and h.direction = 'outbound' and h.state in ('sent', 'recorded', 'unknown'))`
const NOT_HELD = `
  not exists (select 1 from hold d where d.borrower_id = c.borrower_id and d.channel is null and d.party_id is null
    and d.contact_point_id is null and d.hours is null and d.days is null and d.debts is null and d.place is null
    and d.from_at <= $6 and (d.to_at is null or d.to_at > $6))`
const NO_PROMISE = `
  not exists (select 1 from promise q where q.borrower_id = c.borrower_id and q.case_id = c.case_id and q.state = 'open')`

/** A bucket: its reason, since when, the tables before the case, what belongs to it, and its own order. */
type Bucket = {
  readonly reason: string
  readonly since: string
  readonly from: string
  readonly where: string
  readonly order: string
}

const BUCKETS: readonly Bucket[] = [
  {
    reason: 'callback',
    since: `to_char(k.due_at at time zone 'utc', ${ISO})`,
    from: 'callback k join collection_case c using (borrower_id, case_id)',
    where: `k.done_at is null and k.due_at <= $6 and (k.user_id is null or k.user_id = $8) and ${NOT_HELD}`,
    order: 'k.due_at',
  },
  {
    reason: 'answer',
    since: `to_char(v.needs_person_at at time zone 'utc', ${ISO})`,
    from: 'conversation v join collection_case c using (borrower_id, case_id)',
    where: `v.state = 'open' and v.needs_person_at is not null`,
    order: `v.needs_person_reason = 'distress' desc, v.needs_person_at`,
  },
  {
    reason: 'promise-due',
    since: 'r.due_on::text',
    from: 'promise r join collection_case c using (borrower_id, case_id)',
    where: `r.state = 'open' and r.due_on = $5::date and ${UNTOUCHED} and ${NOT_HELD}`,
    order: 'c.arrears_minor desc',
  },
  {
    reason: 'promise-broken',
    since: 'r.decided_on::text',
    from: 'promise r join collection_case c using (borrower_id, case_id)',
    where: `r.state = 'broken' and ${UNTOUCHED} and ${NOT_HELD} and ${NO_PROMISE}
      and not exists (select 1 from attempt h where h.borrower_id = c.borrower_id and h.at >= r.decided_on and h.created_on >= r.decided_on
        and h.actor_kind = 'agent' and h.is_effective)`,
    order: 'r.decided_on desc',
  },
  {
    reason: 'new',
    since: 'c.opened_on::text',
    from: 'collection_case c',
    where: `c.opened_on >= $5::date - 3 and c.noted_stage is not null and c.arrears_minor > 0 and ${UNTOUCHED} and ${NOT_HELD} and ${NO_PROMISE}
      and not exists (select 1 from attempt h where h.borrower_id = c.borrower_id and h.at is not null and h.actor_kind = 'agent')`,
    order: 'c.opened_on desc, c.case_id desc',
  },
  {
    reason: 'ranked',
    since: 'null',
    from: 'collection_case c',
    where: `c.arrears_minor > 0 and ${UNTOUCHED} and ${NOT_HELD} and ${NO_PROMISE}`,
    order: 'c.arrears_minor desc, c.case_id desc',
  },
]

const SCOPE = {
  mine: 's.agent_id = $4::bigint',
  team: '(s.assignment_id is null or sa.team_id = $3::bigint or s.agent_id = $4::bigint)',
  all: 'true',
} as const

/** The worklist in its order: a case stands once, at its most urgent reason. */
export async function listWork(sql: Sql, asked: WorkAsked): Promise<WorkRow[]> {
  const buckets = BUCKETS.map((bucket, place) => bucketSql(bucket, place, asked))
  return sql.query<WorkRow>(
    `with found as (${buckets.join(' union all ')}),
       first as (select distinct on (case_id) * from found order by case_id, place, place_in)
     select f.case_id, f.borrower_id, b.borrower_no, b.sealed, p.name as portfolio, p.zones[1] as zone,
       c.noted_stage as stage, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd, f.reason, f.since,
       g.display_name as agent, u.name as holder, l.user_id as holder_id
     from first f join collection_case c on c.borrower_id = f.borrower_id and c.case_id = f.case_id
     join borrower b on b.borrower_id = f.borrower_id join portfolio p on p.portfolio_id = c.portfolio_id
     left join assignment s on s.borrower_id = f.borrower_id and s.case_id = f.case_id and s.to_at is null
     left join agent g on g.agent_id = s.agent_id
     left join work_lease l on l.borrower_id = f.borrower_id and l.expires_at > $9
     left join auth_user u on u.id = l.user_id
     order by f.place, f.place_in limit $11`,
    [
      ...reachValues(asked.reach),
      asked.today,
      asked.at,
      asked.dayFrom,
      asked.userId,
      asked.wall,
      asked.not,
      asked.limit,
    ],
  )
}

function bucketSql(bucket: Bucket, place: number, { scope }: WorkAsked): string {
  const { reason, since, from, where, order } = bucket
  return `(select c.case_id, c.borrower_id, ${place} as place, '${reason}' as reason, ${since} as since,
      row_number() over (order by ${order}) as place_in
    from ${from} ${REACH_TABLES}
    where c.state = 'open' and ${withinReach(1)} and ${SCOPE[scope]} and c.case_id <> all($10::bigint[]) and ${where}
    order by ${order} limit $11)`
}

/** How many people somebody has worked with since an instant. */
export async function countWorked(
  db: Database,
  { by, from }: { by: string; from: string },
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(distinct borrower_id)::integer as count from outcome where recorded_by = $1 and recorded_at >= $2',
    [by, from],
  )
  return row?.count ?? 0
}

/** Whether an agent has any case now. */
export async function hasCases(db: Database, agentId: string): Promise<boolean> {
  const found = await db.query(
    'select 1 from assignment where agent_id = $1 and to_at is null limit 1',
    [agentId],
  )
  return found.length > 0
}
