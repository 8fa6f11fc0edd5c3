import { type EpochDay, epochDay, formatLocalDate } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'
import {
  amountOf,
  dueOf,
  type PromisePart,
  type PromiseState,
  type PromiseTerms,
} from '../model/decide-promise.ts'

// SQL of promises and their parts.

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

export type NewPromise = PromiseTerms & {
  readonly borrowerId: string
  readonly caseId: string
  readonly currency: string
  readonly source: string
  readonly attemptId: string | null
  readonly isReadBack: boolean
  readonly madeAt: string
  readonly madeOn: EpochDay
  /** Payments that were known already: they do not count. */
  readonly knownBefore: readonly string[]
  readonly arrearsMinor: bigint
}

/** Puts a promise in the place of the open one; its id, and those it took the place of. */
export async function insertPromise(
  tx: Tx,
  promise: NewPromise,
): Promise<{ promiseId: string; superseded: string[] }> {
  const { borrowerId, caseId, parts } = promise
  const replaced = await tx.query<{ promise_id: string }>(
    `update promise set state = 'superseded', decided_on = $3 where borrower_id = $1 and case_id = $2 and state = 'open'
     returning promise_id`,
    [borrowerId, caseId, formatLocalDate(promise.madeOn)],
  )
  const [row] = await tx.query<{ promise_id: string }>(
    `insert into promise (borrower_id, case_id, amount_minor, currency, due_on, grace_days, keeps_at_percent, source, state,
       attempt_id, made_at, made_on, known_before, arrears_minor, is_read_back)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12, $13, $14) returning promise_id`,
    [
      borrowerId,
      caseId,
      amountOf(parts),
      promise.currency,
      formatLocalDate(dueOf(parts)),
      promise.graceDays,
      promise.keepsAtPercent,
      promise.source,
      promise.attemptId,
      promise.madeAt,
      formatLocalDate(promise.madeOn),
      promise.knownBefore,
      promise.arrearsMinor,
      promise.isReadBack,
    ],
  )
  if (row === undefined) throw new Error('no promise was made')
  await tx.run(
    `insert into promise_part (borrower_id, promise_id, seq, due_on, amount_minor)
     select $1, $2, s, d, a from unnest($3::integer[], $4::date[], $5::bigint[]) t(s, d, a)`,
    [
      borrowerId,
      row.promise_id,
      parts.map((_, index) => index + 1),
      parts.map(({ dueOn }) => formatLocalDate(dueOn)),
      parts.map(({ amountMinor }) => amountMinor),
    ],
  )
  return { promiseId: row.promise_id, superseded: replaced.map((each) => each.promise_id) }
}

export type StoredPromise = PromiseTerms & {
  readonly borrowerId: string
  readonly promiseId: string
  readonly caseId: string
  readonly currency: string
  readonly source: string
  readonly state: PromiseState | 'superseded' | 'cancelled'
  readonly madeAt: string
  readonly madeOn: EpochDay
  readonly decidedOn: string | null
  readonly knownBefore: readonly string[]
  readonly arrearsMinor: bigint
  readonly isReadBack: boolean
  readonly endReason: string | null
  readonly zone: string
  readonly lender: string
}

type PromiseRow = Omit<StoredPromise, 'parts' | 'madeOn' | 'arrearsMinor'> & {
  readonly madeDays: number
  readonly arrears: string
  readonly dueDays: number[]
  readonly amounts: string[]
}

const PROMISE = `
  select r.borrower_id as "borrowerId", r.promise_id as "promiseId", r.case_id as "caseId", r.currency, r.source, r.state,
    to_char(r.made_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "madeAt", r.grace_days as "graceDays",
    r.keeps_at_percent as "keepsAtPercent", r.made_on - date '1970-01-01' as "madeDays", r.decided_on as "decidedOn",
    r.known_before as "knownBefore", r.arrears_minor as arrears, r.is_read_back as "isReadBack",
    r.end_reason as "endReason", p.zones[1] as zone, c.lender, t.due_days as "dueDays", t.amounts
  from promise r join collection_case c using (borrower_id, case_id) join portfolio p using (portfolio_id)
  join lateral (select array_agg(x.due_on - date '1970-01-01' order by x.seq) as due_days,
      array_agg(x.amount_minor::text order by x.seq) as amounts from promise_part x
    where x.borrower_id = r.borrower_id and x.promise_id = r.promise_id) t on true`

function fromRow({ madeDays, arrears, dueDays, amounts, ...row }: PromiseRow): StoredPromise {
  const parts = dueDays.map(
    (due, index): PromisePart => ({
      dueOn: epochDay(due),
      amountMinor: BigInt(amounts[index] ?? '0'),
    }),
  )
  return { ...row, parts, madeOn: epochDay(madeDays), arrearsMinor: BigInt(arrears) }
}

/** Promises of these borrowers that the ledger decides; those replaced or cancelled are done with. */
export async function listPromisesOf(
  tx: Tx,
  borrowerIds: readonly string[],
): Promise<StoredPromise[]> {
  const rows = await tx.query<PromiseRow>(
    `${PROMISE} where r.borrower_id = any($1::bigint[]) and r.state in ('open', 'kept', 'part-kept', 'broken')
     order by r.borrower_id, r.promise_id`,
    [borrowerIds],
  )
  return rows.map(fromRow)
}

/** Every promise of a case, newest first. */
export async function listPromisesOfCase(sql: Sql, caseId: string): Promise<StoredPromise[]> {
  const rows = await sql.query<PromiseRow>(
    `${PROMISE} where r.case_id = $1 and c.case_id = $1 order by r.promise_id desc`,
    [caseId],
  )
  return rows.map(fromRow)
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

/** Cancels the open promise of an id under a borrower; false when there is none. */
export async function cancelOpen(
  tx: Tx,
  given: { borrowerId: string; promiseId: string; reason: string; on: EpochDay },
): Promise<boolean> {
  const changed = await tx.run(
    `update promise set state = 'cancelled', end_reason = $3, decided_on = $4
     where borrower_id = $1 and promise_id = $2 and state = 'open'`,
    [given.borrowerId, given.promiseId, given.reason, formatLocalDate(given.on)],
  )
  return changed > 0
}

/** A plan takes the place of an open promise. */
export async function supersedeOpen(
  tx: Tx,
  given: { borrowerId: string; caseId: string; on: EpochDay },
): Promise<void> {
  await tx.run(
    `update promise set state = 'superseded', decided_on = $3 where borrower_id = $1 and case_id = $2 and state = 'open'`,
    [given.borrowerId, given.caseId, formatLocalDate(given.on)],
  )
}

/** The case that a promise is about; null when there is no such promise. */
export async function findCaseOfPromise(sql: Sql, promiseId: string): Promise<string | null> {
  const [row] = await sql.query<{ case_id: string }>(
    'select case_id from promise where promise_id = $1',
    [promiseId],
  )
  return row?.case_id ?? null
}

/** Borrowers with an open promise of which a part's last day is before one, in order, from after another. */
export async function listOverdue(
  tx: Tx,
  { before, after, limit }: { before: EpochDay; after: string; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ borrower_id: string }>(
    `select distinct r.borrower_id from promise r join promise_part x using (borrower_id, promise_id)
     where r.state = 'open' and x.due_on < $1::date and x.due_on + r.grace_days < $1::date and r.borrower_id > $2
     order by r.borrower_id limit $3`,
    [formatLocalDate(before), after, limit],
  )
  return rows.map((row) => row.borrower_id)
}
