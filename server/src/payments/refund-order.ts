import { randomBytes } from 'node:crypto'
import { type Instant, ok, type Result, refused, required } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { PaymentsContext } from './context.ts'
import { providerDay } from './model/provider-day.ts'
import { keepOf } from './model/split-amount.ts'
import { addRefunded, listLines, type Order, readOrder, updateLine } from './order-store.ts'
import {
  findRefundNumbered,
  insertRefund,
  moveRefund,
  type Refund,
  readRefund,
  sumRefunds,
} from './refund-store.ts'
import { askRefund, placeRefund as place } from './wechat-pay/refunds.ts'
import type { RefundResource } from './wechat-pay/resources.ts'

export type RefundAsked = {
  readonly orderId: string
  readonly amountMinor: bigint
  readonly reason: string
  readonly requestedBy: string
}
export type RefundRefusal = {
  readonly code: 'resource.not_found' | 'payment.not_paid' | 'payment.exceeds_paid'
  readonly field: string
  readonly detail: string
}

const NUMBER_BYTES = 15

/** Stores a refund under its number, in the caller's transaction; never more than is left of the order. */
export async function makeRefund(
  { tx, at }: { tx: Tx; at: Instant },
  { ledger }: Pick<PaymentsContext, 'ledger'>,
  asked: RefundAsked,
): Promise<Result<string, RefundRefusal>> {
  const seen = await readOrder(tx, asked.orderId)
  if (seen === null) return no('resource.not_found', 'id', `there is no order ${asked.orderId}`)
  await ledger.lock(tx, seen.borrowerId)
  const order = required(await readOrder(tx, asked.orderId), 'order')
  if (order.state !== 'paid') return no('payment.not_paid', 'id', `the order is ${order.state}`)
  const left = order.totalMinor - (await sumRefunds(tx, order))
  if (asked.amountMinor > left)
    return no('payment.exceeds_paid', 'amountMinor', `${left} is left of the order`)
  const refundId = await insertRefund(tx, {
    ...asked,
    borrowerId: order.borrowerId,
    outRefundNo: `DR${randomBytes(NUMBER_BYTES).toString('hex')}`,
    currency: order.currency,
    madeAt: at,
    madeOn: providerDay(at),
  })
  return ok(refundId)
}

/**
 * Places a stored refund, or asks what became of it. One that the provider does not know is placed under the
 * same number: the same number is one refund, however often it is placed.
 */
export async function placeRefund(context: PaymentsContext, refundId: string): Promise<Refund> {
  const { db, merchants, clock } = context
  const refund = required(await readRefund(db, refundId), `refund ${refundId}`)
  if (refund.state !== 'new' && refund.state !== 'processing') return refund
  const order = required(await readOrder(db, refund.orderId), `order ${refund.orderId}`)
  const merchant = await merchants.find({ accountId: order.accountId })
  if (merchant === null) return refund
  const { outRefundNo, reason } = refund
  const asked = refund.state === 'new' ? null : await askRefund(merchant, outRefundNo)
  const isUnknown = asked?.kind === 'refused' && asked.code === 'RESOURCE_NOT_EXISTS'
  const answer =
    asked !== null && !isUnknown
      ? asked
      : await place(merchant, {
          ...{ outRefundNo, reason, outTradeNo: order.outTradeNo },
          refundMinor: Number(refund.amountMinor),
          totalMinor: Number(order.totalMinor),
        })
  const at = clock.now()
  if (answer.kind === 'ok')
    await db.transaction((tx) => applyRefund(tx, context, { resource: answer.value, at }))
  else if (answer.kind === 'refused')
    await moveRefund(db, refund, {
      ...{ to: 'failed', at, failure: `${answer.code}: ${answer.detail}` },
    })
  else {
    const to = answer.kind === 'unknown' ? 'processing' : refund.state
    await moveRefund(db, refund, { to, at, failure: answer.detail })
  }
  return required(await readRefund(db, refundId), `refund ${refundId}`)
}

/** Does what the provider says of a refund, once; refuses one that is not ours to the cent. */
export async function applyRefund(
  tx: Tx,
  context: Pick<PaymentsContext, 'ledger' | 'reactions'>,
  { resource, at }: { resource: RefundResource; at: Instant },
): Promise<Result<'applied' | 'known', string>> {
  const found = await findRefundNumbered(tx, resource.out_refund_no)
  if (found === null) return refused(`there is no refund ${resource.out_refund_no}`)
  const order = required(await readOrder(tx, found.orderId), 'order')
  if (
    order.outTradeNo !== resource.out_trade_no ||
    BigInt(resource.amount.refund) !== found.amountMinor
  )
    return refused(`refund ${resource.out_refund_no} is of another order or amount`)
  await context.ledger.lock(tx, found.borrowerId)
  const refund = required(await readRefund(tx, found.refundId), 'refund')
  if (refund.state === 'done' || refund.state === 'closed') return ok('known')
  const to = stateOf(resource)
  await moveRefund(tx, refund, { to, at })
  if (to === 'done') {
    const effectiveAt = resource.success_time ?? at
    await giveBack(tx, context, { order, refund, effectiveAt, at })
  }
  return ok('applied')
}

function stateOf({ state }: RefundResource): 'done' | 'processing' | 'abnormal' | 'closed' {
  const states = {
    SUCCESS: 'done',
    PROCESSING: 'processing',
    ABNORMAL: 'abnormal',
    CLOSED: 'closed',
  } as const
  return states[state]
}

/**
 * Takes the refund out of the ledger, to the cent: an event whose loan keeps less is reversed, and what it
 * keeps is booked anew with the day of the payment.
 */
async function giveBack(
  tx: Tx,
  { ledger, reactions }: Pick<PaymentsContext, 'ledger' | 'reactions'>,
  given: { order: Order; refund: Refund; effectiveAt: Instant; at: Instant },
): Promise<void> {
  const { refund, effectiveAt, at } = given
  await addRefunded(tx, given.order, refund.amountMinor)
  const order = required(await readOrder(tx, given.order.orderId), 'order')
  const { borrowerId, orderId, outTradeNo } = order
  const lines = await listLines(tx, order)
  const kept = keepOf(
    lines.map(({ amountMinor }) => amountMinor),
    order.totalMinor - order.refundedMinor,
  )
  for (const [index, { line, loanId, bookedMinor, eventNo }] of lines.entries()) {
    const keeps = kept[index] ?? 0n
    if (keeps === bookedMinor || eventNo === null) continue
    const mark = `${outTradeNo}/${line}/${refund.refundId}`
    const entry = { borrowerId, loanId, at }
    await ledger.reverse(tx, { ...entry, eventNo: `${mark}b`, reverses: eventNo, effectiveAt })
    const paidAt = order.paidAt ?? effectiveAt
    if (keeps > 0n)
      await ledger.book(tx, { ...entry, eventNo: mark, amountMinor: keeps, effectiveAt: paidAt })
    await updateLine(tx, order, { line, bookedMinor: keeps, eventNo: keeps > 0n ? mark : null })
  }
  const { refundId, amountMinor } = refund
  const payload = { orderId, refundId, amountMinor: Number(amountMinor), currency: order.currency }
  await reactions.publish(tx, [{ name: 'order.refunded', borrowerId, payload }], at)
}

function no(
  code: RefundRefusal['code'],
  field: string,
  detail: string,
): Result<never, RefundRefusal> {
  return refused({ code, field, detail })
}
