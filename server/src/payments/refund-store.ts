import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import type { OrderKey } from './order-store.ts'

// SQL of refunds.

export type RefundState = 'new' | 'processing' | 'done' | 'abnormal' | 'closed' | 'failed'
export type RefundKey = { readonly borrowerId: string; readonly refundId: string }
export type Refund = RefundKey & {
  readonly orderId: string
  readonly outRefundNo: string
  readonly amountMinor: bigint
  readonly reason: string
  readonly state: RefundState
  readonly failure: string | null
}

type RefundRow = {
  borrower_id: string
  payment_refund_id: string
  payment_order_id: string
  out_refund_no: string
  amount_minor: string
  reason: string
  state: RefundState
  failure: string | null
}
const COLUMNS =
  'borrower_id, payment_refund_id, payment_order_id, out_refund_no, amount_minor, reason, state, failure'

function fromRow(row: RefundRow): Refund {
  return {
    borrowerId: row.borrower_id,
    refundId: row.payment_refund_id,
    orderId: row.payment_order_id,
    outRefundNo: row.out_refund_no,
    amountMinor: BigInt(row.amount_minor),
    reason: row.reason,
    state: row.state,
    failure: row.failure,
  }
}

export async function insertRefund(
  tx: Tx,
  refund: OrderKey & {
    outRefundNo: string
    currency: string
    amountMinor: bigint
    reason: string
    requestedBy: string
    madeAt: Instant
    madeOn: string
  },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into payment_refund (borrower_id, payment_order_id, out_refund_no, currency, amount_minor, reason, requested_by,
       state, made_at, made_on)
     values ($1, $2, $3, $4, $5, $6, $7, 'new', $8, $9) returning payment_refund_id as id`,
    [
      refund.borrowerId,
      refund.orderId,
      refund.outRefundNo,
      refund.currency,
      refund.amountMinor,
      refund.reason,
      refund.requestedBy,
      formatInstant(refund.madeAt),
      refund.madeOn,
    ],
  )
  if (row === undefined) throw new Error('no refund was stored')
  return row.id
}

export async function readRefund(sql: Sql, refundId: string): Promise<Refund | null> {
  const [row] = await sql.query<RefundRow>(
    `select ${COLUMNS} from payment_refund where payment_refund_id = $1`,
    [refundId],
  )
  return row === undefined ? null : fromRow(row)
}

export async function findRefundNumbered(sql: Sql, outRefundNo: string): Promise<Refund | null> {
  const [row] = await sql.query<RefundRow>(
    `select ${COLUMNS} from payment_refund where out_refund_no = $1`,
    [outRefundNo],
  )
  return row === undefined ? null : fromRow(row)
}

/** What of an order is given back or on its way back. */
export async function sumRefunds(sql: Sql, key: OrderKey): Promise<bigint> {
  const [row] = await sql.query<{ total: string }>(
    `select coalesce(sum(amount_minor), 0)::bigint as total from payment_refund
     where borrower_id = $1 and payment_order_id = $2 and state not in ('closed', 'failed')`,
    [key.borrowerId, key.orderId],
  )
  return BigInt(row?.total ?? '0')
}

export async function listRefundsOf(sql: Sql, key: OrderKey): Promise<Refund[]> {
  const rows = await sql.query<RefundRow>(
    `select ${COLUMNS} from payment_refund where borrower_id = $1 and payment_order_id = $2 order by payment_refund_id`,
    [key.borrowerId, key.orderId],
  )
  return rows.map(fromRow)
}

/** Refunds whose end is not known and that nobody has looked at since an instant. */
export async function listLiveRefunds(
  sql: Sql,
  { before, limit }: { before: Instant; limit: number },
): Promise<Refund[]> {
  const rows = await sql.query<RefundRow>(
    `select ${COLUMNS} from payment_refund
     where state in ('new', 'processing') and coalesce(asked_at, made_at) <= $1
     order by asked_at nulls first limit $2`,
    [formatInstant(before), limit],
  )
  return rows.map(fromRow)
}

/** Moves a refund on from a state in which its end is not known; whether it was in one. */
export async function moveRefund(
  sql: Sql,
  key: RefundKey,
  move: { to: RefundState; at: Instant; failure?: string },
): Promise<boolean> {
  const touched = await sql.run(
    `update payment_refund set state = $3, failure = $4, asked_at = $5, done_at = case when $3 = 'done' then $5::timestamptz end
     where borrower_id = $1 and payment_refund_id = $2 and state in ('new', 'processing', 'abnormal')`,
    [key.borrowerId, key.refundId, move.to, move.failure ?? null, formatInstant(move.at)],
  )
  return touched === 1
}
