import {
  erasureDecisionRequest,
  erasureDecisionResponse,
  erasureQuery,
  erasureRequest,
  erasureResponse,
  erasuresResponse,
  id,
} from '@dunlin/contract'
import { formatInstant, formatLocalDate, required } from '@dunlin/kernel'
import { z } from 'zod'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { decideErasure, listErasures, requestErasure } from '../../retention/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'

/** `GET` and `POST /api/v1/erasures`, `POST /api/v1/erasures/{id}/decision`: the deletion of a person's data. */
export function routeErasures(app: App, context: ApiContext): void {
  const { db, reactions, sealer } = context
  const tags = ['compliance']
  const list = {
    ...{ tags, summary: 'Wishes to delete a person’s data', querystring: erasureQuery },
    response: { 200: erasuresResponse },
  }
  app.get('/api/v1/erasures', { schema: list, config: { scope: 'admin' } }, async (request) => {
    const { state = null, limit } = request.query
    return { items: await listErasures(db, { state, limit }) }
  })
  const ask = {
    ...{ tags, summary: 'Ask for the deletion of a person’s data', body: erasureRequest },
    response: { 200: erasureResponse, 201: erasureResponse },
  }
  const asking = { scope: 'write', once: true, problems: ['resource.not_found'] } as const
  app.post('/api/v1/erasures', { schema: ask, config: asking }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: erasureResponse,
      work: async (tx, at) => {
        const found = await mustFind(tx, request.body.caseId, 'caseId')
        const given = { borrowerId: found.borrower_id, by: request.caller, at }
        const asked = required(await requestErasure(tx, given), 'a person who is there')
        const body = { id: asked.erasureId, earliestOn: formatLocalDate(asked.earliestOn) }
        return { status: 201, body }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const decide = {
    ...{ tags, summary: 'Delete a person’s data, or refuse it, as a second person' },
    ...{ params: z.object({ id }), body: erasureDecisionRequest },
    response: { 200: erasureDecisionResponse },
  }
  const problems = ['resource.not_found', 'erasure.same_person', 'erasure.not_yet'] as const
  const deciding = { scope: 'admin', once: true, problems } as const
  const path = '/api/v1/erasures/:id/decision'
  app.post(path, { schema: decide, config: deciding }, async (request) => {
    const answer = await answerOnce(context, request, {
      schema: erasureDecisionResponse,
      work: async (tx, at) => {
        const given = { erasureId: request.params.id, ...request.body, by: request.caller }
        const decided = await decideErasure({ tx, reactions, sealer, at }, given)
        if (!decided.ok) throw new Problem(decided.refusal.code, decided.refusal.detail, 'id')
        const subject = `erasure ${given.erasureId}`
        const entry = { actor: given.by, action: `erasure.${given.verdict}`, subject }
        await insertAudit(tx, { ...entry, at: formatInstant(at) })
        return { status: 200, body: decided.value }
      },
    })
    return answer.body
  })
}
