import type { Tx } from '../../platform/db/index.ts'
import type { ImportPortfolio, ImportRun } from './import-run.ts'
import { TELL_POINTS } from './stage-json.ts'

// SQL of the loans import. Everything after COPY is set-based.

const STAGING = `
  line bigint, loan_no text, borrower_no text, sealed bytea, key_salt bytea, id_no_hash bytea, person_hash bytea,
  region text, zones text[], language text, phone_sealed bytea, phone_hash bytea, phone_masked text,
  email_sealed bytea, email_hash bytea, email_masked text, product_id bigint, is_plain boolean, row_hash bytea,
  as_of date, principal_outstanding bigint, overdue_principal bigint, overdue_interest bigint,
  overdue_penalty bigint, overdue_fee bigint, oldest_unpaid_due_on date, disbursed_on date, maturity_on date,
  instalments_total integer, instalments_paid integer`

export async function createLoanStaging(tx: Tx): Promise<void> {
  await tx.run(`create temp table staging_loan (${STAGING}) on commit drop`)
}

export async function copyLoans(tx: Tx, lines: readonly string[]): Promise<void> {
  await tx.copyIn('copy staging_loan from stdin', lines)
}

export async function hasLoans(tx: Tx, portfolioId: string): Promise<boolean> {
  const found = await tx.query('select 1 from loan where portfolio_id = $1 limit 1', [portfolioId])
  return found.length > 0
}

/** The stored row hashes of these loans, by loan number. */
export async function findRowHashes(
  { tx, portfolio }: ImportRun,
  loans: readonly { readonly loanNo: string }[],
): Promise<Map<string, Buffer>> {
  const rows = await tx.query<{ loan_no: string; row_hash: Buffer | null }>(
    'select loan_no, row_hash from loan where portfolio_id = $1 and loan_no = any($2::text[])',
    [portfolio.portfolioId, loans.map((loan) => loan.loanNo)],
  )
  return new Map(
    rows.flatMap((row) => (row.row_hash === null ? [] : [[row.loan_no, row.row_hash]])),
  )
}

/**
 * Takes repeated loan numbers out of the staging table. The newest day stays, when its lines agree: two
 * that differ would make the book depend on the order of the file.
 */
export async function takeDuplicateLoans(tx: Tx): Promise<{ line: string }[]> {
  await tx.run('analyze staging_loan')
  return tx.query(
    `with repeated as (select loan_no, max(as_of) as as_of from staging_loan group by loan_no having count(*) > 1),
       kept as (select min(s.line) as line from staging_loan s join repeated r using (loan_no, as_of)
         group by s.loan_no having count(distinct s.row_hash) = 1)
     delete from staging_loan s using repeated r
     where s.loan_no = r.loan_no and not exists (select 1 from kept k where k.line = s.line) returning s.line`,
  )
}

export async function takeMovedLoans(
  tx: Tx,
  { portfolioId }: ImportPortfolio,
): Promise<{ line: string }[]> {
  return tx.query(
    `delete from staging_loan s using loan l join borrower b using (borrower_id)
     where l.portfolio_id = $1 and l.loan_no = s.loan_no and b.borrower_no <> s.borrower_no returning s.line`,
    [portfolioId],
  )
}

/**
 * New borrowers, and those whose person hash differs. The newest line of a borrower speaks for all, of one
 * day always the same one; a line older than what the book holds of the borrower says nothing.
 */
