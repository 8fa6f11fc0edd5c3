import type { Instant } from '@dunlin/kernel'
import type { InboundMessage } from '../channels/inbound.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext, Understood } from './context.ts'
import { findReceiver, findSenders, type Sender } from './conversation-store.ts'
import { asksNoWechat } from './model/asks-no-wechat.ts'
import { classifyIntent } from './model/classify-intent.ts'
import { decideActs, type Stoppable } from './model/decide-acts.ts'
import { senderForms } from './model/sender-address.ts'
import { isStopWord } from './model/stop-word.ts'
import { stopChannel } from './stop-channel.ts'
import { takeMessage } from './take-message.ts'

/**
 * What a person wrote. A stop word stops the channel for everybody with that number or address; anything
 * else is understood as the person's we wrote to last, and acts on the gate before the provider is answered.
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
    await stopForAll(context, tx, { senders, channel, at: message.at })
  }
  const { accountId, channel, at, subject, text, isAutomatic } = message
  // Only customer service is a way by which WeCom shows us what people write.
  const via = channel === 'wecom' ? { via: 'kf' as const } : {}
  const taken = await takeMessage(context, tx, {
    ...{ sender, accountId, channel, at, subject, text, isAutomatic, ...via },
    isStopWord: isStopWord(text, context.stopWords),
  })
  return { error: taken === null ? 'the sender has no loan' : null }
}

/** The channels that a text stops: its own by a stop word, WeChat and others by a sentence that asks for it. */
function stopsOf(
  { stopWords }: ConversationContext,
  { channel, text, isAutomatic }: InboundMessage,
): readonly Stoppable[] {
  const stops = new Set<Stoppable>()
  if (isStopWord(text, stopWords)) stops.add(channel)
  if (asksNoWechat(text, channel === 'wecom')) stops.add('wecom')
  if (stops.size === 0 && !isAutomatic)
    for (const stop of decideActs(classifyIntent(text), { text, channel }).stops) stops.add(stop)
  return [...stops]
}

/**
 * Whose the words are, first; then everybody else with that address. An answer to a letter of ours belongs to
 * the borrower whom the letter went to, from whatever address it came; otherwise the address tells.
 */
async function sendersOf(
  { sealer, countryCode }: ConversationContext,
  tx: Tx,
  message: InboundMessage,
): Promise<readonly Sender[]> {
  const kind = message.channel === 'sms' ? 'phone' : message.channel
  const forms = senderForms(message.channel, message.from, countryCode)
  const hashes = forms.map((form) => sealer.hash(kind, form))
  const senders = hashes.length === 0 ? [] : await findSenders(tx, kind, hashes)
  const receiver = message.permitId === null ? null : await findReceiver(tx, message.permitId)
  return receiver === null ? senders : receiverFirst(senders, receiver)
}

function receiverFirst(senders: readonly Sender[], receiver: Sender): readonly Sender[] {
  const isOfReceiver = ({ borrowerId }: Sender): boolean => borrowerId === receiver.borrowerId
  const own = senders.filter(isOfReceiver)
  return [...(own.length > 0 ? own : [receiver]), ...senders.filter((one) => !isOfReceiver(one))]
}

async function stopForAll(
  { reactions }: ConversationContext,
  tx: Tx,
  {
    senders,
    channel,
    at,
  }: { readonly senders: readonly Sender[]; readonly channel: Stoppable; readonly at: Instant },
): Promise<void> {
  for (const { borrowerId, partyId } of senders) {
    await stopChannel({ tx, reactions }, { borrowerId, partyId, channel, at, reason: 'stop-word' })
  }
}
