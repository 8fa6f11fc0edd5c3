import { contactRequest, contactResponse } from '@dunlin/contract'
import { askContact, toVerdict } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { publicAttemptId } from '../cases/read-cases.ts'
import { listCarriers } from '../cases/read-permissions.ts'
import { type ApiContext, answerOnce } from '../context.ts'

/** `POST /api/v1/contacts`: asks for one message now. What the gate permits goes out as all contacts do. */
export function routeAskContact(app: App, context: ApiContext): void {
  const { db, gate } = context
  const schema = {
    tags: ['contacts'],
    summary: 'Ask for a contact: permitted, deferred or refused, with reasons',
    description:
      'The attempt is planned for now. Dispatch asks the gate once more in the transaction that counts it, and only what it permits there is sent: follow it at GET /attempts/{id}.',
    body: contactRequest,
    response: { 200: contactResponse, 201: contactResponse },
  }
  const config = {
    scope: 'write',
    once: true,
    problems: [
      'resource.not_found',
      'case.not_open',
      'contact.unknown_template',
      'contact.no_point',
    ],
  } as const
  app.post('/api/v1/contacts', { schema, config }, async (request, reply) => {
    const { caseId, channel, template, contactPointId = null } = request.body
    const carriers = await listCarriers(db)
    const answer = await answerOnce(context, request, {
      schema: contactResponse,
      work: async (tx, at) => {
        const given = { caseId, channel, template, contactPointId, at, carriers, reply: null }
        const asked = await askContact(tx, gate, given)
        if (!asked.ok)
          throw new Problem(asked.refusal.code, asked.refusal.detail, asked.refusal.field)
        const { borrowerId, attemptId, verdict } = asked.value
        if (verdict === null) throw new Error(`attempt ${attemptId} has nothing to decide on`)
        const body = {
          attemptId: publicAttemptId(borrowerId, attemptId),
          state: 'planned',
          answer: toVerdict(verdict),
        }
        return { status: 201, body }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}
