import type { PayAnswer } from './api-client.ts'
import type { Merchant } from './merchant.ts'
import { type RefundResource, refundShape } from './resources.ts'

const BASE = '/v3/refund/domestic/refunds'

/** Asks for a refund under its number; the same number again is the same refund. */
export function placeRefund(
  { api, settings }: Merchant,
  given: {
    readonly outRefundNo: string
    readonly outTradeNo: string
    readonly refundMinor: number
    readonly totalMinor: number
    readonly reason: string
  },
): Promise<PayAnswer<RefundResource>> {
  return api.call({
    method: 'POST',
    path: BASE,
    body: {
      out_trade_no: given.outTradeNo,
      out_refund_no: given.outRefundNo,
      reason: given.reason,
      notify_url: settings.notifyUrl,
      amount: { refund: given.refundMinor, total: given.totalMinor, currency: 'CNY' },
    },
    answer: refundShape,
  })
}

/** What has become of a refund. */
export function askRefund(
  { api }: Merchant,
  outRefundNo: string,
): Promise<PayAnswer<RefundResource>> {
  const path = `${BASE}/${encodeURIComponent(outRefundNo)}`
  return api.call({ method: 'GET', path, answer: refundShape })
}
