import { parseInstant } from '@dunlin/kernel'
import { z } from 'zod'

// What the platform tells of an order, a refund and a transfer: the same in an answer and in a callback.

const minor = z.int().nonnegative()
const at = z.string().transform((text, context) => {
  const instant = parseInstant(text)
  if (instant !== null) return instant
  context.addIssue({ code: 'custom', message: 'expected an instant' })
  return z.NEVER
})

export const transactionShape = z.object({
  mchid: z.string(),
  appid: z.string(),
  out_trade_no: z.string(),
  transaction_id: z.string().optional(),
  trade_state: z.enum([
    'SUCCESS',
    'REFUND',
    'NOTPAY',
    'CLOSED',
    'REVOKED',
    'USERPAYING',
    'PAYERROR',
    'ACCEPT',
  ]),
  success_time: at.optional(),
  amount: z
    .object({ total: minor, payer_total: minor.optional(), currency: z.string().optional() })
    .optional(),
})
export type Transaction = z.infer<typeof transactionShape>

const REFUND_STATES = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL'] as const
const refundFields = {
  refund_id: z.string(),
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  success_time: at.optional(),
  amount: z.object({ refund: minor }),
}
/** The API says `status`, a callback `refund_status`. */
export const refundShape = z
  .object({
    ...refundFields,
    status: z.enum(REFUND_STATES).optional(),
    refund_status: z.enum(REFUND_STATES).optional(),
  })
  .transform(({ status, refund_status, ...rest }, context) => {
    const state = status ?? refund_status
    if (state !== undefined) return { ...rest, state }
    context.addIssue({ code: 'custom', path: ['status'], message: 'expected a status' })
    return z.NEVER
  })
export type RefundResource = z.infer<typeof refundShape>

export const TRANSFER_STATES = [
  'ACCEPTED',
  'PROCESSING',
  'WAIT_USER_CONFIRM',
  'TRANSFERING',
  'SUCCESS',
  'FAIL',
  'CANCELING',
  'CANCELLED',
] as const
export const transferShape = z.object({
  out_bill_no: z.string(),
  transfer_bill_no: z.string().optional(),
  state: z.enum(TRANSFER_STATES),
  transfer_amount: minor.optional(),
  fail_reason: z.string().optional(),
  package_info: z.string().optional(),
})
export type TransferResource = z.infer<typeof transferShape>
