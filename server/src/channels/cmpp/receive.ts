import type { Clock } from '@dunlin/kernel'
import { createBatchQueue } from '../batch-queue.ts'
import type { InboundHandlers, InboundItem, ProviderReceipt } from '../inbound.ts'
import { splitHeader } from '../sms/part-header.ts'
import type { CmppLink } from './cmpp-link.ts'
import type { CmppDeliver } from './codec.ts'
import { decodeGbk } from './gbk.ts'
import { FORMATS } from './submit-parts.ts'

/** Receipts that go into one transaction. */
const RECEIPTS_MAX = 500

/** Takes status reports and phones' messages from a link; each is answered once its handler has stored it. */
export function receiveCmpp(options: {
  readonly accountId: string
  readonly link: CmppLink
  readonly clock: Clock
  readonly handlers: InboundHandlers
}): void {
  const { link, clock, handlers, accountId } = options
  const receipts = createBatchQueue<ProviderReceipt>(RECEIPTS_MAX, handlers.onReceipts)
  link.onDeliver(async (deliver) => {
    const at = clock.now()
    const { report } = deliver
    if (report === null) return handlers.onInbound(inboundItem({ accountId, at }, deliver))
    const line = lineOf(report.state)
    // While a message is under way there is no news.
    if (line === null) return
    const { messageId: providerMessageId, state: detail } = report
    await receipts.add({ accountId, at, providerMessageId, line, detail })
  })
}

/** What a report's state means. Codes of operators, such as MK:0005, say why a message was not delivered. */
function lineOf(state: string): ProviderReceipt['line'] | null {
  switch (state) {
    case 'DELIVRD':
      return 'delivered'
    case 'EXPIRED':
    case 'DELETED':
    case 'UNDELIV':
    case 'REJECTD':
      return 'failed'
    case 'ACCEPTD':
      return null
    default:
      return /^[A-Z]{2}:/.test(state) ? 'failed' : 'unknown'
  }
}

function inboundItem(
  arrived: Pick<InboundItem, 'accountId' | 'at'>,
  deliver: CmppDeliver,
): InboundItem {
  const { from, to, format } = deliver
  const { header, body } = deliver.hasHeader
    ? splitHeader(deliver.content)
    : { header: null, body: deliver.content }
  const common = {
    ...arrived,
    channel: 'sms' as const,
    from,
    to,
    text: textOf(body, format),
    // The gateway offers the same deliver again under the same Msg_Id until it is answered.
    dedupeKey: `${deliver.messageId.toString('hex')}:${header?.sequence ?? 0}`,
    raw: '',
  }
  if (header === null) {
    return { ...common, kind: 'message', subject: null, permitId: null, isAutomatic: false }
  }
  return { ...common, kind: 'part', ...header }
}

/** The words of a phone's message; bytes in a format that has no text are kept as Latin-1. */
function textOf(body: Buffer, format: number): string {
  switch (format) {
    case FORMATS.ucs2: {
      const even = body.subarray(0, body.length - (body.length % 2))
      return Buffer.from(even).swap16().toString('utf16le')
    }
    case FORMATS.gbk:
      return decodeGbk(body)
    default:
      return body.toString('latin1')
  }
}
