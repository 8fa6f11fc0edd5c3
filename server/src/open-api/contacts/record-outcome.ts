import { outcomeRequest, outcomeResponse } from '@dunlin/contract'
import { recordOutcome } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { attemptParams, splitAttemptId } from './read-attempts.ts'

/** `POST /api/v1/attempts/{id}/outcome`: what the network said, who it was, what was said. */
export function routeOutcomes(app: App, context: ApiContext): void {
  const { reactions } = context
  const schema = {
    tags: ['contacts'],
    summary: 'Record what became of a contact, in three fields',
    params: attemptParams,
    body: outcomeRequest,
    response: { 200: outcomeResponse, 201: outcomeResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: ['resource.not_found', 'outcome.not_made'],
  } as const
  app.post('/api/v1/attempts/:id/outcome', { schema, config }, async (request, reply) => {
    const { line, party = null, talk = null, delayReason = null } = request.body
    const answer = await answerOnce(context, request, {
      schema: outcomeResponse,
      work: async (tx, at) => {
        const outcome = {
          ...splitAttemptId(request.params.id),
          line,
          party,
          talk,
          delayReason,
          by: request.caller,
        }
        const recorded = await recordOutcome({ tx, reactions, at }, outcome)
        if (!recorded.ok) throw new Problem(recorded.refusal.code, recorded.refusal.detail, 'id')
        const { outcomeId, isEffective } = recorded.value
        return { status: 201, body: { id: outcomeId, effective: isEffective } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}
