import { holdRequest } from '@dunlin/contract'
import { parseInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { endHold, startHold } from '../../cases/index.ts'
import { type App, onceByKey, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, authorise, idempotencyKey } from '../context.ts'

const params = z.object({ id: z.string().regex(/^\d{1,18}$/, 'expected a hold id') })
const query = z.strictObject({ caseId: z.string().regex(/^\d{1,18}$/, 'expected a case id') })

/** `POST /api/v1/holds` and `DELETE /api/v1/holds/{id}`: in force for the gate when they answer. */
export function routeHolds(app: App, context: ApiContext): void {
  const { db, reactions, clock } = context
  const start = { tags: ['holds'], summary: 'Stop contact', body: holdRequest }
  app.post('/api/v1/holds', { schema: start }, async (request, reply) => {
    const caller = await authorise(context, request, 'write')
    const at = clock.now()
    const given = { key: idempotencyKey(request), caller, request: request.body, at }
    const answer = await onceByKey(db, given, async () => {
      const { caseId, kind, scope, from, to, reason } = request.body
      const { borrower_id } = await mustFind(context, caseId)
      const hold = {
        borrowerId: borrower_id,
        kind,
        scope,
        from: from === undefined ? at : (parseInstant(from) ?? at),
        to: to === undefined ? null : parseInstant(to),
        reason,
        source: caller,
      }
      const holdId = await db.transaction((tx) => startHold({ tx, reactions, at }, hold))
      return { status: 201, body: { id: holdId } }
    })
    return reply.status(answer.status).send(answer.body)
  })
  const end = { tags: ['holds'], summary: 'End a hold now', params, querystring: query }
  app.delete('/api/v1/holds/:id', { schema: end }, async (request) => {
    await authorise(context, request, 'write')
    const { borrower_id } = await mustFind(context, request.query.caseId)
    const hold = { borrowerId: borrower_id, holdId: request.params.id }
    const ended = await db.transaction((tx) => endHold({ tx, reactions, at: clock.now() }, hold))
    if (!ended) throw new Problem('resource.not_found', 'there is no such open hold', 'id')
    return { ended: true }
  })
}
