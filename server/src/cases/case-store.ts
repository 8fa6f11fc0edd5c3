import type { EventPayload } from '@dunlin/contract'
import { type EpochDay, formatLocalDate } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'

// SQL of cases. Set-based: a book of a million is the same statements as one borrower.

export type CaseChange = {
  readonly borrowerId: string
  readonly change: 'opened' | 'updated' | 'cured' | 'closed'
  /** The whole case as it stands now. */
  readonly facts: CaseFacts
}
type CaseFacts = EventPayload<'case.updated'>

/** How long before a due date the strategy of a portfolio first speaks; 0 where it does not. */
export type PreDue = ReadonlyMap<string, number>

/** Borrowers whose loans changed, or whose day to open a case has come; at most `limit`. */
export async function listToSync(
  tx: Tx,
  asOf: EpochDay,
  { limit, portfolioIds }: { limit: number; portfolioIds: readonly string[] | null },
): Promise<string[]> {
  const rows = await tx.query<{ borrower_id: string }>(
    `select distinct borrower_id from (
       (select borrower_id from loan where needs_sync and ($3::bigint[] is null or portfolio_id = any($3))
        order by borrower_id limit $2)
       union all
       (select borrower_id from loan where wakes_on <= $1 and ($3::bigint[] is null or portfolio_id = any($3)) limit $2)) due
     order by borrower_id limit $2`,
    [formatLocalDate(asOf), limit, portfolioIds],
  )
  return rows.map((row) => row.borrower_id)
}

/** The first zone of the portfolios that these borrowers have loans in, by borrower. */
export async function listBorrowerZones(
  tx: Tx,
  borrowerIds: readonly string[],
): Promise<{ borrowerId: string; zone: string }[]> {
  const rows = await tx.query<{ borrower_id: string; zone: string }>(
    `select l.borrower_id, min(p.zones[1]) as zone from loan l join portfolio p using (portfolio_id)
     where l.borrower_id = any($1::bigint[]) group by l.borrower_id`,
    [borrowerIds],
  )
  return rows.map((row) => ({ borrowerId: row.borrower_id, zone: row.zone }))
}

/**
 * Brings the cases of these borrowers in line with their loans, as one staged computation: what each
 * lender-and-currency adds up to, then close, update, open. The caller holds the borrowers' locks.
 */
export async function applyLoans(
  tx: Tx,
  borrowerIds: readonly string[],
  { asOf, preDue }: { asOf: EpochDay; preDue: PreDue },
): Promise<CaseChange[]> {
  await tx.run('drop table if exists case_want')
  await tx.run(WANT, [borrowerIds, formatLocalDate(asOf), [...preDue.keys()], [...preDue.values()]])
  await tx.run('analyze case_want')
  const on = [formatLocalDate(asOf)]
  const closed = await tx.query<ChangeRow>(CLOSE, on)
  const updated = await tx.query<ChangeRow>(UPDATE, on)
  const opened = await tx.query<ChangeRow>(OPEN, on)
  await tx.run(SETTLE, [borrowerIds])
  return [...closed, ...updated, ...opened].map((row) => ({
    borrowerId: row.borrower_id,
    change: row.change,
    facts: factsOf(row),
  }))
}

type ChangeRow = {
  borrower_id: string
  case_id: string
  portfolio_id: string
  currency: string
  state: CaseFacts['state']
  arrears_minor: string
  outstanding_minor: string
  ages_from_on: string | null
  held_dpd: number | null
  next_due_on: string | null
  next_due_minor: string
  change: CaseChange['change']
}

function factsOf(row: ChangeRow): CaseFacts {
  return {
    caseId: row.case_id,
    portfolioId: row.portfolio_id,
    currency: row.currency,
    state: row.state,
    arrearsMinor: Number(row.arrears_minor),
    outstandingMinor: Number(row.outstanding_minor),
    agesFromOn: row.ages_from_on,
    heldDpd: row.held_dpd,
    nextDueOn: row.next_due_on,
    nextDueMinor: Number(row.next_due_minor),
  }
}

const CHANGED = `c.borrower_id, c.case_id, c.portfolio_id, c.currency, c.state, c.arrears_minor, w.outstanding_minor,
  c.ages_from_on, c.held_dpd, c.next_due_on, c.next_due_minor`

/** What each borrower owes a lender in a currency, whether that is work today, and when it will be. */
const WANT = `
  create temp table case_want on commit drop as
  select borrower_id, lender, currency, portfolio_id, ages_from_on, held_dpd, arrears_minor, outstanding_minor, next_due_on,
    next_due_minor, is_late or (next_due_minor > 0 and next_due_on - pre_due_days <= $2::date) as is_work,
    least(case when not is_late then ages_from_on + 1 end,
          case when next_due_minor > 0 and pre_due_days > 0 then next_due_on - pre_due_days end) as wakes_on
  from (
    select l.borrower_id, p.lender, l.currency, (array_agg(l.portfolio_id order by l.ages_from_on nulls last))[1] as portfolio_id,
      min(l.ages_from_on) as ages_from_on, max(l.held_dpd) as held_dpd,
      sum(l.arrears_principal_minor + l.arrears_interest_minor + l.arrears_fee_minor + l.arrears_penalty_minor)::bigint
        as arrears_minor,
      sum(l.outstanding_minor)::bigint as outstanding_minor, min(l.next_due_on) as next_due_on,
      coalesce(sum(l.next_due_minor) filter (where l.next_due_on = m.first_due_on), 0)::bigint as next_due_minor,
      bool_or(coalesce(l.held_dpd, $2::date - l.ages_from_on) >= 1) is true as is_late,
      coalesce(max(d.days), 0) as pre_due_days
    from loan l join portfolio p using (portfolio_id)
    join lateral (select min(x.next_due_on) as first_due_on from loan x
      where x.borrower_id = l.borrower_id and x.currency = l.currency) m on true
    left join unnest($3::bigint[], $4::integer[]) d(portfolio_id, days) on d.portfolio_id = l.portfolio_id
    where l.borrower_id = any($1::bigint[])
    group by l.borrower_id, p.lender, l.currency) s`

