import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import type { Share } from './model/split-amount.ts'

// SQL of payment orders.

export type OrderState = 'new' | 'open' | 'unknown' | 'paid' | 'closed' | 'failed'
export type OrderKey = { readonly borrowerId: string; readonly orderId: string }
export type Order = OrderKey & {
  readonly accountId: string
  readonly outTradeNo: string
  readonly way: 'jsapi' | 'native' | 'h5'
  readonly sealedPayer: Buffer | null
  readonly description: string
  readonly currency: string
  readonly totalMinor: bigint
  readonly refundedMinor: bigint
  readonly state: OrderState
  readonly prepared: string | null
  readonly failure: string | null
  readonly expiresAt: Instant
  readonly placedAt: Instant | null
  readonly paidAt: Instant | null
}

type OrderRow = {
  borrower_id: string
  payment_order_id: string
  provider_account_id: string
  out_trade_no: string
  way: Order['way']
  sealed_payer: Buffer | null
  description: string
  currency: string
  total_minor: string
  refunded_minor: string
  state: OrderState
  prepared: string | null
  failure: string | null
  expires_ms: string
  placed_ms: string | null
  paid_ms: string | null
}

const COLUMNS = `borrower_id, payment_order_id, provider_account_id, out_trade_no, way, sealed_payer, description, currency,
  total_minor, refunded_minor, state, prepared, failure, (extract(epoch from expires_at) * 1000)::bigint as expires_ms,
  (extract(epoch from placed_at) * 1000)::bigint as placed_ms, (extract(epoch from paid_at) * 1000)::bigint as paid_ms`

function fromRow(row: OrderRow): Order {
  const at = (ms: string | null): Instant | null => (ms === null ? null : instant(Number(ms)))
  return {
    borrowerId: row.borrower_id,
    orderId: row.payment_order_id,
    accountId: row.provider_account_id,
    outTradeNo: row.out_trade_no,
    way: row.way,
    sealedPayer: row.sealed_payer,
    description: row.description,
    currency: row.currency,
    totalMinor: BigInt(row.total_minor),
    refundedMinor: BigInt(row.refunded_minor),
    state: row.state,
    prepared: row.prepared,
    failure: row.failure,
    expiresAt: instant(Number(row.expires_ms)),
    placedAt: at(row.placed_ms),
    paidAt: at(row.paid_ms),
  }
}

export type NewOrder = Omit<
  Order,
  'orderId' | 'refundedMinor' | 'state' | 'prepared' | 'failure' | 'placedAt' | 'paidAt'
> & { readonly shares: readonly Share[]; readonly madeAt: Instant }

