import { createHash } from 'node:crypto'
import { formatInstant, instant } from '@dunlin/kernel'
import type { InboundItem, InboundPart } from '../channels/inbound.ts'
import type { ConversationContext } from './context.ts'
import { prepareMonth } from './conversation-store.ts'
import { insertRawOnce, noteRawError } from './inbound-store.ts'
import { arrivalKeys } from './model/arrival-keys.ts'
import { processInbound } from './process-inbound.ts'

/**
 * Takes what a provider handed over: stores it sealed and once, then understands it. When this resolves,
 * a stop word has already stopped its channel, so the provider may be told that we have it. When the second
 * step fails the first stays: the provider offers it again, and the worker tries again by itself.
 */
export async function receiveInbound(
  context: ConversationContext,
  item: InboundItem,
): Promise<void> {
  await prepareMonth(context.db, item.at)
  const raw = await context.db.transaction((tx) =>
    insertRawOnce(tx, {
      accountId: item.accountId,
      keys: arrivalKeys(item),
      partOf: item.kind === 'part' ? groupOf(item) : null,
      sealed: context.sealer.seal(JSON.stringify(item)),
      at: item.at,
    }),
  )
  if (raw.isProcessed) return
  try {
    await processInbound(context, { rawId: raw.rawId, isWaitOver: false })
  } catch (error) {
    await noteRawError(context.db, raw.rawId, error instanceof Error ? error.name : 'error')
    throw error
  }
}

/** Parts of one long message share this; the day keeps a later message with the same reference apart. */
function groupOf({ from, to, reference, total, at }: InboundPart): string {
  const day = formatInstant(instant(at)).slice(0, 10)
  const text = JSON.stringify([from, to, reference, total, day])
  return createHash('sha256').update(text).digest('base64url')
}
