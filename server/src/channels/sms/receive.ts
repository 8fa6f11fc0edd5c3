import { createHash } from 'node:crypto'
import type { Clock } from '@dunlin/kernel'
import type { Pdu } from 'smpp'
import { createBatchQueue } from '../batch-queue.ts'
import type { InboundHandlers, InboundItem, ProviderReceipt } from '../inbound.ts'
import { isReceipt, parseReceipt } from './parse-receipt.ts'
import { partHeader } from './part-header.ts'
import type { SmppLink } from './smpp-link.ts'

export type ReceiveOptions = {
  readonly accountId: string
  readonly link: SmppLink
  readonly clock: Clock
  readonly handlers: InboundHandlers
}

/** Receipts that go into one transaction. */
const RECEIPTS_MAX = 500

/** Takes receipts and phones' messages from a link; each is acknowledged once its handler has stored it. */
export function receiveSms(options: ReceiveOptions): void {
  const { link, clock, handlers, accountId } = options
  const receipts = createBatchQueue<ProviderReceipt>(RECEIPTS_MAX, handlers.onReceipts)
  link.onDeliver(async (pdu) => {
    const at = clock.now()
    if (!isReceipt(pdu)) return handlers.onInbound(inboundItem({ accountId, at }, pdu))
    const receipt = parseReceipt(pdu, link.settings.receiptId)
    // Without an id nobody can say what it is about, and while a message is under way there is no news.
    if (receipt === null || receipt.line === null) return
    const { messageId: providerMessageId, line, detail } = receipt
    await receipts.add({ accountId, at, providerMessageId, line, detail })
  })
}

function inboundItem(arrived: Pick<InboundItem, 'accountId' | 'at'>, pdu: Pdu): InboundItem {
  const from = pdu.source_addr ?? ''
  const to = pdu.destination_addr ?? ''
  const text = textOf(pdu)
  const header = partHeader(pdu)
  const place = header === null ? '' : `${header.reference}:${header.total}:${header.sequence}`
  const common = {
    ...arrived,
    channel: 'sms' as const,
    from,
    to,
    text,
    dedupeKey: digest([from, to, place, text]),
    raw: '',
  }
  if (header === null) {
    return { ...common, kind: 'message', subject: null, permitId: null, isAutomatic: false }
  }
  return { ...common, kind: 'part', ...header }
}

/** The words of a phone's message; bytes in an alphabet we do not read are kept as Latin-1. */
function textOf(pdu: Pdu): string {
  const short = pdu.short_message?.message ?? ''
  const body = short.length > 0 ? short : (pdu.message_payload?.message ?? '')
  return typeof body === 'string' ? body : body.toString('latin1')
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
