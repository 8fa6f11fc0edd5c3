// SQL of what each report counts: one row a thing, with whose it is, on which local day ($1 to $2), and what it
// adds above and below the line. The shape is the same everywhere, so that sums, cuts and lists are one statement each.

const DAY = (instant: string): string => `(${instant} at time zone p.zones[1])::date`
const IN_PERIOD = (instant: string): string =>
  // The first condition is one that an index can serve; the second is the exact one.
  `${instant} >= $1::date - interval '1 day' and ${instant} < $2::date + interval '2 days' and ${DAY(instant)} between $1::date and $2::date`

const CALLS = `
  select a.borrower_id, a.case_id, a.portfolio_id, ${DAY('a.at')} as on_date, a.channel, a.actor_id as agent,
    (a.line = 'connected' or a.is_effective)::int as connected,
    exists (select 1 from outcome o where o.borrower_id = a.borrower_id and o.attempt_id = a.attempt_id
      and o.party_outcome = 'right-party')::int as rpc
  from attempt a join portfolio p using (portfolio_id)
  where a.channel in ('call', 'robot-call') and a.direction = 'outbound' and a.state in ('sent', 'unknown', 'recorded')
    and ${IN_PERIOD('a.at')}`

const PROMISES = (instantOrDay: string, isInstant: boolean): string => `
  from promise x join collection_case c using (borrower_id, case_id) join portfolio p using (portfolio_id)
  where ${isInstant ? IN_PERIOD(instantOrDay) : `${instantOrDay} between $1::date and $2::date`}`

/** Cases that were open on some day of the period, counted on its last. */
const IN_HAND = `
  select c.borrower_id, c.case_id, c.portfolio_id, $2::date as on_date, null::text as channel, null::text as agent
  from collection_case c join portfolio p using (portfolio_id)
  where c.opened_on <= $2::date and (c.closed_on is null or c.closed_on >= $1::date)`

const TOUCHES = (condition: string): string => `
  from attempt a where a.borrower_id = h.borrower_id and a.case_id = h.case_id and a.direction = 'outbound'
    and a.state in ('sent', 'unknown', 'recorded') and ${condition}
    and a.at >= $1::date - interval '1 day' and a.at < $2::date + interval '2 days'`

const CLOSED = `
  select c.borrower_id, c.case_id, c.portfolio_id, c.closed_on as on_date, null::text as channel, null::text as agent, c.opened_on
  from collection_case c where c.close_reason = 'cured' and c.closed_on between $1::date and $2::date`

const WHOSE = 'borrower_id, case_id, portfolio_id, on_date, channel, agent'
const OF_CALLS = (above: string, below: string): string =>
  `select ${WHOSE}, ${above} as numerator, ${below} as denominator from (${CALLS}) calls`
const OF_HAND = (above: string): string =>
  `select ${WHOSE}, (${above})::int as numerator, 1 as denominator from (${IN_HAND}) h`
const OF_PROMISES = (above: string, below: string, day: string): string =>
  `select x.borrower_id, x.case_id, c.portfolio_id, ${day} as on_date, null::text as channel, null::text as agent,
     ${above} as numerator, ${below} as denominator ${PROMISES(day, false)}`

