import { objectionRequest, objectionResponse } from '@dunlin/contract'
import { startHold } from '../../cases/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import { findLoanOf } from '../open-api-store.ts'

const KINDS = { disputes: 'dispute', complaints: 'complaint' } as const
const SUMMARIES = {
  disputes: 'The borrower disputes the debt: contact about it stops until the hold ends',
  complaints: 'The borrower complains: contact stops as the packs say until the hold ends',
} as const

/** `POST /api/v1/disputes` and `/complaints`: taken in as holds, in force for the gate when they answer. */
export function routeObjections(app: App, context: ApiContext): void {
  for (const name of ['disputes', 'complaints'] as const) {
    const schema = {
      tags: [name],
      summary: SUMMARIES[name],
      body: objectionRequest,
      response: { 200: objectionResponse, 201: objectionResponse },
    }
    const config = { scope: 'write', once: true, problems: ['resource.not_found'] } as const
    app.post(`/api/v1/${name}`, { schema, config }, async (request, reply) => {
      const { caseId, reason, loanNo } = request.body
      const answer = await answerOnce(context, request, {
        schema: objectionResponse,
        work: async (tx, at) => {
          const { borrower_id: borrowerId } = await mustFind(tx, caseId, 'caseId')
          const debts = loanNo === undefined ? undefined : [await loanOf(tx, borrowerId, loanNo)]
          const hold = {
            borrowerId,
            kind: KINDS[name],
            scope: { debts },
            from: at,
            to: null,
            reason,
            source: request.caller,
          }
          const { reactions } = context
          return { status: 201, body: { holdId: await startHold({ tx, reactions, at }, hold) } }
        },
      })
      return reply.status(answer.status).send(answer.body)
    })
  }
}

async function loanOf(tx: Tx, borrowerId: string, loanNo: string): Promise<string> {
  const loanId = await findLoanOf(tx, { borrowerId, loanNo })
  if (loanId === null)
    throw new Problem('resource.not_found', `the borrower has no loan ${loanNo}`, 'loanNo')
  return loanId
}
