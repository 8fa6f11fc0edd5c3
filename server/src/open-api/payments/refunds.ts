import { id, madeResponse, refundRequest, refundResponse } from '@dunlin/contract'
import { z } from 'zod'
import { makeRefund, placeRefund } from '../../payments/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { toRefundResponse } from './order-response.ts'

/** `POST /api/v1/payments/orders/{id}/refunds`: money goes back the way it came, and out of the ledger when it has. */
export function routeRefunds(app: App, context: ApiContext): void {
  const schema = {
    tags: ['payments'],
    summary: 'Give money of a paid order back',
    params: z.strictObject({ id }),
    body: refundRequest,
    response: { 200: refundResponse, 201: refundResponse },
  }
  const config = {
    scope: 'admin',
    once: true,
    problems: ['resource.not_found', 'payment.not_paid', 'payment.exceeds_paid'],
  } as const
  app.post('/api/v1/payments/orders/:id/refunds', { schema, config }, async (request, reply) => {
    const { amountMinor, reason } = request.body
    const made = await answerOnce(context, request, {
      schema: madeResponse,
      work: async (tx, at) => {
        const refund = await makeRefund({ tx, at }, context.payments, {
          ...{ orderId: request.params.id, reason, requestedBy: request.caller },
          amountMinor: BigInt(amountMinor),
        })
        if (!refund.ok)
          throw new Problem(refund.refusal.code, refund.refusal.detail, refund.refusal.field)
        return { status: 201, body: { id: refund.value } }
      },
    })
    const refund = await placeRefund(context.payments, made.body.id)
    return reply.status(made.status).send(toRefundResponse(refund))
  })
}
