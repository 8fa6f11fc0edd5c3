import { type EpochDay, epochDay, formatLocalDate } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'
import type { ForgottenReason } from '../model/forgotten.ts'

// SQL of what was forgotten: one question over the whole book, not one for each case.

export type PortfolioPlace = {
  readonly portfolioId: string
  readonly country: string
  readonly zone: string
}

export async function listPlaces(sql: Sql): Promise<PortfolioPlace[]> {
  return sql.query<PortfolioPlace>(
    `select portfolio_id as "portfolioId", country, zones[1] as zone from portfolio order by portfolio_id`,
  )
}

/** Before which day something of a portfolio is forgotten. */
export type PlaceBounds = PortfolioPlace & {
  readonly before: Readonly<Record<ForgottenReason, EpochDay>>
}

export type ForgottenRow = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly reason: ForgottenReason
  readonly subjectId: string
  readonly sinceOn: EpochDay
  /** Who owns a matter, or proposed a plan; null for a silent case. */
  readonly owner: string | null
}

/**
 * News that time or files bring by themselves, and what the gate did not let happen: none of it is anybody
 * doing something for the case.
 */
const NOT_LIFE = [
  'case.forgotten',
  'case.updated',
  'case.staged',
  'loan.changed',
  'loan.folded',
  'borrower.changed',
  'contact-point.added',
  'contact-point.changed',
  'contact.deferred',
  'contact.refused',
  'contact.cancelled',
]

/** The last day on which something happened to a case `c`, or until which something is awaited. */
const LAST_LIFE = `
  greatest(c.opened_on, c.last_step_on, c.next_step_on,
    (select max(o.recorded_at at time zone r.zone)::date from outbox o where o.borrower_id = c.borrower_id
       and o.event <> all ($6) and coalesce(o.payload ->> 'caseId', c.case_id::text) = c.case_id::text),
    (select max(greatest(a.at, a.due_at) at time zone r.zone)::date from attempt a where a.borrower_id = c.borrower_id
       and coalesce(a.case_id, c.case_id) = c.case_id and a.state not in ('refused', 'cancelled')),
    (select max(n.written_at at time zone r.zone)::date from case_note n where n.borrower_id = c.borrower_id
       and n.case_id = c.case_id),
    (select max(greatest(k.recorded_at, k.due_at, k.done_at) at time zone r.zone)::date from callback k
       where k.borrower_id = c.borrower_id and k.case_id = c.case_id),
    (select max(greatest(m.received_on, m.due_on)) from matter m where m.borrower_id = c.borrower_id
       and m.case_id = c.case_id and m.state in ('open', 'appealed')),
    (select max(s.at at time zone r.zone)::date from matter m join matter_step s using (borrower_id, matter_id)
       where m.borrower_id = c.borrower_id and m.case_id = c.case_id),
    (select max(p.due_on + p.grace_days) from promise p where p.borrower_id = c.borrower_id and p.case_id = c.case_id
       and p.state = 'open'),
    (select max(x.due_on + l.grace_days) from plan l join plan_part x using (borrower_id, plan_id)
       where l.borrower_id = c.borrower_id and l.case_id = c.case_id and l.state = 'active'),
    (select max(l.offer_until_on) from plan l where l.borrower_id = c.borrower_id and l.case_id = c.case_id
       and l.state in ('awaiting-approval', 'offered')),
    (select max(h.to_at at time zone r.zone)::date from hold h where h.borrower_id = c.borrower_id))`

const FORGOTTEN = `
  with r as (select * from unnest($1::bigint[], $2::text[], $3::date[], $4::date[], $5::date[])
    as t(portfolio_id, zone, silent_before, matter_before, approval_before)),
  f as (
    select c.borrower_id, c.case_id, c.portfolio_id, 'silent' as reason, c.case_id as subject_id, s.since_on, null as owner
      from collection_case c join r using (portfolio_id) cross join lateral (select ${LAST_LIFE} as since_on) s
      where c.state = 'open' and greatest(c.opened_on, c.next_step_on, c.last_step_on) < r.silent_before
        and s.since_on < r.silent_before
    union all
    select m.borrower_id, m.case_id, c.portfolio_id, 'matter-late', m.matter_id, m.due_on, m.owner
      from matter m join collection_case c using (borrower_id, case_id) join r using (portfolio_id)
      where m.state in ('open', 'appealed') and m.due_on < r.matter_before
    union all
    select l.borrower_id, l.case_id, c.portfolio_id, 'approval-late', l.plan_id, l.proposed_on, l.proposed_by
      from plan l join collection_case c using (borrower_id, case_id) join r using (portfolio_id)
      where l.state = 'awaiting-approval' and l.proposed_on < r.approval_before)
  select f.borrower_id as "borrowerId", f.case_id as "caseId", f.portfolio_id as "portfolioId", f.reason,
    f.subject_id as "subjectId", f.since_on - date '1970-01-01' as "sinceDays", f.owner from f`

type Row = Omit<ForgottenRow, 'sinceOn'> & { readonly sinceDays: number }

function boundsOf(places: readonly PlaceBounds[]) {
  const before = (reason: ForgottenReason) =>
    places.map((place) => formatLocalDate(place.before[reason]))
  return [
    places.map(({ portfolioId }) => portfolioId),
    places.map(({ zone }) => zone),
    before('silent'),
    before('matter-late'),
    before('approval-late'),
    NOT_LIFE,
  ]
}

/** The longest forgotten first. */
export async function listOldest(
  sql: Sql,
  places: readonly PlaceBounds[],
  limit: number,
): Promise<ForgottenRow[]> {
  const rows = await sql.query<Row>(
    `${FORGOTTEN} order by f.since_on, f.borrower_id, f.reason, f.subject_id limit $7`,
    [...boundsOf(places), limit],
  )
  return rows.map(fromRow)
}

/** All that is forgotten, in the order of borrowers, from after one; whole borrowers, or none of one. */
export async function listForgottenOf(
  sql: Sql,
  places: readonly PlaceBounds[],
  { after, limit }: { after: string; limit: number },
): Promise<ForgottenRow[]> {
  const rows = await sql.query<Row>(
    `${FORGOTTEN} where f.borrower_id > $7 order by f.borrower_id fetch first $8 rows with ties`,
    [...boundsOf(places), after, limit],
  )
  return rows.map(fromRow)
}

function fromRow({ sinceDays, ...row }: Row): ForgottenRow {
  return { ...row, sinceOn: epochDay(sinceDays) }
}

export type Telling = ForgottenRow & { readonly period: number }

/** Notes tellings; those that somebody noted before are left out of the answer. */
export async function insertTellings(
  tx: Tx,
  tellings: readonly Telling[],
  at: string,
): Promise<Telling[]> {
  const rows = await tx.query<{ key: string }>(
    `insert into forgotten_telling (borrower_id, case_id, reason, subject_id, since_on, period, told_at)
     select b, c, r, s, o, p, $7 from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::date[], $6::int[])
       as t(b, c, r, s, o, p)
     on conflict do nothing returning reason || ' ' || subject_id as key`,
    [
      tellings.map(({ borrowerId }) => borrowerId),
      tellings.map(({ caseId }) => caseId),
      tellings.map(({ reason }) => reason),
      tellings.map(({ subjectId }) => subjectId),
      tellings.map(({ sinceOn }) => formatLocalDate(sinceOn)),
      tellings.map(({ period }) => period),
      at,
    ],
  )
  const isNew = new Set(rows.map(({ key }) => key))
  return tellings.filter(({ reason, subjectId }) => isNew.has(`${reason} ${subjectId}`))
}