export async function upsertBorrowers(
  tx: Tx,
  portfolio: ImportPortfolio,
  recordedAt: string,
): Promise<void> {
  await tx.run(
    `with touched as (insert into borrower (lender, borrower_no, sealed, key_salt, id_no_hash, person_hash, country, region, zones,
       language, is_demo)
     select $1, s.borrower_no, s.sealed, s.key_salt, s.id_no_hash, s.person_hash, $2, s.region, s.zones, s.language, $3
     from (select distinct on (borrower_no) * from staging_loan order by borrower_no, as_of desc, person_hash) s
     where not (select exists (select 1 from loan where portfolio_id = $4 and snapshot_on > (select min(as_of) from staging_loan)))
       or not exists (select 1 from borrower o join loan l on l.borrower_id = o.borrower_id
         where o.lender = $1 and o.borrower_no = s.borrower_no and l.snapshot_on > s.as_of)
     on conflict (lender, borrower_no) do update set sealed = excluded.sealed, id_no_hash = excluded.id_no_hash,
       person_hash = excluded.person_hash, region = excluded.region, zones = excluded.zones,
       language = excluded.language
     where borrower.person_hash <> excluded.person_hash
     returning borrower_id, borrower_no, lender, xmax = 0 as is_new)
     insert into outbox (borrower_id, event, payload, recorded_at)
     select borrower_id, case when is_new then 'borrower.added' else 'borrower.changed' end,
       jsonb_build_object('borrowerNo', borrower_no, 'lender', lender), $5 from touched`,
    [portfolio.lender, portfolio.country, portfolio.isDemo, portfolio.portfolioId, recordedAt],
  )
}

/** The lender's contract names these points: source contract. */
export async function insertContactPoints(
  tx: Tx,
  { lender }: ImportPortfolio,
  recordedAt: string,
): Promise<void> {
  await tx.run(
    `with added as (insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select b.borrower_id, p.kind, p.sealed, p.hash, p.masked, 'contract'
     from staging_loan s join borrower b on b.lender = $1 and b.borrower_no = s.borrower_no
     cross join lateral (values ('phone', s.phone_sealed, s.phone_hash, s.phone_masked),
       ('email', s.email_sealed, s.email_hash, s.email_masked)) p(kind, sealed, hash, masked)
     where p.hash is not null
     order by b.borrower_id
     on conflict (borrower_id, kind, value_hash, coalesce(party_id, 0)) do nothing
     returning borrower_id, contact_point_id, kind, health)
     ${TELL_POINTS('$2')}`,
    [lender, recordedAt],
  )
}

/**
 * The fold of a loan that has nothing but this snapshot (ledger.md sections 4 and 7): the overdue line
 * is past due from the day after its due date; the rest of the principal has no due date.
 * A product with options of its own is folded by the ledger on the next cycle instead.
 */
const FOLD = `
  s.as_of as folded_on,
  case when not s.is_plain then s.as_of when s.oldest_unpaid_due_on = s.as_of then s.as_of + 1 end as next_change_on,
  case when s.principal_outstanding + s.overdue_interest + s.overdue_penalty + s.overdue_fee = 0 then 'closed'
       when s.oldest_unpaid_due_on < s.as_of then 'overdue' else 'current' end as status,
  case when s.oldest_unpaid_due_on < s.as_of then s.oldest_unpaid_due_on end as oldest_unpaid_due_on,
  case when s.oldest_unpaid_due_on < s.as_of then s.oldest_unpaid_due_on end as ages_from_on,
  case when s.oldest_unpaid_due_on < s.as_of then s.overdue_principal else 0 end as arrears_principal_minor,
  case when s.oldest_unpaid_due_on < s.as_of then s.overdue_interest else 0 end as arrears_interest_minor,
  case when s.oldest_unpaid_due_on < s.as_of then s.overdue_fee else 0 end as arrears_fee_minor,
  case when s.oldest_unpaid_due_on < s.as_of then s.overdue_penalty else 0 end as arrears_penalty_minor,
  greatest(s.principal_outstanding, s.overdue_principal) + s.overdue_interest + s.overdue_fee
    + s.overdue_penalty as outstanding_minor,
  case when s.oldest_unpaid_due_on = s.as_of then s.as_of end as next_due_on,
  case when s.oldest_unpaid_due_on = s.as_of
    then s.overdue_principal + s.overdue_interest + s.overdue_fee + s.overdue_penalty else 0 end as next_due_minor`

const FOLDED = [
  'folded_on',
  'next_change_on',
  'status',
  'oldest_unpaid_due_on',
  'ages_from_on',
  'arrears_principal_minor',
  'arrears_interest_minor',
  'arrears_fee_minor',
  'arrears_penalty_minor',
  'outstanding_minor',
  'next_due_on',
  'next_due_minor',
]

