import {
  type EpochDay,
  epochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
} from '@dunlin/kernel'
import type { Sql, SqlValue, Tx } from '../platform/db/index.ts'
import {
  type LedgerEvent,
  type LoanRow,
  type ProductOptions,
  parseLedgerEvent,
  parseProductOptions,
} from './model/index.ts'

// SQL of the ledger: events in, folded numbers out. Nothing here decides.

export type LoanKey = { readonly borrowerId: string; readonly loanId: string }
export type LoanEvents = LoanKey & {
  readonly product: ProductOptions
  readonly events: readonly LedgerEvent[]
}

type EventRow = {
  borrower_id: string
  loan_id: string
  options: unknown
  event_no: string
  kind: string
  effective_on: string | null
  recorded_ms: string | null
  seq: number | null
  component: string | null
  reverses: string | null
  due_on: string | null
  to_on: string | null
  until_on: string | null
  amount_minor: string | null
  principal_minor: string | null
  interest_minor: string | null
  fee_minor: string | null
  penalty_minor: string | null
  overdue_principal_minor: string | null
  credit_minor: string | null
  oldest_unpaid_due_on: string | null
}

/** Locks borrowers in id order: the lock under which anything that bears on contact changes. */
export async function lockBorrowers(tx: Tx, borrowerIds: readonly string[]): Promise<void> {
  await tx.run(
    'select 1 from borrower where borrower_id = any($1::bigint[]) order by borrower_id for update',
    [[...new Set(borrowerIds)]],
  )
}

/** A loan by its number in a portfolio; null when there is none. */
export async function findLoan(
  tx: Tx,
  { portfolio, loanNo }: { portfolio: string; loanNo: string },
): Promise<(LoanKey & { currency: string; zone: string }) | null> {
  const [row] = await tx.query<{
    borrower_id: string
    loan_id: string
    currency: string
    zone: string
  }>(
    `select l.borrower_id, l.loan_id, l.currency, p.zones[1] as zone from loan l join portfolio p using (portfolio_id)
     where p.name = $1 and l.loan_no = $2`,
    [portfolio, loanNo],
  )
  if (row === undefined) return null
  return {
    borrowerId: row.borrower_id,
    loanId: row.loan_id,
    currency: row.currency,
    zone: row.zone,
  }
}

/** Loans whose numbers may change by a day, oldest change first, at most `limit`. */
export async function listDueForFold(
  tx: Tx,
  asOf: EpochDay,
  { limit, portfolioIds }: { limit: number; portfolioIds: readonly string[] | null },
): Promise<LoanKey[]> {
  const rows = await tx.query<{ borrower_id: string; loan_id: string }>(
    `select borrower_id, loan_id from loan where next_change_on <= $1 and ($3::bigint[] is null or portfolio_id = any($3))
     order by next_change_on, borrower_id limit $2`,
    [formatLocalDate(asOf), limit, portfolioIds],
  )
  return rows.map((row) => ({ borrowerId: row.borrower_id, loanId: row.loan_id }))
}

/** Product options and all events of these loans. */
export async function readEvents(tx: Sql, loans: readonly LoanKey[]): Promise<LoanEvents[]> {
  const rows = await tx.query<EventRow>(
    `select l.borrower_id, l.loan_id, p.options, e.event_no, e.kind, e.effective_on,
       (extract(epoch from e.recorded_at) * 1000)::bigint as recorded_ms, e.seq, e.component, e.reverses, e.due_on, e.to_on,
       e.until_on, e.amount_minor, e.principal_minor, e.interest_minor, e.fee_minor, e.penalty_minor,
       e.overdue_principal_minor, e.credit_minor, e.oldest_unpaid_due_on
     from unnest($1::bigint[], $2::bigint[]) k(borrower_id, loan_id)
     join loan l using (borrower_id, loan_id) left join product p using (product_id)
     join ledger_event e using (borrower_id, loan_id) order by 1, 2`,
    [loans.map((loan) => loan.borrowerId), loans.map((loan) => loan.loanId)],
  )
  return [...Map.groupBy(rows, (row) => row.loan_id)].map(([loanId, group]) => ({
    borrowerId: group[0]?.borrower_id ?? '',
    loanId,
    product: parseProductOptions(group[0]?.options ?? {}),
    events: group.map(fromRow),
  }))
}