/** Stores an order and its lines before the provider hears of it; its id. */
export async function insertOrder(tx: Tx, order: NewOrder): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into payment_order (borrower_id, provider_account_id, out_trade_no, way, sealed_payer, description, currency,
       total_minor, state, made_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'new', $9, $10) returning payment_order_id as id`,
    [
      order.borrowerId,
      order.accountId,
      order.outTradeNo,
      order.way,
      order.sealedPayer,
      order.description,
      order.currency,
      order.totalMinor,
      formatInstant(order.madeAt),
      formatInstant(order.expiresAt),
    ],
  )
  if (row === undefined) throw new Error('no order was stored')
  await tx.run(
    `insert into payment_order_line (borrower_id, payment_order_id, line, loan_id, currency, amount_minor)
     select $1, $2, n, l, $3, a from unnest($4::bigint[], $5::bigint[]) with ordinality as t(l, a, n)`,
    [
      order.borrowerId,
      row.id,
      order.currency,
      order.shares.map(({ loanId }) => loanId),
      order.shares.map(({ amountMinor }) => amountMinor),
    ],
  )
  return row.id
}

export async function readOrder(sql: Sql, orderId: string): Promise<Order | null> {
  const [row] = await sql.query<OrderRow>(
    `select ${COLUMNS} from payment_order where payment_order_id = $1`,
    [orderId],
  )
  return row === undefined ? null : fromRow(row)
}

export async function findOrderNumbered(sql: Sql, outTradeNo: string): Promise<Order | null> {
  const [row] = await sql.query<OrderRow>(
    `select ${COLUMNS} from payment_order where out_trade_no = $1`,
    [outTradeNo],
  )
  return row === undefined ? null : fromRow(row)
}

/** Orders of a borrower, before another, that might still be paid. */
export async function listRivals(sql: Sql, { borrowerId, orderId }: OrderKey): Promise<Order[]> {
  const rows = await sql.query<OrderRow>(
    `select ${COLUMNS} from payment_order
     where borrower_id = $1 and payment_order_id < $2 and state in ('new', 'open', 'unknown')
     order by payment_order_id`,
    [borrowerId, orderId],
  )
  return rows.map(fromRow)
}

/** Orders that nobody has looked at since an instant and whose end is not known. */
export async function listLive(
  sql: Sql,
  { before, limit }: { before: Instant; limit: number },
): Promise<Order[]> {
  const rows = await sql.query<OrderRow>(
    `select ${COLUMNS} from payment_order
     where state in ('new', 'open', 'unknown') and coalesce(asked_at, made_at) <= $1
     order by asked_at nulls first limit $2`,
    [formatInstant(before), limit],
  )
  return rows.map(fromRow)
}

/** Makes the caller the one that places the order; false when somebody else was, or it is over. */
export async function claimOrder(sql: Sql, key: OrderKey, at: Instant): Promise<boolean> {
  const touched = await sql.run(
    `update payment_order set placed_at = $3, asked_at = $3
     where borrower_id = $1 and payment_order_id = $2 and state = 'new' and placed_at is null`,
    [key.borrowerId, key.orderId, formatInstant(at)],
  )
  return touched === 1
}

export async function noteAsked(sql: Sql, key: OrderKey, at: Instant): Promise<void> {
  await sql.run(
    'update payment_order set asked_at = $3 where borrower_id = $1 and payment_order_id = $2',
    [key.borrowerId, key.orderId, formatInstant(at)],
  )
}

export type Movement = {
  readonly from: readonly OrderState[]
  readonly to: Exclude<OrderState, 'new' | 'paid'>
  readonly prepared?: string
  readonly failure?: string
}

/** Moves an order on, from the named states only; whether it was in one. The payer is forgotten. */
export async function moveOrder(sql: Sql, key: OrderKey, move: Movement): Promise<boolean> {
  const touched = await sql.run(
    `update payment_order set state = $4, prepared = coalesce($5, prepared), failure = $6, sealed_payer = null
     where borrower_id = $1 and payment_order_id = $2 and state = any($3)`,
    [key.borrowerId, key.orderId, move.from, move.to, move.prepared ?? null, move.failure ?? null],
  )
  return touched === 1
}

/** Closes an order that was never placed; false when somebody is placing it. */
export async function closeUnplaced(sql: Sql, key: OrderKey): Promise<boolean> {
  const touched = await sql.run(
    `update payment_order set state = 'closed', sealed_payer = null
     where borrower_id = $1 and payment_order_id = $2 and state = 'new' and placed_at is null`,
    [key.borrowerId, key.orderId],
  )
  return touched === 1
}

/** Marks an order as paid; the caller holds the borrower's lock and has looked that it was not. */
export async function markPaid(
  tx: Tx,
  key: OrderKey,
  { paidAt, paidOn }: { paidAt: Instant; paidOn: string },
): Promise<void> {
  await tx.run(
    `update payment_order set state = 'paid', paid_at = $3, paid_on = $4, failure = null, sealed_payer = null
     where borrower_id = $1 and payment_order_id = $2`,
    [key.borrowerId, key.orderId, formatInstant(paidAt), paidOn],
  )
}

export type OrderLine = {
  readonly line: number
  readonly loanId: string
  readonly amountMinor: bigint
  readonly bookedMinor: bigint
  readonly eventNo: string | null
}

export async function listLines(sql: Sql, key: OrderKey): Promise<OrderLine[]> {
  const rows = await sql.query<{
    line: number
    loan_id: string
    amount_minor: string
    booked_minor: string
    event_no: string | null
  }>(
    `select line, loan_id, amount_minor, booked_minor, event_no from payment_order_line
     where borrower_id = $1 and payment_order_id = $2 order by line`,
    [key.borrowerId, key.orderId],
  )
  return rows.map((row) => ({
    line: row.line,
    loanId: row.loan_id,
    amountMinor: BigInt(row.amount_minor),
    bookedMinor: BigInt(row.booked_minor),
    eventNo: row.event_no,
  }))
}

export async function updateLine(
  tx: Tx,
  key: OrderKey,
  given: { line: number; bookedMinor: bigint; eventNo: string | null },
): Promise<void> {
  await tx.run(
    `update payment_order_line set booked_minor = $4, event_no = $5
     where borrower_id = $1 and payment_order_id = $2 and line = $3`,
    [key.borrowerId, key.orderId, given.line, given.bookedMinor, given.eventNo],
  )
}

export async function addRefunded(tx: Tx, key: OrderKey, amountMinor: bigint): Promise<void> {
  await tx.run(
    `update payment_order set refunded_minor = refunded_minor + $3
     where borrower_id = $1 and payment_order_id = $2`,
    [key.borrowerId, key.orderId, amountMinor],
  )
}