export async function upsertLoans(
  tx: Tx,
  portfolio: ImportPortfolio,
): Promise<{ created: number; changed: number }> {
  const changed = await tx.run(
    `with f as (select s.*, ${prefixed(FOLD)} from staging_loan s)
     update loan l set product_id = s.product_id, disbursed_on = s.disbursed_on, maturity_on = s.maturity_on,
       instalments_total = s.instalments_total, instalments_paid = s.instalments_paid, row_hash = s.row_hash,
       snapshot_on = s.as_of, needs_sync = true,
       next_change_on = case when l.is_snapshot_only then s.f_next_change_on else s.as_of end,
       ${FOLDED.filter((name) => name !== 'next_change_on')
         .map(
           (name) => `${name} = case when l.is_snapshot_only then s.f_${name} else l.${name} end`,
         )
         .join(', ')}
     from f s
     where l.portfolio_id = $1 and l.loan_no = s.loan_no and (l.snapshot_on is null or s.as_of >= l.snapshot_on)`,
    [portfolio.portfolioId],
  )
  const created = await tx.run(
    `insert into loan (borrower_id, portfolio_id, product_id, loan_no, currency, disbursed_on, maturity_on,
       instalments_total, instalments_paid, row_hash, snapshot_on, ${FOLDED.join(', ')})
     select b.borrower_id, $1, s.product_id, s.loan_no, $2, s.disbursed_on, s.maturity_on, s.instalments_total,
       s.instalments_paid, s.row_hash, s.as_of, ${FOLD}
     from staging_loan s join borrower b on b.lender = $3 and b.borrower_no = s.borrower_no
     order by b.borrower_id, s.line
     on conflict (portfolio_id, loan_no) do nothing`,
    [portfolio.portfolioId, portfolio.currency, portfolio.lender],
  )
  return { created, changed }
}

/** Every fold column under an `f_` name, so that the update can tell it from the loan's own. */
function prefixed(fold: string): string {
  return fold.replace(/ as (\w+)(,|$)/gm, ' as f_$1$2')
}

/** Loans with events of their own are folded anew when an older snapshot comes after a newer one. */
export async function refoldOlder(tx: Tx, { portfolioId }: ImportPortfolio): Promise<void> {
  await tx.run(
    `update loan l set next_change_on = date '1900-01-01', needs_sync = true from staging_loan s
     where l.portfolio_id = $1 and l.loan_no = s.loan_no and s.as_of < l.snapshot_on and not l.is_snapshot_only`,
    [portfolioId],
  )
}

/**
 * Each staged row is one ledger event; of two snapshots of a day the later recorded one holds. Returns how
 * many were new.
 */
export async function insertSnapshots(
  tx: Tx,
  { portfolioId }: ImportPortfolio,
  { jobId, recordedAt }: { jobId: string; recordedAt: string },
): Promise<number> {
  return tx.run(
    `insert into ledger_event (borrower_id, loan_id, event_no, kind, effective_on, recorded_at, principal_minor,
       interest_minor, fee_minor, penalty_minor, overdue_principal_minor, oldest_unpaid_due_on, credit_minor)
     select l.borrower_id, l.loan_id, 'snapshot-' || s.as_of || '-' || $2, 'snapshot', s.as_of, $3::timestamptz,
       s.principal_outstanding, s.overdue_interest, s.overdue_fee, s.overdue_penalty, s.overdue_principal,
       s.oldest_unpaid_due_on, 0
     from staging_loan s join loan l on l.portfolio_id = $1 and l.loan_no = s.loan_no
     where s.as_of >= l.snapshot_on or not exists (
       select 1 from ledger_event e where e.borrower_id = l.borrower_id and e.loan_id = l.loan_id
         and e.kind = 'snapshot' and e.effective_on = s.as_of and e.principal_minor = s.principal_outstanding
         and e.overdue_principal_minor = s.overdue_principal and e.interest_minor = s.overdue_interest
         and e.fee_minor = s.overdue_fee and e.penalty_minor = s.overdue_penalty
         and e.oldest_unpaid_due_on is not distinct from s.oldest_unpaid_due_on)
     order by l.borrower_id, l.loan_id`,
    [portfolioId, jobId, recordedAt],
  )
}
