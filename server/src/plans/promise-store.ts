import { type EpochDay, epochDay, formatLocalDate } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { PromiseState, PromiseTerms } from './model/decide-promise.ts'

// SQL of promises, and of the ledger facts that decide them.

export type CaseOfPromise = {
  readonly borrowerId: string
  readonly state: string
  readonly currency: string
  readonly zone: string
}

/** The case a promise is about; the caller locks its borrower and reads it again. */
export async function findCaseOf(tx: Tx, caseId: string): Promise<CaseOfPromise | null> {
  const [row] = await tx.query<{
    borrower_id: string
    state: string
    currency: string
    zone: string
  }>(
    `select c.borrower_id, c.state, c.currency, p.zones[1] as zone
     from collection_case c join portfolio p using (portfolio_id) where c.case_id = $1`,
    [caseId],
  )
  if (row === undefined) return null
  const { borrower_id: borrowerId, state, currency, zone } = row
  return { borrowerId, state, currency, zone }
}

/** Whether the right party was spoken to: in this attempt, or in any of the borrower's since an instant. */
export async function hasRightParty(
  tx: Tx,
  given: { borrowerId: string; attemptId: string | null; since: string },
): Promise<boolean> {
  const [row] = await tx.query<{ found: boolean }>(
    `select exists (select 1 from outcome where borrower_id = $1 and party_outcome = 'right-party'
       and case when $2::bigint is null then recorded_at >= $3 else attempt_id = $2 end) as found`,
    [given.borrowerId, given.attemptId, given.since],
  )
  return row?.found === true
}

const PAID = `
  select coalesce(sum(e.amount_minor), 0)::bigint as paid
  from loan l join portfolio lp using (portfolio_id) join ledger_event e using (borrower_id, loan_id)
  where l.borrower_id = c.borrower_id and lp.lender = c.lender and l.currency = c.currency and e.kind = 'paid'
    and e.effective_on between $3::date and $4::date
    and not exists (select 1 from ledger_event r where r.borrower_id = e.borrower_id and r.loan_id = e.loan_id
      and r.kind = 'reversed' and r.reverses = e.event_no)`

/** What was paid on the loans of a case with effect from a day until another, reversals taken out. */
export async function sumPaid(
  tx: Tx,
  given: { borrowerId: string; caseId: string; from: EpochDay; until: EpochDay },
): Promise<bigint> {
  const [row] = await tx.query<{ paid: string }>(
    `select s.paid from collection_case c join lateral (${PAID}) s on true where c.borrower_id = $1 and c.case_id = $2`,
    [given.borrowerId, given.caseId, formatLocalDate(given.from), formatLocalDate(given.until)],
  )
  return BigInt(row?.paid ?? '0')
}

export type NewPromise = PromiseTerms & {
  readonly borrowerId: string
  readonly caseId: string
  readonly currency: string
  readonly source: string
  readonly attemptId: string | null
  readonly madeAt: string
  readonly madeOn: EpochDay
  readonly knownBeforeMinor: bigint
}

/** Puts a promise in the place of the open one; its id, and those it took the place of. */
export async function insertPromise(
  tx: Tx,
  promise: NewPromise,
): Promise<{ promiseId: string; superseded: string[] }> {
  const replaced = await tx.query<{ promise_id: string }>(
    `update promise set state = 'superseded', decided_on = $3 where borrower_id = $1 and case_id = $2 and state = 'open'
     returning promise_id`,
    [promise.borrowerId, promise.caseId, formatLocalDate(promise.madeOn)],
  )
  const [row] = await tx.query<{ promise_id: string }>(
    `insert into promise (borrower_id, case_id, amount_minor, currency, due_on, grace_days, keeps_at_percent, source, state,
       attempt_id, made_at, made_on, known_before_minor)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12) returning promise_id`,
    [
      promise.borrowerId,
      promise.caseId,
      promise.amountMinor,
      promise.currency,
      formatLocalDate(promise.dueOn),
      promise.graceDays,
      promise.keepsAtPercent,
      promise.source,
      promise.attemptId,
      promise.madeAt,
      formatLocalDate(promise.madeOn),
      promise.knownBeforeMinor,
    ],
  )
  if (row === undefined) throw new Error('no promise was made')
  return {
    promiseId: row.promise_id,
    superseded: replaced.map(({ promise_id }) => promise_id),
  }
}

export type StoredPromise = PromiseTerms & {
  readonly borrowerId: string
  readonly promiseId: string
  readonly caseId: string
  readonly madeOn: EpochDay
  readonly knownBeforeMinor: bigint
  readonly state: PromiseState
  readonly zone: string
  /** The day on which its case was cured; null when it was not, or not after the promise. */
  readonly curedOn: EpochDay | null
}

type PromiseRow = {
  borrower_id: string
  promise_id: string
  case_id: string
  amount_minor: string
  due_days: number
  grace_days: number
  keeps_at_percent: number
  made_days: number
  known_before_minor: string
  state: PromiseState
  zone: string
  cured_days: number | null
}

/** Promises of these borrowers that the ledger decides; those replaced or cancelled are done with. */
export async function listPromisesOf(
  tx: Tx,
  borrowerIds: readonly string[],
): Promise<StoredPromise[]> {
  const rows = await tx.query<PromiseRow>(
    `select r.borrower_id, r.promise_id, r.case_id, r.amount_minor, r.due_on - date '1970-01-01' as due_days, r.grace_days,
       r.keeps_at_percent, r.made_on - date '1970-01-01' as made_days, r.known_before_minor, r.state, p.zones[1] as zone,
       case when c.close_reason in ('cured', 'closed') and c.closed_on >= r.made_on
         then c.closed_on - date '1970-01-01' end as cured_days
     from promise r join collection_case c using (borrower_id, case_id) join portfolio p using (portfolio_id)
     where r.borrower_id = any($1::bigint[]) and r.state in ('open', 'kept', 'part-kept', 'broken')
     order by r.borrower_id, r.promise_id`,
    [borrowerIds],
  )
  return rows.map((row) => ({
    borrowerId: row.borrower_id,
    promiseId: row.promise_id,
    caseId: row.case_id,
    amountMinor: BigInt(row.amount_minor),
    dueOn: epochDay(row.due_days),
    graceDays: row.grace_days,
    keepsAtPercent: row.keeps_at_percent,
    madeOn: epochDay(row.made_days),
    knownBeforeMinor: BigInt(row.known_before_minor),
    state: row.state,
    zone: row.zone,
    curedOn: row.cured_days === null ? null : epochDay(row.cured_days),
  }))
}

export async function updatePromise(
  tx: Tx,
  { borrowerId, promiseId }: { borrowerId: string; promiseId: string },
  decided: { state: PromiseState; on: EpochDay },
): Promise<void> {
  await tx.run(
    'update promise set state = $3, decided_on = $4 where borrower_id = $1 and promise_id = $2',
    [
      borrowerId,
      promiseId,
      decided.state,
      decided.state === 'open' ? null : formatLocalDate(decided.on),
    ],
  )
}

/** Borrowers with an open promise whose last day is before one, in order, from after another. */
export async function listOverdue(
  tx: Tx,
  { before, after, limit }: { before: EpochDay; after: string; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ borrower_id: string }>(
    `select distinct borrower_id from promise
     where state = 'open' and due_on < $1::date and due_on + grace_days < $1::date and borrower_id > $2
     order by borrower_id limit $3`,
    [formatLocalDate(before), after, limit],
  )
  return rows.map((row) => row.borrower_id)
}
