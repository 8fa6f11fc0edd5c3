import { randomBytes } from 'node:crypto'
import { formatInstant, type Instant } from '@dunlin/kernel'
import { z } from 'zod'
import type { PayAnswer } from './api-client.ts'
import type { Merchant } from './merchant.ts'
import { type Transaction, transactionShape } from './resources.ts'
import { type PageInvocation, signPageInvocation } from './sign-message.ts'

/** How the payer reaches the order: a page inside WeChat, a code to scan, or any other browser. */
export type OrderWay =
  | { readonly way: 'jsapi'; readonly openid: string }
  | { readonly way: 'native' }
  | { readonly way: 'h5'; readonly payerIp: string }

export type OrderTerms = {
  readonly outTradeNo: string
  readonly description: string
  readonly totalMinor: number
  readonly expiresAt: Instant
  readonly way: OrderWay
}

/** What the way needs to go on: a `prepay_id`, a `code_url` or an `h5_url`. */
const preparedShapes = {
  jsapi: z.object({ prepay_id: z.string() }).transform((answer) => answer.prepay_id),
  native: z.object({ code_url: z.string() }).transform((answer) => answer.code_url),
  h5: z.object({ h5_url: z.string() }).transform((answer) => answer.h5_url),
} as const

const BASE = '/v3/pay/transactions'

/** Places an order under its number; the caller has stored the number first. */
export function placeOrder(
  { api, settings }: Merchant,
  { outTradeNo, description, totalMinor, expiresAt, way }: OrderTerms,
): Promise<PayAnswer<string>> {
  return api.call({
    method: 'POST',
    path: `${BASE}/${way.way}`,
    body: {
      appid: settings.appId,
      mchid: settings.merchantId,
      description,
      out_trade_no: outTradeNo,
      time_expire: formatInstant(expiresAt),
      notify_url: settings.notifyUrl,
      amount: { total: totalMinor, currency: 'CNY' },
      ...payerOf(way),
    },
    answer: preparedShapes[way.way],
  })
}

function payerOf(way: OrderWay): Readonly<Record<string, unknown>> {
  switch (way.way) {
    case 'jsapi':
      return { payer: { openid: way.openid } }
    case 'native':
      return {}
    case 'h5':
      return { scene_info: { payer_client_ip: way.payerIp, h5_info: { type: 'Wap' } } }
  }
}

/** What has become of an order. */
export function askOrder(
  { api, settings }: Merchant,
  outTradeNo: string,
): Promise<PayAnswer<Transaction>> {
  const path = `${BASE}/out-trade-no/${encodeURIComponent(outTradeNo)}?mchid=${settings.merchantId}`
  return api.call({ method: 'GET', path, answer: transactionShape })
}

/** Closes an order that must not be paid any more; one that was paid is refused with `ORDERPAID`. */
export function closeOrder(
  { api, settings }: Merchant,
  outTradeNo: string,
): Promise<PayAnswer<object>> {
  return api.call({
    method: 'POST',
    path: `${BASE}/out-trade-no/${encodeURIComponent(outTradeNo)}/close`,
    body: { mchid: settings.merchantId },
    answer: z.object({}),
  })
}

/** What the page inside WeChat calls with; signed anew each time it is asked for. */
export function pageInvocationOf(
  { signer, settings }: Merchant,
  prepayId: string,
  at: Instant,
): PageInvocation {
  const timestamp = Math.floor(at / 1000)
  const nonce = randomBytes(16).toString('hex')
  return signPageInvocation(signer, { appId: settings.appId, prepayId }, { timestamp, nonce })
}
