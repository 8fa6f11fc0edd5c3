import type { Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { insertStopHold } from './conversation-store.ts'

export type Stop = {
  readonly borrowerId: string
  readonly partyId: string | null
  readonly channel: 'sms' | 'email'
  readonly reason: 'stop-word' | 'complaint' | 'unsubscribe'
  readonly at: Instant
}

/**
 * Stops a channel for a person until somebody lifts the hold. The caller holds the borrower's lock.
 * Already stopped is no error: people say it twice.
 */
export async function stopChannel(
  { tx, reactions }: { readonly tx: Tx; readonly reactions: Reactions },
  stop: Stop,
): Promise<void> {
  const { borrowerId, channel, at, reason } = stop
  const holdId = await insertStopHold(tx, { ...stop, source: 'borrower' })
  if (holdId === null) return
  const payload = { holdId, kind: 'channel-stop', channel, reason, partyId: stop.partyId }
  await reactions.publish(tx, [{ name: 'hold.started', borrowerId, payload }], at)
}
