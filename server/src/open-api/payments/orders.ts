import {
  id,
  madeResponse,
  type PaymentOrderRequest,
  paymentOrderRequest,
  paymentOrderResponse,
} from '@dunlin/contract'
import { z } from 'zod'
import {
  type Merchant,
  makeOrder,
  type Order,
  type OrderWay,
  placeOrder,
  readOrder,
} from '../../payments/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { toOrderResponse } from './order-response.ts'

const params = z.strictObject({ id })
const TAGS = ['payments']

/**
 * `POST /api/v1/payments/orders`: the means to pay, for no more than is owed. The order is stored under its
 * number with the Idempotency-Key's answer, then placed with the provider once: the same request again
 * returns the same order, whatever happened in between.
 */
export function routeOrders(app: App, context: ApiContext): void {
  const make = {
    tags: TAGS,
    summary: 'Give a borrower the means to pay; an earlier order that might be paid is closed',
    body: paymentOrderRequest,
    response: { 200: paymentOrderResponse, 201: paymentOrderResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: [
      'resource.not_found',
      'payment.no_account',
      'payment.unknown_loan',
      'payment.currency_mismatch',
      'payment.bad_amount',
      'payment.exceeds_owed',
    ],
  } as const
  app.post('/api/v1/payments/orders', { schema: make, config }, async (request, reply) => {
    const { body } = request
    const { payments } = context
    const merchant = await mustFindMerchant(context, body.account)
    const made = await answerOnce(context, request, {
      schema: madeResponse,
      work: async (tx, at) => {
        const { borrower_id: borrowerId } = await mustFind(tx, body.caseId, 'caseId')
        const order = await makeOrder({ tx, at }, payments, {
          merchant,
          asked: toAsked(body, borrowerId),
        })
        if (!order.ok)
          throw new Problem(order.refusal.code, order.refusal.detail, order.refusal.field)
        return { status: 201, body: { id: order.value } }
      },
    })
    const order = await placeOrder(payments, made.body.id)
    return reply.status(made.status).send(await respond(context, order))
  })
  routeReadOrder(app, context)
}

function routeReadOrder(app: App, context: ApiContext): void {
  const schema = {
    tags: TAGS,
    summary: 'One order, what became of it, and its refunds',
    params,
    response: { 200: paymentOrderResponse },
  }
  const config = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/payments/orders/:id', { schema, config }, async (request) => {
    const order = await readOrder(context.db, request.params.id)
    if (order === null)
      throw new Problem('resource.not_found', `there is no order ${request.params.id}`, 'id')
    return respond(context, order)
  })
}

async function respond(
  context: ApiContext,
  order: Order,
): Promise<ReturnType<typeof paymentOrderResponse.parse>> {
  const merchant = await context.payments.merchants.find({ accountId: order.accountId })
  return toOrderResponse(context.db, order, { merchant, at: context.clock.now() })
}

async function mustFindMerchant(context: ApiContext, name: string | undefined): Promise<Merchant> {
  const merchant = await context.payments.merchants.find(name === undefined ? {} : { name })
  if (merchant === null)
    throw new Problem('payment.no_account', 'there is no account of WeChat Pay', 'account')
  return merchant
}

function toAsked(
  { amountMinor, currency, loanNos, ...rest }: PaymentOrderRequest,
  borrowerId: string,
): Parameters<typeof makeOrder>[2]['asked'] {
  return {
    ...{ borrowerId, currency, loanNos: loanNos ?? null, way: wayOf(rest) },
    amountMinor: BigInt(amountMinor),
  }
}

function wayOf({
  way,
  openid = '',
  payerIp = '',
}: Pick<PaymentOrderRequest, 'way' | 'openid' | 'payerIp'>): OrderWay {
  switch (way) {
    case 'jsapi':
      return { way, openid }
    case 'h5':
      return { way, payerIp }
    case 'native':
      return { way }
  }
}
