import { matterOpenedResponse, matterRequest } from '@dunlin/contract'
import { type MatterKind, openMatter } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, actorOf, answerWork } from '../context.ts'
import { readScope } from '../open-api-store.ts'

const KINDS: readonly (readonly [path: string, kind: MatterKind, summary: string])[] = [
  ['hardships', 'hardship', 'The borrower cannot pay: collection stops until it is decided'],
  [
    'disputes',
    'dispute',
    'The borrower contests the debt: contact about it stops until it is decided',
  ],
  ['complaints', 'complaint', 'Somebody complains of us: contact stops until it is decided'],
  ['bereavements', 'bereavement', 'A death in the family: contact stops until it is decided'],
  [
    'deaths',
    'death',
    'The borrower is said to have died: contact stops; upheld, it stops for good',
  ],
  ['third-party-stops', 'third-party-stop', 'Contact with other people about the debt is to stop'],
  ['breathing-spaces', 'breathing-space', 'Time to take advice: contact stops until it is decided'],
]

/** `POST /api/v1/disputes` and its like: taken in from anybody, in force for the gate when they answer. */
export function routeOpenMatters(app: App, context: ApiContext): void {
  for (const [path, kind, summary] of KINDS) {
    const schema = {
      tags: ['matters'],
      summary,
      body: matterRequest,
      response: { 200: matterOpenedResponse, 201: matterOpenedResponse },
    }
    const config = { scope: 'write', once: true, problems: ['resource.not_found'] } as const
    app.post(`/api/v1/${path}`, { schema, config }, async (request, reply) => {
      const { caseId, reason, loanNo, partyId, owner, ...rest } = request.body
      const answer = await answerWork(context, request, {
        schema: matterOpenedResponse,
        work: async (work) => {
          const { borrower_id: borrowerId } = await mustFind(work.tx, caseId, 'caseId')
          const scope = { borrowerId, partyId: partyId ?? null, contactPointId: null }
          if (partyId !== undefined && !(await readScope(work.tx, scope)).hasParty)
            throw new Problem('resource.not_found', `the case has no party ${partyId}`, 'partyId')
          return openMatter(work, actorOf(request), {
            ...{ ...rest, caseId, kind, text: reason },
            loanNo: loanNo ?? null,
            partyId: partyId ?? null,
            owner: owner ?? null,
          })
        },
        toResponse: ({ matterId, holdId, owner: by, dueOn }) => ({
          ...{ id: matterId, holdId, owner: by, dueOn },
        }),
      })
      return reply.status(answer.status).send(answer.body)
    })
  }
}
