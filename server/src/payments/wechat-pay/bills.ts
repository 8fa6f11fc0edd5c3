import { ok, type Result, refused } from '@dunlin/kernel'
import { z } from 'zod'
import type { Merchant } from './merchant.ts'
import { openBill } from './read-bill.ts'

const answerShape = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string(),
  download_url: z.url(),
})

export type Bill = { readonly text: string; readonly sha1: string }

/** The trade bill of a day (`YYYY-MM-DD`), checked against its hash; there from ten o'clock of the next day. */
export async function fetchTradeBill(
  { api }: Merchant,
  day: string,
): Promise<Result<Bill, { readonly code: string; readonly detail: string }>> {
  const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`
  const answer = await api.call({ method: 'GET', path, answer: answerShape })
  if (answer.kind === 'refused') return refused({ code: answer.code, detail: answer.detail })
  if (answer.kind !== 'ok') return refused({ code: answer.kind, detail: answer.detail })
  const file = await api.download(answer.value.download_url)
  if (file.kind !== 'ok') return refused({ code: 'download', detail: file.detail })
  const opened = openBill(file.value, answer.value.hash_value)
  return opened.ok
    ? ok({ text: opened.value, sha1: answer.value.hash_value })
    : refused({ code: 'damaged', detail: opened.refusal })
}
