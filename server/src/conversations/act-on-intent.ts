import type { Instant } from '@dunlin/kernel'
import { startHold } from '../cases/index.ts'
import { markHealth } from '../contact/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext } from './context.ts'
import { hasOpenHold, type Sender } from './conversation-store.ts'
import type { Classified } from './model/classify-intent.ts'
import { type Acts, decideActs } from './model/decide-acts.ts'
import { stopChannel } from './stop-channel.ts'

export type Said = {
  readonly sender: Sender
  readonly channel: string
  readonly at: Instant
  readonly text: string
  readonly isStopWord?: boolean
  readonly classified: Pick<Classified, 'intent'>
}

/** What a message did, and the hold it started; null where it started none. */
export type Acted = Acts & { readonly holdId: string | null }

/** Does to the gate what the words ask for. A hold that is open already is not started twice. */
export async function actOn(
  { reactions }: ConversationContext,
  tx: Tx,
  said: Said,
): Promise<Acted> {
  const { sender, at, classified } = said
  const { borrowerId, partyId, contactPointId } = sender
  const acts = decideActs(classified, said)
  // A stop word has stopped its channel for everybody with that address already.
  for (const channel of said.isStopWord === true ? [] : acts.stops)
    await stopChannel({ tx, reactions }, { borrowerId, partyId, channel, at, reason: 'message' })
  if (acts.marksWrongPerson && contactPointId !== null)
    await markHealth(
      { tx, reactions, at },
      { borrowerId, contactPointId, health: 'wrong-person', reason: 'message' },
    )
  const { hold } = acts
  if (hold === null || (await hasOpenHold(tx, { borrowerId, partyId, kind: hold, at })))
    return { ...acts, holdId: null }
  const holdId = await startHold(
    { tx, reactions, at },
    {
      ...{ borrowerId, kind: hold, from: at, to: null },
      scope: { partyId: partyId ?? undefined },
      reason: `message: ${classified.intent}`,
      source: 'borrower',
    },
  )
  return { ...acts, holdId }
}