const CLOSE = `
  update collection_case c set state = 'closed', closed_on = $1, next_step = null, next_step_on = null,
    arrears_minor = w.arrears_minor, ages_from_on = null, held_dpd = null, next_due_on = w.next_due_on,
    next_due_minor = w.next_due_minor,
    close_reason = case when w.outstanding_minor > 0 or c.ages_from_on is not null or c.held_dpd is not null
      then 'cured' else 'closed' end
  from case_want w
  where c.borrower_id = w.borrower_id and c.lender = w.lender and c.currency = w.currency and c.state = 'open'
    and not w.is_work
  returning ${CHANGED}, c.close_reason as change`

/** A case whose facts changed is looked at again today: its next step may be another one. */
const UPDATE = `
  update collection_case c set portfolio_id = w.portfolio_id, ages_from_on = w.ages_from_on, held_dpd = w.held_dpd,
    arrears_minor = w.arrears_minor, next_due_on = w.next_due_on, next_due_minor = w.next_due_minor, next_step_on = $1
  from case_want w
  where c.borrower_id = w.borrower_id and c.lender = w.lender and c.currency = w.currency and c.state = 'open'
    and w.is_work and (c.ages_from_on, c.held_dpd, c.arrears_minor, c.next_due_on, c.next_due_minor)
      is distinct from (w.ages_from_on, w.held_dpd, w.arrears_minor, w.next_due_on, w.next_due_minor)
  returning ${CHANGED}, 'updated' as change`

const OPEN = `
  with opened as (insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, held_dpd,
    arrears_minor, next_due_on, next_due_minor, next_step_on)
  select w.borrower_id, w.portfolio_id, w.lender, w.currency, 'open', $1, w.ages_from_on, w.held_dpd, w.arrears_minor,
    w.next_due_on, w.next_due_minor, $1
  from case_want w
  where w.is_work and not exists (select 1 from collection_case c where c.borrower_id = w.borrower_id
    and c.lender = w.lender and c.currency = w.currency and c.state = 'open')
  returning *)
  select ${CHANGED}, 'opened' as change from opened c join case_want w using (borrower_id, lender, currency)`

/** Remembers that these loans were looked at, and when one must be looked at again without a change. */
const SETTLE = `
  update loan l set needs_sync = false, wakes_on = case when w.is_work then null else w.wakes_on end
  from case_want w join portfolio p on p.lender = w.lender
  where l.borrower_id = any($1::bigint[]) and l.borrower_id = w.borrower_id and l.currency = w.currency
    and l.portfolio_id = p.portfolio_id
    and (l.needs_sync or l.wakes_on is distinct from case when w.is_work then null else w.wakes_on end)`

export type HoldRow = {
  readonly borrowerId: string
  readonly kind: string
  readonly partyId: string | null
  readonly channel: string | null
  readonly contactPointId: string | null
  readonly debts: readonly string[] | null
  readonly hours: readonly string[] | null
  readonly days: readonly string[] | null
  readonly place: string | null
  readonly fromAt: string
  readonly toAt: string | null
  readonly reason: string
  readonly source: string
  readonly recordedAt: string
}

export async function insertHold(tx: Tx, hold: HoldRow): Promise<string> {
  const [row] = await tx.query<{ hold_id: string }>(
    `insert into hold (borrower_id, kind, party_id, channel, contact_point_id, debts, hours, days, place, from_at, to_at,
       reason, source, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning hold_id`,
    [
      hold.borrowerId,
      hold.kind,
      hold.partyId,
      hold.channel,
      hold.contactPointId,
      hold.debts,
      hold.hours,
      hold.days,
      hold.place,
      hold.fromAt,
      hold.toAt,
      hold.reason,
      hold.source,
      hold.recordedAt,
    ],
  )
  if (row === undefined) throw new Error('no hold was made')
  return row.hold_id
}

/** Ends an open hold at an instant; false when there is none. Nothing is deleted. */
export async function endHoldAt(
  tx: Tx,
  { borrowerId, holdId, at }: { borrowerId: string; holdId: string; at: string },
): Promise<boolean> {
  const ended = await tx.run(
    'update hold set to_at = greatest($3, from_at) where borrower_id = $1 and hold_id = $2 and (to_at is null or to_at > $3)',
    [borrowerId, holdId, at],
  )
  return ended > 0
}

/** Brings the next look at an open case forward to a day; one that is planned earlier stays. */
export async function bringForward(
  tx: Tx,
  { borrowerId, caseId, on }: { borrowerId: string; caseId: string; on: EpochDay },
): Promise<void> {
  await tx.run(
    `update collection_case set next_step_on = least(next_step_on, $3::date)
     where borrower_id = $1 and case_id = $2 and state = 'open'`,
    [borrowerId, caseId, formatLocalDate(on)],
  )
}
