import { PORTAL } from '@dunlin/contract'
import type { z } from 'zod'
import {
  makeOrder,
  type Order,
  type OrderWay,
  placeOrder,
  readOrder,
} from '../../payments/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { serveAct, serveRead } from '../serve.ts'
import { findOrderBorrower } from './debt-store.ts'

type OrderAnswer = z.input<typeof PORTAL.readOrder.answer>

/** Paying: an order for no more than is owed; what became of it is what the provider says. */
export function routePay(app: App, context: PortalContext): void {
  const { payments } = context
  serveAct({ app, context }, PORTAL.makeOrder, async ({ visitor, work, body, request }) => {
    const merchant = await payments.merchants.find({})
    if (merchant === null) throw new Problem('payment.no_account', 'WeChat Pay is not offered')
    const { way, currency } = body
    const how: OrderWay = way === 'h5' ? { way, payerIp: request.ip } : { way }
    const asked = { borrowerId: visitor.borrowerId, loanNos: null, currency, way: how }
    const amountMinor = BigInt(body.amountMinor)
    const made = await makeOrder(work, payments, {
      merchant,
      asked: { ...asked, amountMinor },
    })
    if (!made.ok) throw new Problem(made.refusal.code, made.refusal.detail, made.refusal.field)
    return {
      ...{ id: made.value, state: 'new' as const, amountMinor: body.amountMinor, currency },
      ...{ h5Url: null, codeUrl: null },
    }
  })
  // The provider hears of an order once its row is committed; reading it again places it where that was missed.
  serveRead({ app, context }, PORTAL.readOrder, async ({ visitor, idIn }) =>
    toAnswer(await placeOrder(payments, await mustOwn(context, visitor.borrowerId, idIn('id')))),
  )
  if (context.sandboxUrl !== null) routeDemoPay(app, context, context.sandboxUrl)
}

async function mustOwn(
  { db }: PortalContext,
  borrowerId: string,
  orderId: string,
): Promise<string> {
  if ((await findOrderBorrower(db, orderId)) !== borrowerId)
    throw new Problem('resource.not_found', 'there is no such order', 'id')
  return orderId
}

function toAnswer(order: Order): OrderAnswer {
  const { orderId, state, totalMinor, currency, way, prepared } = order
  const isOpen = state === 'open'
  return {
    ...{ id: orderId, state, currency, amountMinor: Number(totalMinor) },
    h5Url: isOpen && way === 'h5' ? prepared : null,
    codeUrl: isOpen && way === 'native' ? prepared : null,
  }
}

/** Pays as the made-up borrower would on the phone: the sandbox's WeChat Pay then tells us, as the real one does. */
function routeDemoPay(app: App, context: PortalContext, sandboxUrl: string): void {
  serveRead({ app, context }, PORTAL.demoPay, async ({ visitor, body }) => {
    await mustOwn(context, visitor.borrowerId, body.id)
    const order = await readOrder(context.db, body.id)
    const answer = await fetch(new URL('/wechat-pay/pay', sandboxUrl), {
      method: 'POST',
      body: JSON.stringify({ outTradeNo: order?.outTradeNo }),
      signal: AbortSignal.timeout(5_000),
    })
    if (!answer.ok) throw new Problem('payment.not_paid', 'the sandbox did not pay')
    return { done: true as const }
  })
}
