import { type Instant, localDay, parseInstant, required, zoneNamed } from '@dunlin/kernel'
import { z } from 'zod'
import type { Sql } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { type Summary, summariseThread } from './model/summarise-thread.ts'
import {
  findThread,
  listMessages,
  listReplies,
  type OpenHold,
  type OpenPromise,
  readStanding,
  type StoredMessage,
  type StoredReply,
  type Thread,
} from './thread-store.ts'

const MESSAGES_MAX = 200

/** Words as they are kept: a message, a bounce, or a complaint of a mailbox provider. */
const body = z.object({
  subject: z.string().nullable().default(null),
  text: z.string().default(''),
})

export type ReadMessage = Omit<StoredMessage, 'sealedBody'> & {
  readonly subject: string | null
  readonly text: string
}
export type ReadReply = Omit<StoredReply, 'sealedReply'> & { readonly text: string }
export type ReadThread = {
  readonly thread: Thread
  readonly summary: Summary
  readonly promises: readonly OpenPromise[]
  readonly holds: readonly OpenHold[]
  readonly messages: readonly ReadMessage[]
  readonly replies: readonly ReadReply[]
}

/** A conversation with its words opened, for somebody who works on it; null when there is none. */
export async function readThread(
  { sql, sealer }: { readonly sql: Sql; readonly sealer: Sealer },
  { conversationId, at }: { readonly conversationId: string; readonly at: Instant },
): Promise<ReadThread | null> {
  const thread = await findThread(sql, conversationId)
  if (thread === null) return null
  const stored = await listMessages(sql, thread, MESSAGES_MAX)
  const messages = stored.map(({ sealedBody, ...message }) => ({
    ...message,
    // Nothing is left of it after an erasure.
    ...body.parse(sealedBody.length === 0 ? {} : JSON.parse(sealer.open(sealedBody))),
  }))
  const replies = await listReplies(sql, thread, MESSAGES_MAX)
  const { promises, holds, zone } = await readStanding(sql, { ...thread, at })
  const known = required(zoneNamed(zone), `zone ${zone}`)
  const summary = summariseThread(
    messages.map((message) => ({
      ...message,
      on: localDay(known, required(parseInstant(message.at), 'instant')),
    })),
  )
  return {
    ...{ thread, summary, promises, holds, messages },
    replies: replies.map(({ sealedReply, ...reply }) => ({
      ...reply,
      text: sealedReply.length === 0 ? '' : sealer.open(sealedReply),
    })),
  }
}
