import { required } from '@dunlin/kernel'
import type { PaymentsContext } from './context.ts'
import {
  claimOrder,
  closeUnplaced,
  listLines,
  listRivals,
  moveOrder,
  type Order,
  readOrder,
} from './order-store.ts'
import { askAndSettle } from './settle-order.ts'
import type { Merchant } from './wechat-pay/merchant.ts'
import { type OrderWay, placeOrder as place } from './wechat-pay/orders.ts'

/**
 * Places a stored order with the provider: once, whoever asks and however often. Orders of the same borrower
 * that might still be paid are closed first, so that a debt is not paid twice; while one of them cannot be
 * closed the order stays new. Returns the order as it stands afterwards.
 */
export async function placeOrder(context: PaymentsContext, orderId: string): Promise<Order> {
  const order = required(await readOrder(context.db, orderId), `order ${orderId}`)
  if (order.state !== 'new' || order.placedAt !== null) return order
  const merchant = await merchantOf(context, order)
  if (!(await closeRivals(context, order)) || !(await claim(context, order)))
    return required(await readOrder(context.db, orderId), `order ${orderId}`)
  await callOnce(context, { order, merchant })
  return required(await readOrder(context.db, orderId), `order ${orderId}`)
}

async function merchantOf({ merchants }: PaymentsContext, order: Order): Promise<Merchant> {
  const merchant = await merchants.find({ accountId: order.accountId })
  return required(merchant, `enabled account of order ${order.orderId}`)
}

/** Whether nothing else of this borrower can be paid any more. */
async function closeRivals(context: PaymentsContext, order: Order): Promise<boolean> {
  for (const rival of await listRivals(context.db, order)) {
    if (await closeUnplaced(context.db, rival)) continue
    const state = await askAndSettle(context, rival, { isEnding: true })
    if (state === 'open' || state === 'unknown' || state === 'new') return false
  }
  return true
}

/** Makes us the one that places it, unless meanwhile less is owed than it is for. */
function claim({ db, ledger, clock }: PaymentsContext, order: Order): Promise<boolean> {
  return db.transaction(async (tx) => {
    await ledger.lock(tx, order.borrowerId)
    const lines = await listLines(tx, order)
    const loanIds = lines.map(({ loanId }) => loanId)
    const loans = await ledger.readOwed(tx, { borrowerId: order.borrowerId, loanIds })
    const owedOf = new Map(loans.map(({ loanId, owedMinor }) => [loanId, owedMinor]))
    if (lines.some((line) => line.amountMinor > (owedOf.get(line.loanId) ?? 0n))) {
      await moveOrder(tx, order, { from: ['new'], to: 'failed', failure: 'payment.exceeds_owed' })
      return false
    }
    return claimOrder(tx, order, clock.now())
  })
}

async function callOnce(
  { db, sealer }: PaymentsContext,
  { order, merchant }: { order: Order; merchant: Merchant },
): Promise<void> {
  const { outTradeNo, description, expiresAt } = order
  const totalMinor = Number(order.totalMinor)
  const way = wayOf(order, order.sealedPayer === null ? '' : sealer.open(order.sealedPayer))
  const answer = await place(merchant, { outTradeNo, description, expiresAt, totalMinor, way })
  const from = ['new'] as const
  if (answer.kind === 'ok') {
    await moveOrder(db, order, { from, to: 'open', prepared: answer.value })
    return
  }
  const code = answer.kind === 'refused' ? `${answer.code}: ` : ''
  const to = answer.kind === 'unknown' ? 'unknown' : 'failed'
  await moveOrder(db, order, { from, to, failure: `${code}${answer.detail}` })
}

function wayOf({ way }: Order, payer: string): OrderWay {
  switch (way) {
    case 'jsapi':
      return { way, openid: payer }
    case 'h5':
      return { way, payerIp: payer }
    case 'native':
      return { way }
  }
}
