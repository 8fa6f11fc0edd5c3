import {
  conversationPage,
  conversationQuery,
  type conversationResponse,
  id,
  threadResponse,
} from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { listThreads, readThread, type Thread } from '../../conversations/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { publicAttemptId } from '../cases/read-cases.ts'
import type { ApiContext } from '../context.ts'

export const conversationParams = z.object({ id })

/** `GET /api/v1/conversations` and `/conversations/{id}`. */
export function routeReadConversations(app: App, context: ApiContext): void {
  const { db, sealer, clock } = context
  const list = {
    tags: ['conversations'],
    summary: 'Conversations, by id; without their words',
    querystring: conversationQuery,
    response: { 200: conversationPage },
  }
  app.get('/api/v1/conversations', { schema: list, config: { scope: 'read' } }, async (request) => {
    const { state, needsPerson, agent, cursor, limit } = request.query
    const rows = await listThreads(db, {
      state: state ?? null,
      needsPerson: needsPerson ?? null,
      agent: agent ?? null,
      after: cursor ?? '0',
      limit,
    })
    const last = rows.length < limit ? undefined : rows.at(-1)
    return { items: rows.map(toConversation), nextCursor: last?.conversationId ?? null }
  })
  const one = {
    tags: ['conversations'],
    summary: 'One conversation with its words and a summary; the reading is kept in the audit',
    params: conversationParams,
    response: { 200: threadResponse },
  }
  // The words of people are shown to who may act on them.
  const config = { scope: 'write', problems: ['resource.not_found'] } as const
  app.get('/api/v1/conversations/:id', { schema: one, config }, async (request) => {
    const at = clock.now()
    const given = { conversationId: request.params.id, at }
    const found = await readThread({ sql: db, sealer }, given)
    if (found === null)
      throw new Problem('resource.not_found', `there is no conversation ${request.params.id}`, 'id')
    await insertAudit(db, {
      actor: request.caller,
      action: 'conversation.read',
      subject: `conversation ${request.params.id}`,
      at: formatInstant(at),
    })
    const { thread, summary, promises, holds, messages, replies } = found
    return threadResponse.parse({
      ...toConversation(thread),
      ...{ summary, promises, holds, messages },
      replies: replies.map((reply) => ({
        ...reply,
        attemptId: publicAttemptId(thread.borrowerId, reply.attemptId),
      })),
    })
  })
}

function toConversation(thread: Thread): z.infer<typeof conversationResponse> {
  const { conversationId, borrowerId: _, ...rest } = thread
  return { id: conversationId, ...rest }
}
