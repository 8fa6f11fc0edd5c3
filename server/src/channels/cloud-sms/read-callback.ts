import { createHash } from 'node:crypto'
import type { Instant } from '@dunlin/kernel'
import { z } from 'zod'
import type { InboundMessage, ProviderReceipt } from '../inbound.ts'

export type CloudItem =
  | { readonly kind: 'receipt'; readonly receipt: ProviderReceipt }
  | { readonly kind: 'message'; readonly message: InboundMessage }
type Arrived = { readonly accountId: string; readonly at: Instant }

const aliyunReport = z.object({
  biz_id: z.string().min(1),
  success: z.boolean(),
  err_code: z.string().max(60).default(''),
})
const aliyunUp = z.object({
  phone_number: z.string().min(1),
  content: z.string(),
  dest_code: z.string().default(''),
  sequence_id: z.union([z.number(), z.string()]),
})

/** One item of Aliyun's `SmsReport` or `SmsUp`; null when it is neither. */
export function readAliyunItem(item: unknown, arrived: Arrived): CloudItem | null {
  const report = aliyunReport.safeParse(item)
  if (report.success) {
    const { biz_id: providerMessageId, success, err_code: detail } = report.data
    const line = success ? ('delivered' as const) : ('failed' as const)
    return { kind: 'receipt', receipt: { ...arrived, providerMessageId, line, detail } }
  }
  const up = aliyunUp.safeParse(item)
  if (!up.success) return null
  const { phone_number: from, content: text, dest_code: to, sequence_id: id } = up.data
  return { kind: 'message', message: messageOf(arrived, { from, to, text, key: `up ${id}` }) }
}

const tencentReport = z.object({
  sid: z.string().min(1),
  report_status: z.enum(['SUCCESS', 'FAIL']),
  errmsg: z.string().max(60).default(''),
})
const tencentReply = z.object({
  mobile: z.string().min(1),
  nationcode: z.string().default('86'),
  text: z.string(),
  extend: z.string().default(''),
  time: z.number(),
})

/** One item of Tencent Cloud's status or reply callback; null when it is neither. */
export function readTencentItem(item: unknown, arrived: Arrived): CloudItem | null {
  const report = tencentReport.safeParse(item)
  if (report.success) {
    const { sid: providerMessageId, report_status, errmsg: detail } = report.data
    const line = report_status === 'SUCCESS' ? ('delivered' as const) : ('failed' as const)
    return { kind: 'receipt', receipt: { ...arrived, providerMessageId, line, detail } }
  }
  const reply = tencentReply.safeParse(item)
  if (!reply.success) return null
  const { mobile, nationcode, text, extend: to, time } = reply.data
  const from = `+${nationcode}${mobile}`
  // The vendor gives no id: the same words of the same phone in the same second are one message.
  const key = createHash('sha256')
    .update(JSON.stringify([from, to, text, time]))
    .digest('base64url')
  return { kind: 'message', message: messageOf(arrived, { from, to, text, key }) }
}

function messageOf(
  arrived: Arrived,
  said: {
    readonly from: string
    readonly to: string
    readonly text: string
    readonly key: string
  },
): InboundMessage {
  const { from, to, text, key: dedupeKey } = said
  return {
    ...arrived,
    ...{ kind: 'message', channel: 'sms', from, to, text, dedupeKey, raw: '' },
    ...{ subject: null, permitId: null, isAutomatic: false },
  }
}
