import { type PromiseRequest, promiseRequest, promiseResponse } from '@dunlin/contract'
import { type EpochDay, parseLocalDate } from '@dunlin/kernel'
import { type PromiseGiven, recordPromise } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { splitAttemptId } from '../contacts/read-attempts.ts'
import { type ApiContext, answerOnce } from '../context.ts'

/** `POST /api/v1/promises`: one sum by one date or several; the ledger will say whether they were kept. */
export function routePromises(app: App, context: ApiContext): void {
  const { reactions } = context
  const schema = {
    tags: ['promises'],
    summary: 'Record a promise to pay; it replaces the open one of its case',
    description: 'Give `amountMinor` and `dueOn`, or `parts` in the order of their days.',
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
      'promise.bad_parts',
      'promise.currency_mismatch',
    ],
  } as const
  app.post('/api/v1/promises', { schema, config }, async (request, reply) => {
    const promise = fromRequest(request.body)
    const answer = await answerOnce(context, request, {
      schema: promiseResponse,
      work: async (tx, at) => {
        const recorded = await recordPromise({ tx, reactions, at }, promise)
        if (!recorded.ok)
          throw new Problem(recorded.refusal.code, recorded.refusal.detail, recorded.refusal.field)
        return { status: 201, body: { id: recorded.value.promiseId, state: 'open' as const } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}

function fromRequest(body: PromiseRequest): PromiseGiven {
  const { amountMinor, dueOn, parts, attemptId, readBack, ...rest } = body
  const isOne = amountMinor !== undefined && dueOn !== undefined
  if (isOne === (parts !== undefined))
    throw new Problem('promise.bad_parts', 'give amountMinor and dueOn, or parts', 'parts')
  const given = isOne ? [{ amountMinor, dueOn }] : (parts ?? [])
  return {
    ...rest,
    parts: given.map((part) => ({
      amountMinor: BigInt(part.amountMinor),
      dueOn: dayOf(part.dueOn),
    })),
    attemptId: attemptId === undefined ? null : splitAttemptId(attemptId).attemptId,
    isReadBack: readBack,
  }
}

function dayOf(text: string): EpochDay {
  const day = parseLocalDate(text)
  if (day === null) throw new Problem('request.invalid', 'there is no such day', 'dueOn')
  return day
}
