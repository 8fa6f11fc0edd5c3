import { z } from 'zod'
import { id } from './requests.ts'
import { verdictResponse } from './responses.ts'

// Conversations: one thread per borrower across channels.

const login = z.string().min(1).max(100)
const text = z.string().nullable()

export const conversationQuery = z.strictObject({
  state: z.enum(['open', 'closed']).optional(),
  /** Only those that a person must look at. */
  needsPerson: z.stringbool().optional(),
  agent: login.optional(),
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const conversationResponse = z.object({
  id: z.string(),
  borrowerNo: z.string(),
  caseId: text,
  state: z.enum(['open', 'closed']),
  openedAt: z.string(),
  lastAt: z.string(),
  needsPersonAt: text,
  /** `distress`, `unsure` or `complaint`. */
  needsPersonReason: text,
  agent: text,
  /** What the newest message is about. */
  lastClass: text,
})
export const conversationPage = z.object({
  items: z.array(conversationResponse),
  nextCursor: text,
})

/** What whoever takes a thread over must know, so that the person is asked nothing twice. */
const summary = z.object({
  intents: z.array(
    z.object({
      intent: z.string(),
      messageId: z.string(),
      channel: z.string(),
      at: z.string(),
      times: z.int(),
    }),
  ),
  amounts: z.array(z.object({ minor: z.int(), said: z.string(), messageId: z.string() })),
  days: z.array(z.object({ on: z.string(), said: z.string(), messageId: z.string() })),
  channels: z.array(z.string()),
  messages: z.int(),
})
export const threadResponse = conversationResponse.extend({
  summary,
  promises: z.array(
    z.object({
      promiseId: z.string(),
      amountMinor: z.int(),
      currency: z.string(),
      dueOn: z.string(),
      state: z.string(),
    }),
  ),
  holds: z.array(
    z.object({ holdId: z.string(), kind: z.string(), channel: text, from: z.string() }),
  ),
  messages: z.array(
    z.object({
      messageId: z.string(),
      channel: z.string(),
      direction: z.enum(['inbound', 'outbound']),
      class: text,
      /** How sure the model was; null where it was not asked. */
      classPercent: z.int().nullable(),
      at: z.string(),
      subject: text,
      text: z.string(),
    }),
  ),
  replies: z.array(
    z.object({
      attemptId: z.string(),
      channel: z.string(),
      state: z.string(),
      agent: text,
      at: z.string(),
      text: z.string(),
    }),
  ),
})

export const replyRequest = z.strictObject({
  channel: z.enum(['sms', 'email', 'wecom']),
  text: z.string().trim().min(1).max(500),
  /** The login of the agent whose words these are. */
  agent: login,
})
export const replyResponse = z.object({
  attemptId: z.string(),
  state: z.literal('planned'),
  answer: verdictResponse,
})
export const assignRequest = z.strictObject({ agent: login.nullable() })
export const closeRequest = z.strictObject({})
export const changedResponse = z.object({ changed: z.literal(true) })
