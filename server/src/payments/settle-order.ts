import { type Instant, ok, type Result, refused, required } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { PaymentsContext } from './context.ts'
import { providerDay } from './model/provider-day.ts'
import {
  findOrderNumbered,
  listLines,
  markPaid,
  moveOrder,
  noteAsked,
  type Order,
  type OrderState,
  readOrder,
  updateLine,
} from './order-store.ts'
import type { Merchant } from './wechat-pay/merchant.ts'
import { askOrder, closeOrder } from './wechat-pay/orders.ts'
import type { Transaction } from './wechat-pay/resources.ts'

/** A call that places an order may still be on its way for this long. */
const IN_FLIGHT_MS = 60_000

/**
 * Books a payment that the provider told of, in the caller's transaction, under the borrower's lock: once,
 * whoever tells of it and how often. Also of an order that was over for us: the money is there. Refuses what
 * is not our order to the cent.
 */
export async function settlePaid(
  tx: Tx,
  { ledger, reactions, merchant }: PaymentsContext & { readonly merchant: Merchant },
  { payment, at }: { payment: Transaction; at: Instant },
): Promise<Result<'booked' | 'known', string>> {
  const found = await findOrderNumbered(tx, payment.out_trade_no)
  if (found === null || found.accountId !== merchant.accountId)
    return refused(`there is no order ${payment.out_trade_no}`)
  const wrong = mismatchOf(payment, { order: found, merchant })
  if (wrong !== null) return refused(wrong)
  await ledger.lock(tx, found.borrowerId)
  const order = required(await readOrder(tx, found.orderId), 'order')
  if (order.state === 'paid') return ok('known')
  const paidAt = payment.success_time ?? at
  const { borrowerId, orderId } = order
  for (const { line, loanId, amountMinor } of await listLines(tx, order)) {
    const eventNo = `${order.outTradeNo}/${line}`
    await ledger.book(tx, { borrowerId, loanId, eventNo, amountMinor, effectiveAt: paidAt, at })
    await updateLine(tx, order, { line, bookedMinor: amountMinor, eventNo })
  }
  await markPaid(tx, order, { paidAt, paidOn: providerDay(paidAt) })
  const payload = { orderId, amountMinor: Number(order.totalMinor), currency: order.currency }
  await reactions.publish(tx, [{ name: 'order.paid', borrowerId, payload }], at)
  return ok('booked')
}

function mismatchOf(
  payment: Transaction,
  { order, merchant }: { order: Order; merchant: Merchant },
): string | null {
  const { settings } = merchant
  if (payment.trade_state !== 'SUCCESS' && payment.trade_state !== 'REFUND')
    return `the payment is ${payment.trade_state}`
  if (payment.mchid !== settings.merchantId || payment.appid !== settings.appId)
    return 'the payment is of another merchant or application'
  const { total, currency } = payment.amount ?? {}
  // What a coupon paid is the payer's discount: the order counts as a whole.
  if (total === undefined || BigInt(total) !== order.totalMinor || currency !== order.currency)
    return `the order is over ${order.totalMinor} ${order.currency}, the payment over ${total} ${currency}`
  return null
}

/**
 * Asks the provider what has become of an order and does what follows. `isEnding` closes one that may still
 * be paid. Returns the state it is in afterwards; a state in which it may be paid means: ask again.
 */
export async function askAndSettle(
  context: PaymentsContext,
  order: Order,
  { isEnding }: { isEnding: boolean },
): Promise<OrderState> {
  const { db, clock, merchants } = context
  const merchant = await merchants.find({ accountId: order.accountId })
  if (merchant === null) return order.state
  const at = clock.now()
  await noteAsked(db, order, at)
  const answer = await askOrder(merchant, order.outTradeNo)
  if (answer.kind === 'refused' && answer.code === 'ORDER_NOT_EXIST') await forget(context, order)
  if (answer.kind === 'ok') {
    const given = { order, merchant, payment: answer.value }
    await follow(context, given, isEnding || order.state === 'unknown' || at >= order.expiresAt)
  }
  return required(await readOrder(db, order.orderId), 'order').state
}

/** The provider never had it; unless the call is still on its way, nobody will ever pay it. */
async function forget({ db, clock }: PaymentsContext, order: Order): Promise<void> {
  const { placedAt } = order
  if (placedAt !== null && clock.now() < placedAt + IN_FLIGHT_MS) return
  const from = ['new', 'unknown', 'open'] as const
  await moveOrder(db, order, { from, to: 'failed', failure: 'the provider never took it' })
}

async function follow(
  context: PaymentsContext,
  given: { order: Order; merchant: Merchant; payment: Transaction },
  isEnding: boolean,
): Promise<void> {
  const { db } = context
  const { order, merchant, payment } = given
  const from = ['new', 'unknown', 'open'] as const
  switch (payment.trade_state) {
    case 'SUCCESS':
    case 'REFUND':
      await bookAsked(context, given)
      return
    case 'CLOSED':
    case 'REVOKED':
    case 'PAYERROR':
      await moveOrder(db, order, { from, to: 'closed' })
      return
    case 'NOTPAY': {
      if (!isEnding) return
      const closed = await closeOrder(merchant, order.outTradeNo)
      // Paid at the last moment: the next answer says so.
      if (closed.kind === 'ok') await moveOrder(db, order, { from, to: 'closed' })
      return
    }
    case 'USERPAYING':
    case 'ACCEPT':
      return
  }
}

async function bookAsked(
  context: PaymentsContext,
  { merchant, payment }: { merchant: Merchant; payment: Transaction },
): Promise<void> {
  const { db, clock } = context
  const settled = await db.transaction((tx) =>
    settlePaid(tx, { ...context, merchant }, { payment, at: clock.now() }),
  )
  if (!settled.ok) throw new Error(`order ${payment.out_trade_no}: ${settled.refusal}`)
}
