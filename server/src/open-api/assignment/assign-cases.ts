import { randomInt as drawInt } from 'node:crypto'
import {
  assignmentRequest,
  assignmentsResponse,
  dealResponse,
  moveRequest,
  moveResponse,
} from '@dunlin/contract'
import { assignCases, listAssignments, moveCase } from '../../cases/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { caseParams, mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const SEEDS = 2 ** 32

/** `POST /api/v1/assignments`, `/assignments/move`, `GET /api/v1/cases/{id}/assignments`. */
export function routeAssignments(app: App, context: ApiContext): void {
  const { db, reactions } = context
  const tags = ['assignment']
  const deal = {
    ...{ tags, summary: 'Deal cases that nobody has, fair and by chance within stage and amount' },
    ...{ body: assignmentRequest, response: { 200: dealResponse } },
  }
  const problems = ['resource.not_found'] as const
  const dealing = { scope: 'admin', once: true, problems } as const
  app.post('/api/v1/assignments', { schema: deal, config: dealing }, async (request) => {
    const seed = request.body.seed ?? drawInt(SEEDS)
    const answer = await answerOnce(context, request, {
      schema: dealResponse,
      work: async (tx, at) => {
        const rule = { ...request.body, seed, by: request.caller }
        const dealt = await assignCases({ tx, reactions, at }, rule)
        if (!dealt.ok) {
          const { code, detail, field } = dealt.refusal
          const isMissing = code === 'assignment.no_portfolio'
          throw new Problem(isMissing ? 'resource.not_found' : code, detail, field)
        }
        const { dealId: id, assigned, left, isCut } = dealt.value
        const body = { id, seed, left, isCut, assigned: assigned.map((each) => ({ ...each })) }
        return { status: 200, body }
      },
    })
    return answer.body
  })
  const move = {
    ...{ tags, summary: 'Give a case to an agent, or to nobody' },
    ...{ body: moveRequest, response: { 200: moveResponse } },
  }
  const moving = {
    scope: 'write',
    once: true,
    problems: ['resource.not_found', 'assignment.no_agent', 'assignment.moved_since'],
  } as const
  app.post('/api/v1/assignments/move', { schema: move, config: moving }, async (request) => {
    const answer = await answerOnce(context, request, {
      schema: moveResponse,
      work: async (tx, at) => {
        const moved = await moveCase({ tx, reactions, at }, { ...request.body, by: request.caller })
        if (!moved.ok) {
          const { code, detail, field } = moved.refusal
          const isMissing = code === 'assignment.no_case'
          throw new Problem(isMissing ? 'resource.not_found' : code, detail, field)
        }
        const { caseId, agent } = request.body
        return { status: 200, body: { caseId, agent } }
      },
    })
    return answer.body
  })
  const history = {
    ...{ tags, summary: 'Everybody who ever had a case', params: caseParams },
    response: { 200: assignmentsResponse },
  }
  const reading = { scope: 'read', problems: ['resource.not_found'] } as const
  const path = '/api/v1/cases/:id/assignments'
  app.get(path, { schema: history, config: reading }, async (request) => {
    const { id: caseId } = request.params
    const { borrower_id: borrowerId } = await mustFind(db, caseId, 'id')
    return { items: [...(await listAssignments(db, { borrowerId, caseId }))] }
  })
}
