import { type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'
import { type AskRefusal, askContact, type Gate } from '../contact/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import {
  closeThread,
  findAgent,
  findAnswerPoint,
  findOpenCaseOf,
  findThread,
  markAnswered,
  type Thread,
  updateAgent,
} from './thread-store.ts'

// What people do with a conversation: answer, hand over, end. Each locks the borrower and reads again.

export type WorkContext = { readonly tx: Tx; readonly reactions: Reactions; readonly at: Instant }
export type WorkRefusal =
  | AskRefusal
  | {
      readonly code: 'resource.not_found' | 'conversation.closed' | 'conversation.unknown_agent'
      readonly field: string
      readonly detail: string
    }

export type Reply = {
  readonly conversationId: string
  readonly channel: 'sms' | 'email' | 'wecom'
  readonly text: string
  /** The login of the agent whose words these are; the gate asks for the certificate. */
  readonly agent: string
  readonly carriers: ReadonlySet<string>
}
export type Replied = {
  readonly borrowerId: string
  readonly attemptId: string
  readonly verdict: Verdict | null
}

/**
 * Asks for an answer to the person in the agent's own words, at the point from which the person wrote. It goes
 * the way of all contacts: the gate decides, also on the words; a valid reply may pass where a reminder may not.
 */
export async function replyTo(
  { tx, reactions, at }: WorkContext,
  gate: Gate,
  reply: Reply,
): Promise<Result<Replied, WorkRefusal>> {
  const found = await lockThread(tx, reply.conversationId)
  if (!found.ok) return found
  const { borrowerId, conversationId } = found.value
  const agentId = await findAgent(tx, reply.agent)
  if (agentId === null) return noAgent(reply.agent)
  const caseId = await findOpenCaseOf(tx, borrowerId)
  if (caseId === null)
    return refused({ code: 'case.not_open', field: 'id', detail: 'the borrower has no open case' })
  const { channel, carriers, text } = reply
  const asked = await askContact(tx, gate, {
    ...{ caseId, channel, at, carriers, template: `reply-${channel}` },
    contactPointId: await findAnswerPoint(tx, { borrowerId, conversationId, channel }),
    reply: { agentId, text },
  })
  if (!asked.ok) return asked
  const { attemptId, verdict } = asked.value
  // A refused answer has answered nobody.
  if (verdict?.verdict !== 'refuse') await markAnswered(tx, { borrowerId, conversationId })
  const payload = { conversationId, caseId, attemptId, channel }
  await reactions.publish(tx, [{ name: 'conversation.replied', borrowerId, payload }], at)
  return ok({ borrowerId, attemptId, verdict })
}

/** Gives a conversation to an agent; null takes it back. */
export async function assignConversation(
  { tx, reactions, at }: WorkContext,
  { conversationId, agent }: { readonly conversationId: string; readonly agent: string | null },
): Promise<Result<null, WorkRefusal>> {
  const found = await lockThread(tx, conversationId)
  if (!found.ok) return found
  const { borrowerId, caseId } = found.value
  const agentId = agent === null ? null : await findAgent(tx, agent)
  if (agent !== null && agentId === null) return noAgent(agent)
  await updateAgent(tx, { borrowerId, conversationId }, agentId)
  const payload = { conversationId, caseId, agent }
  await reactions.publish(tx, [{ name: 'conversation.assigned', borrowerId, payload }], at)
  return ok(null)
}

/** Ends a conversation; what the person writes next opens another. Holds stay. */
export async function closeConversation(
  { tx, reactions, at }: WorkContext,
  { conversationId, by }: { readonly conversationId: string; readonly by: string },
): Promise<Result<null, WorkRefusal>> {
  const found = await lockThread(tx, conversationId)
  if (!found.ok) return found
  const { borrowerId, caseId } = found.value
  await closeThread(tx, { borrowerId, conversationId }, { by, at })
  const payload = { conversationId, caseId }
  await reactions.publish(tx, [{ name: 'conversation.closed', borrowerId, payload }], at)
  return ok(null)
}

async function lockThread(tx: Tx, conversationId: string): Promise<Result<Thread, WorkRefusal>> {
  const seen = await findThread(tx, conversationId)
  if (seen !== null) await lockBorrowers(tx, [seen.borrowerId])
  const thread = await findThread(tx, conversationId)
  const at = { field: 'id' } as const
  if (thread === null)
    return refused({
      ...{ code: 'resource.not_found', detail: `there is no conversation ${conversationId}` },
      ...at,
    })
  if (thread.state === 'closed')
    return refused({
      ...{ code: 'conversation.closed', detail: `conversation ${conversationId} is closed` },
      ...at,
    })
  return ok(thread)
}

function noAgent(login: string): Result<never, WorkRefusal> {
  const detail = `there is no agent ${login}`
  return refused({ code: 'conversation.unknown_agent', field: 'agent', detail })
}
