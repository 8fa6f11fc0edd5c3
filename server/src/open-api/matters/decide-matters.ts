import {
  appealRequest,
  assignedResponse,
  decidedResponse,
  decisionRequest,
  documentRequest,
  documentResponse,
  id,
  matterOpenedResponse,
  ownerRequest,
  toldRequest,
  toldResponse,
} from '@dunlin/contract'
import { z } from 'zod'
import {
  addDocument,
  appealMatter,
  assignMatter,
  decideMatter,
  recordTold,
} from '../../plans/index.ts'
import type { App } from '../../platform/http/index.ts'
import { type ApiContext, actorOf, answerWork } from '../context.ts'

const params = z.object({ id })
const of = (summary: string) => ({ tags: ['matters'], summary, params })
const PROBLEMS = ['resource.not_found', 'matter.not_open', 'matter.same_person'] as const
const config = { scope: 'write', once: true, problems: PROBLEMS } as const
const appealing = {
  ...config,
  problems: [
    'resource.not_found',
    'matter.not_decided',
    'matter.appeal_over',
    'matter.same_person',
  ],
} as const

/** What is done to a matter: documents, owner, decision, appeal. */
export function routeDecideMatters(app: App, context: ApiContext): void {
  const deciding = {
    ...of('Decide a matter, with reasons for the borrower; its hold ends unless it is kept'),
    body: decisionRequest,
    response: { 200: decidedResponse, 201: decidedResponse },
  }
  app.post('/api/v1/matters/:id/decision', { schema: deciding, config }, async (request, reply) => {
    const given = { ...request.body, matterId: request.params.id }
    const answer = await answerWork(context, request, {
      schema: decidedResponse,
      work: (work) => decideMatter({ ...work, gate: context.gate }, actorOf(request), given),
      toResponse: ({ state, appealUntilOn }) => ({ state, appealUntilOn }),
    })
    return reply.status(answer.status).send(answer.body)
  })
  const appeal = {
    ...of('Appeal against a decision: contact is held again, and somebody else decides'),
    body: appealRequest,
    response: { 200: matterOpenedResponse, 201: matterOpenedResponse },
  }
  app.post(
    '/api/v1/matters/:id/appeal',
    { schema: appeal, config: appealing },
    async (request, reply) => {
      const { reason, owner = null } = request.body
      const matterId = request.params.id
      const answer = await answerWork(context, request, {
        schema: matterOpenedResponse,
        work: (work) => appealMatter(work, actorOf(request), { matterId, text: reason, owner }),
        toResponse: ({ borrowerId: _borrower, ...rest }) => ({ ...rest, id: matterId }),
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
  routeTellingAndDocuments(app, context)
}

function routeTellingAndDocuments(app: App, context: ApiContext): void {
  const document = {
    ...of('Add a document by its reference and hash'),
    body: documentRequest,
    response: { 200: documentResponse, 201: documentResponse },
  }
  app.post(
    '/api/v1/matters/:id/documents',
    { schema: document, config },
    async (request, reply) => {
      const given = { ...request.body, matterId: request.params.id }
      const answer = await answerWork(context, request, {
        schema: documentResponse,
        work: (work) => addDocument(work, actorOf(request), given),
        toResponse: ({ documentId }) => ({ id: documentId }),
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
  const told = {
    ...of('Record that a person has told the decision and its reasons'),
    body: toldRequest,
    response: { 200: toldResponse, 201: toldResponse },
  }
  const telling = {
    ...config,
    problems: ['resource.not_found', 'matter.not_decided'],
  } as const
  app.post(
    '/api/v1/matters/:id/told',
    { schema: told, config: telling },
    async (request, reply) => {
      const given = { ...request.body, matterId: request.params.id }
      const answer = await answerWork(context, request, {
        schema: toldResponse,
        work: (work) => recordTold(work, actorOf(request), given),
        toResponse: (value) => value,
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
  routeOwners(app, context)
}

function routeOwners(app: App, context: ApiContext): void {
  const owner = {
    ...of('Give a matter to somebody else'),
    body: ownerRequest,
    response: { 200: assignedResponse, 201: assignedResponse },
  }
  app.post('/api/v1/matters/:id/owner', { schema: owner, config }, async (request, reply) => {
    const given = { ...request.body, matterId: request.params.id }
    const answer = await answerWork(context, request, {
      schema: assignedResponse,
      work: (work) => assignMatter(work, actorOf(request), given),
      toResponse: () => ({ owner: given.owner }),
    })
    return reply.status(answer.status).send(answer.body)
  })
}
