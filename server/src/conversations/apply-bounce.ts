import type { InboundBounce } from '../channels/inbound.ts'
import { markHealth } from '../contact/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext, Understood } from './context.ts'
import { findReceiver, insertMessage } from './conversation-store.ts'

/**
 * The word of a mail server or of the post. When it gave up, the letter counts as failed; when the address will
 * never work, the contact point is dead and the gate refuses it from now on.
 */
export async function applyBounce(
  { sealer, receipts, reactions }: ConversationContext,
  tx: Tx,
  bounce: InboundBounce,
): Promise<Understood> {
  const { permitId, messageId, accountId, channel, at, status, diagnostic } = bounce
  const sender = await findReceiver(tx, permitId, messageId)
  if (sender === null) return { error: 'no attempt has this permit' }
  await lockBorrowers(tx, [sender.borrowerId])
  if (bounce.severity === 'hard')
    await markHealth({ tx, reactions, at }, { ...sender, health: 'dead', reason: 'bounce' })
  await insertMessage(tx, {
    ...{ sender, accountId, channel, at, conversationId: null, attemptId: null },
    sealedBody: sealer.seal(JSON.stringify({ status, diagnostic })),
    class: 'bounce',
    classPercent: null,
  })
  if (bounce.isFinal) {
    const receipt = { accountId, providerMessageId: messageId ?? permitId, line: 'failed' as const }
    await receipts(tx, [{ ...receipt, detail: status, at }])
  }
  return { error: null }
}
