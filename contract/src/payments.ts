import { z } from 'zod'
import { id, minor } from './requests.ts'

// Payment orders, refunds: what a page needs to let a borrower pay, and what became of it.

const LOANS_MAX = 50

export const paymentOrderRequest = z
  .strictObject({
    caseId: id,
    /** Loans it is for; absent: all of the borrower's. */
    loanNos: z.array(z.string().min(1).max(100)).min(1).max(LOANS_MAX).optional(),
    amountMinor: minor,
    currency: z.string().max(3),
    /** `jsapi`: a page inside WeChat; `native`: a code to scan; `h5`: any other mobile browser. */
    way: z.enum(['jsapi', 'native', 'h5']),
    /** Who pays, for `jsapi`: as WeChat names the person to the application. */
    openid: z.string().min(1).max(128).optional(),
    /** The payer's address, for `h5`. */
    payerIp: z.union([z.ipv4(), z.ipv6()]).optional(),
    /** The account's name; absent: the first of WeChat Pay. */
    account: z.string().max(100).optional(),
  })
  .refine(({ way, openid }) => way !== 'jsapi' || openid !== undefined, {
    path: ['openid'],
    error: 'jsapi needs the openid of who pays',
  })
  .refine(({ way, payerIp }) => way !== 'h5' || payerIp !== undefined, {
    path: ['payerIp'],
    error: 'h5 needs the address of who pays',
  })
export type PaymentOrderRequest = z.infer<typeof paymentOrderRequest>

export const refundRequest = z.strictObject({
  amountMinor: minor,
  reason: z.string().min(1).max(26),
})
export const refundResponse = z.object({
  id: z.string(),
  /** `new` and `processing` are not over; `abnormal` needs a person. */
  state: z.enum(['new', 'processing', 'done', 'abnormal', 'closed', 'failed']),
  amountMinor: z.int(),
  failure: z.string().nullable(),
})

export const paymentOrderResponse = z.object({
  id: z.string(),
  /** The number under which the provider knows it. */
  outTradeNo: z.string(),
  /** `open` may be paid. `new` waits for an earlier order to be closed; `unknown` is being asked about. */
  state: z.enum(['new', 'open', 'unknown', 'paid', 'closed', 'failed']),
  way: z.enum(['jsapi', 'native', 'h5']),
  amountMinor: z.int(),
  refundedMinor: z.int(),
  currency: z.string(),
  expiresAt: z.string(),
  paidAt: z.string().nullable(),
  failure: z.string().nullable(),
  /** What the way needs; null while it may not be paid. */
  pay: z
    .object({
      /** For `WeixinJSBridge.invoke('getBrandWCPayRequest', …)`. */
      jsapi: z
        .object({
          appId: z.string(),
          timeStamp: z.string(),
          nonceStr: z.string(),
          package: z.string(),
          signType: z.literal('RSA'),
          paySign: z.string(),
        })
        .optional(),
      codeUrl: z.string().optional(),
      h5Url: z.string().optional(),
    })
    .nullable(),
  lines: z.array(
    z.object({
      loanId: z.string(),
      amountMinor: z.int(),
      /** What of it stands in the ledger. */
      bookedMinor: z.int(),
    }),
  ),
  refunds: z.array(refundResponse),
})
export type PaymentOrderResponse = z.infer<typeof paymentOrderResponse>
export const madeResponse = z.object({ id: z.string() })
