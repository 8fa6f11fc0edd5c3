import {
  attemptQuery,
  attemptResponse,
  settledResponse,
  settlementRequest,
  unknownPage,
} from '@dunlin/contract'
import { formatInstant, instant } from '@dunlin/kernel'
import { z } from 'zod'
import { type AttemptRow, findAttempt, listUnknown, settleAttempt } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { encodeCursor, publicAttemptId } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'

/** An attempt's id: its borrower's and its own. */
export const attemptParams = z.object({
  id: z.string().regex(/^\d{1,18}-\d{1,18}$/, 'expected an attempt id such as 12-345'),
})

/** `GET /api/v1/attempts/{id}`, the queue of unknown fates, and settling one by hand. */
export function routeAttempts(app: App, context: ApiContext): void {
  const { db, reactions } = context
  const one = {
    tags: ['contacts'],
    summary: 'One contact: its state and the gate’s last word on it',
    params: attemptParams,
    response: { 200: attemptResponse },
  }
  const config = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/attempts/:id', { schema: one, config }, async (request) => {
    const found = await findAttempt(db, splitAttemptId(request.params.id))
    if (found === null)
      throw new Problem('resource.not_found', `there is no attempt ${request.params.id}`, 'id')
    return toAttempt(found)
  })
  const queue = {
    tags: ['contacts'],
    summary: 'Contacts whose fate nobody knows, oldest first: they count, and are not sent again',
    querystring: attemptQuery,
    response: { 200: unknownPage },
  }
  app.get('/api/v1/attempts', { schema: queue, config: { scope: 'read' } }, async (request) => {
    const { cursor, limit } = request.query
    const after = cursor === undefined ? {} : { after: placeOf(cursor) }
    const { items, total, next } = await listUnknown(db, { limit, ...after })
    return {
      items: items.map((each) => ({
        attemptId: publicAttemptId(each.borrowerId, each.attemptId),
        caseId: each.caseId,
        channel: each.channel,
        at: formatInstant(each.at),
        permitId: each.permitId,
        providerMessageId: each.providerMessageId,
        reason: each.reason,
        point: each.maskedPoint,
      })),
      total,
      nextCursor: next === null ? null : encodeCursor(`${next.at} ${next.attemptId}`),
    }
  })
  const settle = {
    tags: ['contacts'],
    summary: 'Settle a contact of unknown fate by what the provider said',
    params: attemptParams,
    body: settlementRequest,
    response: { 200: settledResponse, 201: settledResponse },
  }
  const settling = {
    scope: 'write',
    once: true,
    problems: ['contact.not_in_queue', 'contact.bad_settlement'],
  } as const
  const path = '/api/v1/attempts/:id/settlement'
  app.post(path, { schema: settle, config: settling }, async (request, reply) => {
    const { attemptId } = splitAttemptId(request.params.id)
    const answer = await answerOnce(context, request, {
      schema: settledResponse,
      work: async (tx, at) => {
        const given = { tx, reactions, attemptId, at, by: request.caller, ...request.body }
        const settled = await settleAttempt(given)
        if (!settled.ok) throw new Problem(settled.refusal.code, settled.refusal.detail)
        return { status: 200, body: { settled: true as const } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}

export function splitAttemptId(id: string): { borrowerId: string; attemptId: string } {
  const [borrowerId = '', attemptId = ''] = id.split('-')
  return { borrowerId, attemptId }
}

function toAttempt(row: AttemptRow): z.infer<typeof attemptResponse> {
  const { verdict, rules, until } = row
  return {
    id: publicAttemptId(row.borrowerId, row.attemptId),
    caseId: row.caseId,
    channel: row.channel,
    direction: row.direction,
    state: row.state,
    line: row.line,
    dueAt: row.dueAt,
    at: row.at,
    reason: row.reason,
    decision:
      verdict === null || row.decisionId === null
        ? null
        : { id: `${row.borrowerId}-${row.decisionId}`, verdict, rules: rules ?? [], until },
  }
}

function placeOf(cursor: string): { at: ReturnType<typeof instant>; attemptId: string } {
  const [at = '', attemptId = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (!/^\d{1,15}$/.test(at) || !/^\d{1,18}$/.test(attemptId))
    throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  return { at: instant(Number(at)), attemptId }
}
