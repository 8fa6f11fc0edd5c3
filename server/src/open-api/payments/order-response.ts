import type { PaymentOrderResponse, refundResponse } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { z } from 'zod'
import {
  listLines,
  listRefundsOf,
  type Merchant,
  type Order,
  pageInvocationOf,
  type Refund,
} from '../../payments/index.ts'
import type { Database } from '../../platform/db/index.ts'

/** An order as the API shows it; what a page inside WeChat needs is signed anew each time. */
export async function toOrderResponse(
  db: Database,
  order: Order,
  { merchant, at }: { merchant: Merchant | null; at: Instant },
): Promise<PaymentOrderResponse> {
  const lines = await listLines(db, order)
  const refunds = await listRefundsOf(db, order)
  return {
    id: order.orderId,
    outTradeNo: order.outTradeNo,
    state: order.state,
    way: order.way,
    amountMinor: Number(order.totalMinor),
    refundedMinor: Number(order.refundedMinor),
    currency: order.currency,
    expiresAt: formatInstant(order.expiresAt),
    paidAt: order.paidAt === null ? null : formatInstant(order.paidAt),
    failure: order.failure,
    pay: payOf(order, { merchant, at }),
    lines: lines.map(({ loanId, amountMinor, bookedMinor }) => ({
      loanId,
      amountMinor: Number(amountMinor),
      bookedMinor: Number(bookedMinor),
    })),
    refunds: refunds.map(toRefundResponse),
  }
}

export function toRefundResponse(refund: Refund): z.infer<typeof refundResponse> {
  const { refundId, state, amountMinor, failure } = refund
  return { id: refundId, state, amountMinor: Number(amountMinor), failure }
}

function payOf(
  { state, way, prepared, expiresAt }: Order,
  { merchant, at }: { merchant: Merchant | null; at: Instant },
): PaymentOrderResponse['pay'] {
  if (state !== 'open' || prepared === null || merchant === null || at >= expiresAt) return null
  switch (way) {
    case 'jsapi':
      return { jsapi: pageInvocationOf(merchant, prepared, at) }
    case 'native':
      return { codeUrl: prepared }
    case 'h5':
      return { h5Url: prepared }
  }
}
