import {
  id,
  placementRequest,
  placementResponse,
  placementsResponse,
  recallRequest,
} from '@dunlin/contract'
import { parseLocalDate, type Result, required } from '@dunlin/kernel'
import { z } from 'zod'
import {
  listPlacements,
  type PlacementRefusal,
  placeCases,
  recallPlacement,
} from '../../cases/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const PLACEMENTS_SHOWN = 200
const recalled = z.object({ cases: z.int() })

/** `GET` and `POST /api/v1/placements`, `POST /api/v1/placements/{id}/recall`. */
export function routePlacements(app: App, context: ApiContext): void {
  const { db, reactions } = context
  const tags = ['assignment']
  const list = {
    ...{ tags, summary: 'Placements with what they recovered' },
    response: { 200: placementsResponse },
  }
  app.get('/api/v1/placements', { schema: list, config: { scope: 'read' } }, async () => ({
    items: await listPlacements(db, PLACEMENTS_SHOWN),
  }))
  const place = {
    ...{ tags, summary: 'Place a batch of cases with an outside agency' },
    ...{ body: placementRequest, response: { 200: placementResponse, 201: placementResponse } },
  }
  const problems = [
    'placement.unknown_agency',
    'placement.agency_not_listed',
    'placement.name_taken',
  ] as const
  const placing = { scope: 'admin', once: true, problems } as const
  app.post('/api/v1/placements', { schema: place, config: placing }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: placementResponse,
      work: async (tx, at) => {
        const { stages = null, caseIds = null, ...rest } = request.body
        const recallOn = required(parseLocalDate(rest.recallOn), rest.recallOn)
        const batch = { ...rest, recallOn, stages, caseIds, by: request.caller }
        const made = mustHold(await placeCases({ tx, reactions, at }, batch))
        return { status: 201, body: { id: made.placementId, cases: made.cases } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const recall = {
    ...{ tags, summary: 'Take a batch back', params: z.object({ id }), body: recallRequest },
    response: { 200: recalled },
  }
  const recalling = { scope: 'admin', once: true, problems: ['placement.not_open'] } as const
  const path = '/api/v1/placements/:id/recall'
  app.post(path, { schema: recall, config: recalling }, async (request) => {
    const answer = await answerOnce(context, request, {
      schema: recalled,
      work: async (tx, at) => {
        const given = { placementId: request.params.id, reason: request.body.reason }
        const body = mustHold(await recallPlacement({ tx, reactions, at }, given))
        return { status: 200, body }
      },
    })
    return answer.body
  })
}

function mustHold<T>(result: Result<T, PlacementRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(code, detail, field)
}
