import type { Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import { actOn } from './act-on-intent.ts'
import type { ConversationContext } from './context.ts'
import { findCase, insertInboundAttempt, insertMessage, type Sender } from './conversation-store.ts'
import { type Classified, classifyIntent } from './model/classify-intent.ts'
import { askPerson, openConversation } from './thread-store.ts'

export type Taken = {
  /** Whose message it is; the contact point is null where there is none, as in a portal. */
  readonly sender: Sender
  /** The provider's account; null where there is none. */
  readonly accountId: string | null
  readonly channel: string
  readonly via?: 'kf'
  readonly at: Instant
  readonly subject: string | null
  readonly text: string
  readonly isAutomatic: boolean
  /** A form that says by itself what is meant, such as a stop word; otherwise the words are classified. */
  readonly isStopWord?: boolean
  /** The contact it belongs to where it is known already, such as a call; otherwise one is made. */
  readonly attemptId?: string
}
export type TakenAs = {
  readonly messageId: string
  readonly conversationId: string | null
  readonly class: Classified['intent']
}

/**
 * The door for whatever a known person says, on any channel: stores it sealed, acts on the gate, opens or
 * continues the conversation, and tells. All in the caller's transaction, who holds the borrower's lock; null
 * when the borrower has no loan.
 */
export async function takeMessage(
  context: ConversationContext,
  tx: Tx,
  taken: Taken,
): Promise<TakenAs | null> {
  const { sealer, reactions } = context
  const { sender, channel, at, subject, text, isAutomatic } = taken
  const { borrowerId } = sender
  const of = await findCase(tx, borrowerId)
  if (of === null) return null
  const classified = classify(taken)
  const acts = await actOn(context, tx, { ...taken, classified })
  const attemptId = taken.attemptId ?? (await insertInboundAttempt(tx, { ...taken, of }))
  const isAnswerOwed = taken.isStopWord !== true && !isAutomatic
  const thread = isAnswerOwed
    ? await openConversation(tx, { borrowerId, caseId: of.caseId, at })
    : null
  const conversationId = thread?.conversationId ?? null
  const messageId = await insertMessage(tx, {
    ...taken,
    ...{ conversationId, attemptId },
    sealedBody: sealer.seal(JSON.stringify({ subject, text })),
    class: classified.intent,
    classPercent: classified.percent,
  })
  const { caseId } = of
  const payload = { messageId, attemptId, conversationId, caseId, channel, holdId: acts.holdId }
  const told = { ...payload, class: classified.intent, isAutomatic }
  await reactions.publish(tx, [{ name: 'message.received', borrowerId, payload: told }], at)
  if (thread === null) return { messageId, conversationId: null, class: classified.intent }
  const opened = { conversationId: thread.conversationId, caseId }
  if (thread.isNew)
    await reactions.publish(tx, [{ name: 'conversation.opened', borrowerId, payload: opened }], at)
  const reason = acts.needsPerson
  if (reason !== null && (await askPerson(tx, { ...opened, borrowerId, reason, at }))) {
    const asked = { ...opened, reason, messageId }
    await reactions.publish(
      tx,
      [{ name: 'conversation.needs_person', borrowerId, payload: asked }],
      at,
    )
  }
  return { messageId, conversationId: thread.conversationId, class: classified.intent }
}

/** A stop word and a machine say what they are; a person's words are read. */
function classify({ text, subject, isStopWord, isAutomatic }: Taken): {
  readonly intent: Classified['intent']
  readonly percent: number | null
} {
  if (isStopWord === true) return { intent: 'stop', percent: null }
  if (isAutomatic) return { intent: 'other', percent: null }
  const words = text.trim() === '' ? ownSubject(subject) : text
  // A picture, or a mail that cannot be read: only a person can say what is meant.
  if (words === '') return { intent: 'unsure', percent: null }
  const { intent, chance } = classifyIntent(words)
  return { intent, percent: Math.round(chance * 100) }
}

/** The subject of an answer is ours. */
function ownSubject(subject: string | null): string {
  const words = (subject ?? '').trim()
  return ANSWERS.test(words) ? '' : words
}

const ANSWERS = /^(re|回复|答复|回覆|答覆)\s*[:：]/i