function fromRow(row: EventRow): LedgerEvent {
  const amount = (text: string | null) => (text === null ? undefined : BigInt(text))
  const parsed = parseLedgerEvent({
    id: row.event_no,
    kind: row.kind,
    effectiveOn: row.effective_on ?? undefined,
    recordedAt:
      row.recorded_ms === null ? undefined : formatInstant(instant(Number(row.recorded_ms))),
    seq: row.seq ?? undefined,
    component: row.component ?? undefined,
    reverses: row.reverses ?? undefined,
    dueOn: row.due_on ?? undefined,
    toOn: row.to_on ?? undefined,
    untilOn: row.until_on ?? undefined,
    amountMinor: amount(row.amount_minor),
    principalMinor: amount(row.principal_minor),
    interestMinor: amount(row.interest_minor),
    feeMinor: amount(row.fee_minor),
    principalOutstandingMinor: amount(row.principal_minor),
    overdue: {
      principalMinor: amount(row.overdue_principal_minor),
      interestMinor: amount(row.interest_minor),
      feeMinor: amount(row.fee_minor),
      penaltyMinor: amount(row.penalty_minor),
    },
    oldestUnpaidDueOn: row.oldest_unpaid_due_on ?? undefined,
    creditMinor: amount(row.credit_minor),
  })
  if (!parsed.ok)
    throw new Error(
      `stored ledger event ${row.event_no} of loan ${row.loan_id}: ${parsed.refusal.detail}`,
    )
  return parsed.value
}

/** Inserts events; a number that is taken is left as it stands (the caller has compared). */
export async function insertEvents(
  tx: Tx,
  { borrowerId, loanId }: LoanKey,
  events: readonly LedgerEvent[],
  source: string,
): Promise<void> {
  for (const event of events) {
    const fields = toRow(event)
    const names = Object.keys(fields)
    const places = names.map((_, index) => `$${index + 4}`)
    await tx.run(
      `insert into ledger_event (borrower_id, loan_id, source, ${names.join(', ')}) values ($1, $2, $3, ${places.join(', ')})
       on conflict (borrower_id, loan_id, event_no) do nothing`,
      [borrowerId, loanId, source, ...Object.values(fields)],
    )
  }
}

/** The event under the table's column names; absent fields are null. */
function toRow(event: LedgerEvent): Record<string, SqlValue> {
  const given = new Map<string, unknown>(Object.entries(event))
  const amount = (name: string): SqlValue => {
    const value = given.get(name)
    return typeof value === 'bigint' ? value : null
  }
  const date = (name: string): SqlValue => {
    const value = given.get(name)
    return typeof value === 'number' ? formatLocalDate(epochDay(value)) : null
  }
  const text = (name: string): SqlValue => {
    const value = given.get(name)
    return typeof value === 'string' ? value : null
  }
  const seq = given.get('seq')
  return {
    event_no: event.id,
    kind: event.kind,
    effective_on: date('effectiveOn'),
    recorded_at: event.recordedAt === null ? null : formatInstant(event.recordedAt),
    seq: typeof seq === 'number' ? seq : null,
    component: text('component'),
    reverses: text('reverses'),
    due_on: date('dueOn'),
    to_on: date('toOn'),
    until_on: date('untilOn'),
    amount_minor: amount('amountMinor'),
    principal_minor: amount('principalMinor'),
    interest_minor: amount('interestMinor'),
    fee_minor: amount('feeMinor'),
  }
}

