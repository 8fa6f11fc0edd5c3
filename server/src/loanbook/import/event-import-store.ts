import type { Tx } from '../../platform/db/index.ts'
import { takeLines } from './stage-json.ts'

// SQL of the schedule and ledger imports: events staged as JSON under the names of ledger_event's columns.

const CONTENT = [
  ['kind', 'text'],
  ['effective_on', 'date'],
  ['amount_minor', 'bigint'],
  ['seq', 'integer'],
  ['component', 'text'],
  ['due_on', 'date'],
  ['to_on', 'date'],
  ['until_on', 'date'],
  ['reverses', 'text'],
  ['principal_minor', 'bigint'],
  ['interest_minor', 'bigint'],
  ['fee_minor', 'bigint'],
] as const
const STAGED = `staging_row s join loan l on l.portfolio_id = $1 and l.loan_no = s.data->>'loan_no'`
const EVENT = `ledger_event e on e.borrower_id = l.borrower_id and e.loan_id = l.loan_id`
const SAME = CONTENT.map(
  ([name, type]) => `e.${name} is not distinct from (s.data->>'${name}')::${type}`,
).join(' and ')

/** A day before every event: the loan is folded anew by the next cycle. */
const AT_ONCE = `date '1900-01-01'`

export async function takeUnknownLoans(tx: Tx, portfolioId: string): Promise<{ line: string }[]> {
  await tx.run('analyze staging_row')
  return takeLines(
    tx,
    `select x.line from staging_row x where not exists (
       select 1 from loan l where l.portfolio_id = $1 and l.loan_no = x.data->>'loan_no')`,
    [portfolioId],
  )
}

/**
 * Events whose number is taken by other content in the book, or that differ from another line of the file:
 * neither line of such a pair is taken, so that the order of lines does not matter.
 */
export async function takeConflicts(tx: Tx, portfolioId: string): Promise<{ line: string }[]> {
  const stored = await takeLines(
    tx,
    `select s.line from ${STAGED} join ${EVENT} and e.event_no = s.data->>'event_no' where not (${SAME})`,
    [portfolioId],
  )
  const within = await tx.query<{ line: string }>(
    `delete from staging_row s using (
       select data->>'loan_no' as loan_no, data->>'event_no' as event_no from staging_row group by 1, 2
       having count(*) > 1 and count(distinct data - 'recorded_at') > 1) d
     where s.data->>'loan_no' = d.loan_no and s.data->>'event_no' = d.event_no returning s.line`,
  )
  return [...stored, ...within]
}

/** Instalments that are as the one in force on the day says already. */
export async function takeUnamended(tx: Tx, portfolioId: string, asOf: string): Promise<number> {
  const found = await takeLines(
    tx,
    `select s.line from ${STAGED} join lateral (
       select * from ledger_event x where x.borrower_id = l.borrower_id and x.loan_id = l.loan_id and x.kind = 'scheduled'
         and x.seq = (s.data->>'seq')::integer and (x.effective_on is null or x.effective_on <= $2::date)
       order by x.effective_on desc nulls last, x.recorded_at desc nulls last limit 1) e on true
     where e.due_on = (s.data->>'due_on')::date and e.principal_minor = (s.data->>'principal_minor')::bigint
       and e.interest_minor = (s.data->>'interest_minor')::bigint and e.fee_minor = (s.data->>'fee_minor')::bigint`,
    [portfolioId, asOf],
  )
  return found.length
}

/** Inserts what is new and marks its loans to be folded. */
export async function applyEvents(
  tx: Tx,
  portfolioId: string,
  recordedAt: string,
): Promise<{ created: number; changed: number; unchanged: number }> {
  const [staged] = await tx.query<{ count: string }>('select count(*) from staging_row')
  const columns = CONTENT.map(([name]) => name).join(', ')
  const values = CONTENT.map(([name, type]) => `(s.data->>'${name}')::${type}`).join(', ')
  const [added] = await tx.query<{ count: string }>(
    `with added as (insert into ledger_event (borrower_id, loan_id, event_no, recorded_at, ${columns})
     select distinct on (l.borrower_id, l.loan_id, s.data->>'event_no') l.borrower_id, l.loan_id, s.data->>'event_no',
       (s.data->>'recorded_at')::timestamptz, ${values}
     from ${STAGED} order by l.borrower_id, l.loan_id, s.data->>'event_no', s.line
     on conflict (borrower_id, loan_id, event_no) do nothing
     returning borrower_id, loan_id, event_no, kind, amount_minor, reverses)
     , told as (${TELL})
     select count(*) from added`,
    [portfolioId, recordedAt],
  )
  const created = Number(added?.count ?? 0)
  if (created > 0) {
    await tx.run(
      `update loan l set is_snapshot_only = false, needs_sync = true, next_change_on = ${AT_ONCE}
       from (select distinct data->>'loan_no' as loan_no from staging_row) s
       where l.portfolio_id = $1 and l.loan_no = s.loan_no`,
      [portfolioId],
    )
  }
  return { created, changed: 0, unchanged: Number(staged?.count ?? 0) - created }
}

/** An agreed instalment is no news by itself: `loan.folded` tells what it comes to. */
const TELL = `
  insert into outbox (borrower_id, event, payload, recorded_at)
  select e.borrower_id, case e.kind when 'paid' then 'payment.recorded' when 'reversed' then 'payment.reversed'
      else 'ledger.recorded' end,
    jsonb_build_object('loanId', e.loan_id::text, 'eventNo', e.event_no) || case e.kind
      when 'paid' then jsonb_build_object('amountMinor', e.amount_minor, 'currency', l.currency)
      when 'reversed' then jsonb_build_object('reverses', e.reverses) else jsonb_build_object('kind', e.kind) end,
    $2::timestamptz
  from added e join loan l on l.borrower_id = e.borrower_id and l.loan_id = e.loan_id
  where e.kind <> 'scheduled'`
