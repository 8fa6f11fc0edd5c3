import type { InboundMessage } from '../channels/inbound.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext, Understood } from './context.ts'
import {
  findCase,
  findReceiver,
  findSenders,
  insertInboundAttempt,
  insertMessage,
  openConversation,
  type Sender,
} from './conversation-store.ts'
import { asksNoWechat } from './model/asks-no-wechat.ts'
import { senderForms } from './model/sender-address.ts'
import { isStopWord } from './model/stop-word.ts'
import { stopChannel } from './stop-channel.ts'

/**
 * What a person wrote. A stop word stops the channel for everybody with that number or address; anything
 * else opens or continues the conversation of the person we wrote to last.
 */
export async function applyMessage(
  context: ConversationContext,
  tx: Tx,
  message: InboundMessage,
): Promise<Understood> {
  const senders = await sendersOf(context, tx, message)
  const [sender] = senders
  if (sender === undefined) return { error: 'unknown sender' }
  const channels = stopsOf(context, message)
  const isStop = channels.length > 0
  await lockBorrowers(
    tx,
    (isStop ? senders : [sender]).map(({ borrowerId }) => borrowerId),
  )
  for (const channel of channels) {
    await stopForAll(context, tx, { senders, message: { ...message, channel } })
  }
  const isStopWordAlone = isStop && isStopWord(message.text, context.stopWords)
  return keepMessage(context, tx, { sender, message, isStop: isStopWordAlone })
}

/** The channels that a text stops: its own by a stop word, WeChat by a sentence that asks for it. */
function stopsOf(
  { stopWords }: ConversationContext,
  { channel, text }: InboundMessage,
): readonly InboundMessage['channel'][] {
  const stops = new Set<InboundMessage['channel']>()
  if (isStopWord(text, stopWords)) stops.add(channel)
  if (asksNoWechat(text, channel === 'wecom')) stops.add('wecom')
  return [...stops]
}

/** By the address it came from; the permit that it answers only decides when the address is unknown. */
async function sendersOf(
  { sealer, countryCode }: ConversationContext,
  tx: Tx,
  message: InboundMessage,
): Promise<readonly Sender[]> {
  const kind = message.channel === 'sms' ? 'phone' : message.channel
  const forms = senderForms(message.channel, message.from, countryCode)
  const hashes = forms.map((form) => sealer.hash(kind, form))
  const senders = hashes.length === 0 ? [] : await findSenders(tx, kind, hashes)
  if (senders.length > 0 || message.permitId === null) return senders
  const receiver = await findReceiver(tx, message.permitId)
  return receiver === null ? [] : [receiver]
}

async function stopForAll(
  { reactions }: ConversationContext,
  tx: Tx,
  said: { readonly senders: readonly Sender[]; readonly message: InboundMessage },
): Promise<void> {
  const { channel, at } = said.message
  for (const { borrowerId, partyId } of said.senders) {
    await stopChannel({ tx, reactions }, { borrowerId, partyId, channel, at, reason: 'stop-word' })
  }
}

type Kept = {
  readonly sender: Sender
  readonly message: InboundMessage
  readonly isStop: boolean
}

async function keepMessage(
  { sealer, reactions }: ConversationContext,
  tx: Tx,
  { sender, message, isStop }: Kept,
): Promise<Understood> {
  const { borrowerId } = sender
  const of = await findCase(tx, borrowerId)
  if (of === null) return { error: 'the sender has no loan' }
  const { accountId, channel, at, subject, text } = message
  // Only customer service is a way by which WeCom shows us what people write.
  const via = channel === 'wecom' ? { via: 'kf' as const } : {}
  const arrival = { sender, of, accountId, channel, at, ...via }
  const attemptId = await insertInboundAttempt(tx, arrival)
  const isAnswerOwed = !isStop && !message.isAutomatic
  const conversationId = isAnswerOwed
    ? await openConversation(tx, { borrowerId, caseId: of.caseId, at })
    : null
  const messageId = await insertMessage(tx, {
    ...arrival,
    conversationId,
    attemptId,
    sealedBody: sealer.seal(JSON.stringify({ subject, text })),
    class: isStop ? 'stop' : 'other',
  })
  const payload = {
    ...{ messageId, attemptId, conversationId, caseId: of.caseId, channel },
    ...{ class: isStop ? 'stop' : 'other', isAutomatic: message.isAutomatic },
  }
  await reactions.publish(tx, [{ name: 'message.received', borrowerId, payload }], at)
  return { error: null }
}