/** Writes folded numbers of many loans in one statement, and their instalments in another. */
export async function updateFolds(
  tx: Tx,
  folds: readonly (LoanKey & { row: LoanRow })[],
): Promise<void> {
  if (folds.length === 0) return
  const dates = (pick: (row: LoanRow) => EpochDay | null) =>
    folds.map(({ row }) => dateText(pick(row)))
  const amounts = (pick: (row: LoanRow) => bigint) => folds.map(({ row }) => pick(row))
  await tx.run(
    `update loan l set folded_on = f.folded_on, next_change_on = f.next_change_on, status = f.status,
       oldest_unpaid_due_on = f.oldest_unpaid_due_on, ages_from_on = f.ages_from_on, held_dpd = f.held_dpd,
       arrears_fee_minor = f.fee, arrears_penalty_minor = f.penalty, arrears_interest_minor = f.interest,
       arrears_principal_minor = f.principal, outstanding_minor = f.outstanding, credit_minor = f.credit,
       next_due_on = f.next_due_on, next_due_minor = f.next_due, needs_sync = true
     from unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[], $5::text[], $6::date[], $7::date[], $8::integer[],
       $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::date[], $16::bigint[])
       as f(borrower_id, loan_id, folded_on, next_change_on, status, oldest_unpaid_due_on, ages_from_on, held_dpd, fee,
       penalty, interest, principal, outstanding, credit, next_due_on, next_due)
     where l.borrower_id = f.borrower_id and l.loan_id = f.loan_id`,
    [
      folds.map((fold) => fold.borrowerId),
      folds.map((fold) => fold.loanId),
      dates((row) => row.foldedOn),
      dates((row) => row.nextChangeOn),
      folds.map(({ row }) => row.status),
      dates((row) => row.oldestUnpaidDueOn),
      dates((row) => row.agesFromOn),
      folds.map(({ row }) => row.heldDpd),
      amounts((row) => row.arrears[0]),
      amounts((row) => row.arrears[1]),
      amounts((row) => row.arrears[2]),
      amounts((row) => row.arrears[3]),
      amounts((row) => row.outstandingMinor),
      amounts((row) => row.creditMinor),
      dates((row) => row.nextDueOn),
      amounts((row) => row.nextDueMinor),
    ],
  )
  await replaceInstalments(tx, folds)
}

async function replaceInstalments(
  tx: Tx,
  folds: readonly (LoanKey & { row: LoanRow })[],
): Promise<void> {
  const lines = folds.flatMap(({ borrowerId, loanId, row }) =>
    row.instalments.map((line) => ({ borrowerId, loanId, line })),
  )
  if (lines.length === 0) return
  await tx.run(
    `delete from instalment i using unnest($1::bigint[], $2::bigint[]) k(borrower_id, loan_id)
     where i.borrower_id = k.borrower_id and i.loan_id = k.loan_id`,
    [folds.map((fold) => fold.borrowerId), folds.map((fold) => fold.loanId)],
  )
  await tx.run(
    `insert into instalment (borrower_id, loan_id, seq, due_on, outstanding_minor, paid_minor, waived_minor, cleared_on)
     select * from unnest($1::bigint[], $2::bigint[], $3::integer[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[],
       $8::date[])`,
    [
      lines.map((each) => each.borrowerId),
      lines.map((each) => each.loanId),
      lines.map((each) => each.line.seq),
      lines.map((each) => dateText(each.line.dueOn)),
      lines.map((each) => each.line.outstandingMinor),
      lines.map((each) => each.line.paidMinor),
      lines.map((each) => each.line.waivedMinor),
      lines.map((each) => dateText(each.line.clearedOn)),
    ],
  )
}

function dateText(day: EpochDay | null): string | null {
  return day === null ? null : formatLocalDate(day)
}

export async function noteHasEvents(tx: Tx, { borrowerId, loanId }: LoanKey): Promise<void> {
  await tx.run('update loan set is_snapshot_only = false where borrower_id = $1 and loan_id = $2', [
    borrowerId,
    loanId,
  ])
}

/**
 * Tells what the loans of these borrowers come to that changed since their cases last looked, in one
 * statement: a file of a million loans is heard of like one payment. Nobody in the house reacts to it.
 */
export async function tellFolds(
  tx: Tx,
  borrowerIds: readonly string[],
  at: Instant,
): Promise<void> {
  await tx.run(
    `insert into outbox (borrower_id, event, payload, recorded_at)
     select borrower_id, 'loan.folded', jsonb_build_object('loanId', loan_id::text, 'loanNo', loan_no,
       'portfolioId', portfolio_id::text, 'currency', currency, 'status', status,
       'outstandingMinor', outstanding_minor, 'creditMinor', credit_minor,
       'arrearsMinor', arrears_principal_minor + arrears_interest_minor + arrears_fee_minor + arrears_penalty_minor,
       'agesFromOn', ages_from_on, 'heldDpd', held_dpd, 'nextDueOn', next_due_on, 'nextDueMinor', next_due_minor), $2
     from loan where borrower_id = any($1::bigint[]) and needs_sync order by borrower_id, loan_id`,
    [borrowerIds, formatInstant(at)],
  )
}
