import { promiseRequest, promiseResponse } from '@dunlin/contract'
import { parseLocalDate } from '@dunlin/kernel'
import { recordPromise } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { splitAttemptId } from '../contacts/read-attempts.ts'
import { type ApiContext, answerOnce } from '../context.ts'

/** `POST /api/v1/promises`: one sum by one date; the ledger will say whether it was kept. */
export function routePromises(app: App, context: ApiContext): void {
  const { reactions } = context
  const schema = {
    tags: ['promises'],
    summary: 'Record a promise to pay; it replaces the open one of its case',
    body: promiseRequest,
    response: { 200: promiseResponse, 201: promiseResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: [
      'resource.not_found',
      'case.not_open',
      'promise.no_right_party',
      'promise.bad_date',
      'promise.currency_mismatch',
    ],
  } as const
  app.post('/api/v1/promises', { schema, config }, async (request, reply) => {
    const { dueOn: dueText, attemptId, amountMinor, ...rest } = request.body
    const dueOn = parseLocalDate(dueText)
    if (dueOn === null) throw new Problem('request.invalid', 'there is no such day', 'dueOn')
    const answer = await answerOnce(context, request, {
      schema: promiseResponse,
      work: async (tx, at) => {
        const promise = {
          ...rest,
          dueOn,
          amountMinor: BigInt(amountMinor),
          attemptId: attemptId === undefined ? null : splitAttemptId(attemptId).attemptId,
        }
        const recorded = await recordPromise({ tx, reactions, at }, promise)
        if (!recorded.ok)
          throw new Problem(recorded.refusal.code, recorded.refusal.detail, recorded.refusal.field)
        return { status: 201, body: { id: recorded.value.promiseId, state: 'open' as const } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}
