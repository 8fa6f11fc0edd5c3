import { type InboundItem, type InboundMessage, inboundItem } from '../channels/inbound.ts'
import type { Tx } from '../platform/db/index.ts'
import { applyBounce } from './apply-bounce.ts'
import { applyContactAdded, applyContactRemoved } from './apply-contact.ts'
import { applyMessage } from './apply-message.ts'
import { applyComplaint, applyUnsubscribe } from './apply-stop.ts'
import type { ConversationContext, Understood } from './context.ts'
import { lockParts, lockRaw, markProcessed, type RawInbound } from './inbound-store.ts'
import { joinParts } from './model/join-parts.ts'

/** Understands a stored arrival, once. Parts of a long message wait for the rest unless `isWaitOver`. */
export async function processInbound(
  context: ConversationContext,
  request: { readonly rawId: string; readonly isWaitOver: boolean },
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const raw = await lockRaw(tx, request.rawId)
    if (raw === null || raw.isProcessed) return
    const item = openItem(context, raw)
    const whole = await wholeItem(context, { tx, raw, item, isWaitOver: request.isWaitOver })
    if (whole === null) return
    const { error } = await understand(context, tx, whole.item)
    await markProcessed(tx, whole.rawIds, { at: item.at, error })
  })
}

type Whole = {
  readonly item: Exclude<InboundItem, { kind: 'part' }>
  readonly rawIds: readonly string[]
}

async function wholeItem(
  context: ConversationContext,
  known: {
    readonly tx: Tx
    readonly raw: RawInbound
    readonly item: InboundItem
    readonly isWaitOver: boolean
  },
): Promise<Whole | null> {
  const { item, raw, tx } = known
  if (item.kind !== 'part') return { item, rawIds: [raw.rawId] }
  const stored = raw.partOf === null ? [raw] : await lockParts(tx, item.accountId, raw.partOf)
  const parts = stored.flatMap((row) => {
    const part = openItem(context, row)
    return part.kind === 'part' ? [part] : []
  })
  const text = joinParts(parts, known.isWaitOver)
  if (text === null) return null
  const { accountId, at, dedupeKey, channel, from, to } = item
  const message: InboundMessage = {
    ...{ kind: 'message', accountId, at, dedupeKey, channel, from, to, text },
    ...{ raw: '', subject: null, permitId: null, isAutomatic: false },
  }
  return { item: message, rawIds: stored.map(({ rawId }) => rawId) }
}

function openItem({ sealer }: ConversationContext, raw: RawInbound): InboundItem {
  return inboundItem.parse(JSON.parse(sealer.open(raw.sealed)))
}

function understand(
  context: ConversationContext,
  tx: Tx,
  item: Whole['item'],
): Promise<Understood> {
  switch (item.kind) {
    case 'message':
      return applyMessage(context, tx, item)
    case 'bounce':
      return applyBounce(context, tx, item)
    case 'complaint':
      return applyComplaint(context, tx, item)
    case 'unsubscribe':
      return applyUnsubscribe(context, tx, item)
    case 'contact-added':
      return applyContactAdded(context, tx, item)
    case 'contact-removed':
      return applyContactRemoved(context, tx, item)
  }
}
