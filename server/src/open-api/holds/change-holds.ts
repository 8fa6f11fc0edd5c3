import { endedResponse, holdRequest, holdResponse, id } from '@dunlin/contract'
import { parseInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { endHold, startHold } from '../../cases/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { readScope } from '../open-api-store.ts'

const params = z.object({ id })
const query = z.strictObject({ caseId: id })

/** `POST /api/v1/holds` and `DELETE /api/v1/holds/{id}`: in force for the gate when they answer. */
export function routeHolds(app: App, context: ApiContext): void {
  const { db, reactions, clock } = context
  const start = {
    tags: ['holds'],
    summary: 'Stop contact',
    body: holdRequest,
    response: { 200: holdResponse, 201: holdResponse },
  }
  const config = { scope: 'write', once: true, problems: ['resource.not_found'] } as const
  app.post('/api/v1/holds', { schema: start, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: holdResponse,
      work: async (tx, at) => {
        const { caseId, kind, scope, reason } = request.body
        const { borrower_id } = await mustFind(tx, caseId, 'caseId')
        await assertScope(tx, borrower_id, scope)
        const from = instantOf(request.body.from, 'from') ?? at
        const to = instantOf(request.body.to, 'to')
        if (to !== null && to < from)
          throw new Problem('request.invalid', 'a hold cannot end before it starts', 'to')
        const hold = {
          borrowerId: borrower_id,
          kind,
          scope,
          from,
          to,
          reason,
          source: request.caller,
        }
        return { status: 201, body: { id: await startHold({ tx, reactions, at }, hold) } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const end = {
    tags: ['holds'],
    summary: 'End a hold now',
    params,
    querystring: query,
    response: { 200: endedResponse },
  }
  const ending = { scope: 'write', problems: ['resource.not_found'] } as const
  app.delete('/api/v1/holds/:id', { schema: end, config: ending }, async (request) => {
    const { borrower_id } = await mustFind(db, request.query.caseId, 'caseId')
    const hold = { borrowerId: borrower_id, holdId: request.params.id }
    const ended = await db.transaction((tx) => endHold({ tx, reactions, at: clock.now() }, hold))
    if (!ended) throw new Problem('resource.not_found', 'there is no such open hold', 'id')
    return { ended: true as const }
  })
}

/** A hold for somebody who is not there would stop nothing and nobody would notice. */
async function assertScope(
  tx: Tx,
  borrowerId: string,
  {
    partyId,
    contactPointId,
  }: { partyId?: string | undefined; contactPointId?: string | undefined },
): Promise<void> {
  const given = { borrowerId, partyId: partyId ?? null, contactPointId: contactPointId ?? null }
  const { hasParty, hasPoint } = await readScope(tx, given)
  if (partyId !== undefined && !hasParty)
    throw new Problem('resource.not_found', `the case has no party ${partyId}`, 'scope.partyId')
  if (contactPointId !== undefined && !hasPoint)
    throw new Problem(
      'resource.not_found',
      `the case has no contact point ${contactPointId}`,
      'scope.contactPointId',
    )
}

/** An instant that was given; a problem that names the field when nobody could keep it. */
function instantOf(text: string | undefined, field: string): ReturnType<typeof parseInstant> {
  if (text === undefined) return null
  const parsed = parseInstant(text)
  if (parsed === null) throw new Problem('request.invalid', 'no instant that we can keep', field)
  return parsed
}
