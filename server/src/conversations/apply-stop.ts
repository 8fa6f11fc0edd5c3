import type { InboundComplaint, InboundUnsubscribe } from '../channels/inbound.ts'
import { readUnsubscribeToken } from '../channels/unsubscribe-token.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext, Understood } from './context.ts'
import { findReceiver, findSenders, insertMessage } from './conversation-store.ts'
import { stopChannel } from './stop-channel.ts'

/** A mailbox provider's user called our mail spam: email stops for that person, and a person looks at it. */
export async function applyComplaint(
  { sealer, reactions }: ConversationContext,
  tx: Tx,
  complaint: InboundComplaint,
): Promise<Understood> {
  const { channel, at, accountId, permitId } = complaint
  const sender = await findReceiver(tx, permitId)
  if (sender === null) return { error: 'no attempt has this permit' }
  const { borrowerId, partyId } = sender
  await lockBorrowers(tx, [borrowerId])
  await stopChannel({ tx, reactions }, { borrowerId, partyId, channel, at, reason: 'complaint' })
  const messageId = await insertMessage(tx, {
    ...{ sender, accountId, channel, at, conversationId: null, attemptId: null },
    sealedBody: sealer.seal(JSON.stringify({ feedback: complaint.feedback })),
    class: 'complaint',
    classPercent: null,
  })
  const payload = {
    ...{ messageId, attemptId: null, conversationId: null, caseId: null },
    ...{ channel, class: 'complaint', holdId: null, isAutomatic: true },
  }
  await reactions.publish(tx, [{ name: 'message.received', borrowerId, payload }], at)
  return { error: null }
}

/** A mail to the unsubscribe mailbox: its token says who; without a good one it is whoever wrote. */
export async function applyUnsubscribe(
  { sealer, reactions }: ConversationContext,
  tx: Tx,
  request: InboundUnsubscribe,
): Promise<Understood> {
  const { at, channel } = request
  const claim = readUnsubscribeToken(sealer, request.token)
  const hash = sealer.hash('email', request.from.trim().toLowerCase())
  const people = claim === null ? await findSenders(tx, 'email', [hash]) : [claim]
  if (people.length === 0) return { error: 'unknown sender' }
  await lockBorrowers(
    tx,
    people.map(({ borrowerId }) => borrowerId),
  )
  for (const { borrowerId, partyId } of people) {
    await stopChannel(
      { tx, reactions },
      { borrowerId, partyId, channel, at, reason: 'unsubscribe' },
    )
  }
  return { error: null }
}
