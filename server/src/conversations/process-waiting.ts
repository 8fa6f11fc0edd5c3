import { type Instant, instant } from '@dunlin/kernel'
import type { ConversationContext } from './context.ts'
import { prepareMonth } from './conversation-store.ts'
import { listWaitingRaw, noteRawError } from './inbound-store.ts'
import { processInbound } from './process-inbound.ts'

/** Parts wait this long for the rest; whatever a crash left half-done is taken up after the same time. */
const WAIT_MS = 10 * 60_000
const BATCH_MAX = 500

/** Understands what was stored but not understood: after a crash, a failure, or when a part never came. */
export async function processWaitingInbound(
  context: ConversationContext,
  at: Instant,
): Promise<{ readonly processed: number; readonly failed: number }> {
  await prepareMonth(context.db, at)
  const waiting = await listWaitingRaw(context.db, instant(at - WAIT_MS), BATCH_MAX)
  let failed = 0
  for (const rawId of waiting) {
    try {
      await processInbound(context, { rawId, isWaitOver: true })
    } catch (error) {
      // One that cannot be understood must not keep the others waiting; it is tried again next time.
      failed += 1
      await noteRawError(context.db, rawId, error instanceof Error ? error.name : 'error')
    }
  }
  return { processed: waiting.length - failed, failed }
}
