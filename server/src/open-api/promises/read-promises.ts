import { cancelledResponse, cancelRequest, id, promisePage, promiseQuery } from '@dunlin/contract'
import { formatLocalDate } from '@dunlin/kernel'
import { z } from 'zod'
import {
  amountOf,
  cancelPromise,
  listPromisesOfCase,
  type StoredPromise,
} from '../../plans/index.ts'
import type { App } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerWork } from '../context.ts'

/** `GET /api/v1/promises` of a case, and taking an open one back. */
export function routeReadPromises(app: App, context: ApiContext): void {
  const { db } = context
  const page = {
    tags: ['promises'],
    summary: 'The promises of a case, newest first',
    querystring: promiseQuery,
    response: { 200: promisePage },
  }
  const reading = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/promises', { schema: page, config: reading }, async (request) => {
    const { caseId } = request.query
    await mustFind(db, caseId, 'caseId')
    return { items: (await listPromisesOfCase(db, caseId)).map(toResponse) }
  })
  const cancel = {
    tags: ['promises'],
    summary: 'Take an open promise back',
    params: z.object({ id }),
    body: cancelRequest,
    response: { 200: cancelledResponse, 201: cancelledResponse },
  }
  const problems = ['resource.not_found', 'promise.not_open'] as const
  const config = { scope: 'write', once: true, problems } as const
  app.post('/api/v1/promises/:id/cancel', { schema: cancel, config }, async (request, reply) => {
    const given = { promiseId: request.params.id, reason: request.body.reason }
    const answer = await answerWork(context, request, {
      schema: cancelledResponse,
      work: (work) => cancelPromise(work, given),
      toResponse: () => ({ state: 'cancelled' as const }),
    })
    return reply.status(answer.status).send(answer.body)
  })
}

function toResponse(promise: StoredPromise) {
  const { promiseId, arrearsMinor, parts, borrowerId: _borrower, zone: _zone, ...rest } = promise
  const { knownBefore: _known, madeOn: _made, lender: _lender, ...shown } = rest
  const amountMinor = amountOf(parts)
  return {
    ...shown,
    id: promiseId,
    amountMinor: Number(amountMinor),
    cappedMinor: Math.min(Number(amountMinor), Number(arrearsMinor)),
    parts: parts.map(({ dueOn, amountMinor: sum }, index) => ({
      seq: index + 1,
      dueOn: formatLocalDate(dueOn),
      amountMinor: Number(sum),
    })),
  }
}