/** The facts of each report that is read from tables, by its name. */
export const TABLE_FACTS: Readonly<Record<string, string>> = {
  connection_rate: OF_CALLS('connected', '1'),
  rpc_per_connect: OF_CALLS('connected * rpc', 'connected'),
  rpc_per_attempt: OF_CALLS('rpc', '1'),
  ptp_rate: `${OF_CALLS('0', 'rpc')}
    union all select x.borrower_id, x.case_id, c.portfolio_id, ${DAY('x.made_at')}, 'call', null, 1, 0
      ${PROMISES('x.made_at', true)} and x.source in ('agent', 'robot')`,
  ptp_rate_by_account:
    OF_HAND(`exists (select 1 from promise x where x.borrower_id = h.borrower_id and x.case_id = h.case_id
    and x.made_on between $1::date and $2::date)`),
  kept_rate: `${OF_PROMISES("(x.state = 'kept')::int", '1', 'x.decided_on')} and x.state in ('kept', 'part-kept', 'broken')`,
  kept_amount: `${OF_PROMISES('x.amount_minor', '0', 'x.decided_on')} and x.state = 'kept'`,
  in_ptp: `${OF_PROMISES('1', '0', 'x.due_on')} and x.state = 'open'`,
  coverage_attempt: OF_HAND(`exists (select 1 ${TOUCHES('true')})`),
  coverage_contact: OF_HAND(`exists (select 1 ${TOUCHES('a.is_effective')})`),
  intensity: OF_HAND(`select count(*) ${TOUCHES('true')}`),
  first_contact_timeliness: `
    select c.borrower_id, c.case_id, c.portfolio_id, c.opened_on as on_date, null::text as channel, null::text as agent,
      exists (select 1 from attempt a where a.borrower_id = c.borrower_id and a.case_id = c.case_id
        and a.direction = 'outbound' and a.state in ('sent', 'unknown', 'recorded')
        and ${DAY('a.at')} <= c.opened_on + 1)::int as numerator, 1 as denominator
    from collection_case c join portfolio p using (portfolio_id) where c.opened_on between $1::date and $2::date`,
  cures: `select ${WHOSE}, 1 as numerator, 0 as denominator from (${CLOSED}) cured`,
  self_cure_rate: `
    select ${WHOSE}, (not exists (select 1 from attempt a where a.borrower_id = k.borrower_id and a.case_id = k.case_id
      and a.actor_kind = 'agent' and (a.is_effective or a.line = 'connected')))::int as numerator, 1 as denominator
    from (${CLOSED}) k`,
  exit_rate: `select ${WHOSE}, 1 as numerator, 0 as denominator from (${CLOSED}) cured
    union all select c.borrower_id, c.case_id, c.portfolio_id, c.opened_on, null, null, 0, 1
      from collection_case c where c.opened_on between $1::date and $2::date`,
  fpd_rate: `
    select i.borrower_id, null::bigint as case_id, l.portfolio_id, i.due_on as on_date, null::text as channel, null::text as agent,
      (coalesce(i.cleared_on, $2::date + 1) > i.due_on)::int as numerator, 1 as denominator
    from instalment i join loan l using (borrower_id, loan_id) where i.seq = 1 and i.due_on between $1::date and $2::date`,
  complaints_per_1000: `
    select m.borrower_id, m.case_id, c.portfolio_id, m.received_on as on_date, null::text as channel, null::text as agent,
      1 as numerator, 0 as denominator
    from matter m join collection_case c using (borrower_id, case_id)
    where m.kind = 'complaint' and m.received_on between $1::date and $2::date
    union all select ${WHOSE}, 0, (exists (select 1 ${TOUCHES('true')}))::int from (${IN_HAND}) h`,
  refusals: `
    select d.borrower_id, d.case_id, a.portfolio_id, ${DAY('d.decided_at')} as on_date, a.channel, a.actor_id as agent,
      1 as numerator, 0 as denominator
    from decision d join attempt a using (borrower_id, attempt_id) join portfolio p using (portfolio_id)
    where d.verdict = 'refuse' and ${IN_PERIOD('d.decided_at')}`,
  collected: `
    select e.borrower_id, c.case_id, l.portfolio_id, e.effective_on as on_date, null::text as channel, null::text as agent,
      e.amount_minor as numerator, 0 as denominator
    from ledger_event e join loan l using (borrower_id, loan_id)
    left join lateral (select case_id from collection_case c where c.borrower_id = e.borrower_id order by case_id desc limit 1) c
      on true
    where e.kind = 'paid' and e.effective_on between $1::date and $2::date
      and not exists (select 1 from ledger_event r where r.borrower_id = e.borrower_id and r.loan_id = e.loan_id
        and r.kind = 'reversed' and r.reverses = e.event_no)`,
}
