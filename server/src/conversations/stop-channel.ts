import type { Instant } from '@dunlin/kernel'
import { startHold } from '../cases/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { isStopped } from './conversation-store.ts'
import type { Stoppable } from './model/decide-acts.ts'

export type Stop = {
  readonly borrowerId: string
  readonly partyId: string | null
  readonly channel: Stoppable
  readonly reason: 'stop-word' | 'complaint' | 'unsubscribe' | 'deletion' | 'message'
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
  const { borrowerId, partyId, channel, at, reason } = stop
  if (await isStopped(tx, stop)) return
  await startHold(
    { tx, reactions, at },
    {
      borrowerId,
      kind: 'channel-stop',
      scope: { channel, partyId: partyId ?? undefined },
      from: at,
      to: null,
      reason,
      source: 'borrower',
    },
  )
}
