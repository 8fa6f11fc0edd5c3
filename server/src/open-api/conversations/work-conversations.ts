import {
  assignRequest,
  changedResponse,
  closeRequest,
  replyRequest,
  replyResponse,
} from '@dunlin/contract'
import type { Result } from '@dunlin/kernel'
import { toVerdict } from '../../contact/index.ts'
import {
  assignConversation,
  closeConversation,
  replyTo,
  type WorkRefusal,
} from '../../conversations/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { publicAttemptId } from '../cases/read-cases.ts'
import { listCarriers } from '../cases/read-permissions.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { conversationParams as params } from './read-conversations.ts'

const changed = { 200: changedResponse, 201: changedResponse }
const tags = ['conversations']

/** `POST /api/v1/conversations/{id}/reply`, `/assign` and `/close`. */
export function routeWorkConversations(app: App, context: ApiContext): void {
  routeReply(app, context)
  const { reactions } = context
  const assign = { tags, summary: 'Give a conversation to an agent, or take it back', params }
  const problems = ['resource.not_found', 'conversation.closed'] as const
  app.post(
    '/api/v1/conversations/:id/assign',
    {
      schema: { ...assign, body: assignRequest, response: changed },
      config: {
        scope: 'write',
        once: true,
        problems: [...problems, 'conversation.unknown_agent'],
      },
    },
    async (request, reply) => {
      const given = { conversationId: request.params.id, agent: request.body.agent }
      const answer = await answerOnce(context, request, {
        schema: changedResponse,
        work: async (tx, at) => {
          mustBe(await assignConversation({ tx, reactions, at }, given))
          return { status: 200, body: { changed: true as const } }
        },
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
  const close = { tags, summary: 'End a conversation; holds stay', params }
  app.post(
    '/api/v1/conversations/:id/close',
    {
      schema: { ...close, body: closeRequest, response: changed },
      config: { scope: 'write', once: true, problems },
    },
    async (request, reply) => {
      const given = { conversationId: request.params.id, by: request.caller }
      const answer = await answerOnce(context, request, {
        schema: changedResponse,
        work: async (tx, at) => {
          mustBe(await closeConversation({ tx, reactions, at }, given))
          return { status: 200, body: { changed: true as const } }
        },
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
}

function routeReply(app: App, context: ApiContext): void {
  const { db, gate, reactions } = context
  const schema = {
    tags,
    summary: 'Ask for an answer in the agent’s own words; the gate decides, also on the words',
    params,
    body: replyRequest,
    response: { 200: replyResponse, 201: replyResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: [
      'resource.not_found',
      'conversation.closed',
      'conversation.unknown_agent',
      'case.not_open',
      'contact.no_point',
      'contact.unknown_template',
    ],
  } as const
  app.post('/api/v1/conversations/:id/reply', { schema, config }, async (request, reply) => {
    const carriers = await listCarriers(db)
    const asked = { conversationId: request.params.id, ...request.body, carriers }
    const answer = await answerOnce(context, request, {
      schema: replyResponse,
      work: async (tx, at) => {
        const replied = mustBe(await replyTo({ tx, reactions, at }, gate, asked))
        const { borrowerId, attemptId, verdict } = replied
        if (verdict === null) throw new Error(`attempt ${attemptId} has nothing to decide on`)
        const body = {
          attemptId: publicAttemptId(borrowerId, attemptId),
          state: 'planned' as const,
          answer: toVerdict(verdict),
        }
        return { status: 201, body }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}

function mustBe<T>(result: Result<T, WorkRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(code, detail, field)
}
