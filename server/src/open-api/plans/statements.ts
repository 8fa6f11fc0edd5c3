import {
  type EXPENSE_KINDS,
  id,
  type StatementRequest,
  type StatementResponse,
  statementRequest,
  statementResponse,
} from '@dunlin/contract'
import { formatLocalDate } from '@dunlin/kernel'
import { z } from 'zod'
import {
  readStatement,
  recordStatement,
  type StatementFile,
  type StatementGiven,
} from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, actorOf, answerWork } from '../context.ts'
import { findStatementCountry } from '../open-api-store.ts'

const PROBLEMS = ['resource.not_found', 'case.no_rules', 'plan.bad_terms'] as const

/** `POST /api/v1/statements` and `GET /api/v1/statements/{id}`: what a household has and needs a month. */
export function routeStatements(app: App, context: ApiContext): void {
  const { db, sealer } = context
  const made = z.object({ id: z.string() })
  const record = {
    tags: ['plans'],
    summary: 'State a month of income and expenses; offers are computed from it',
    body: statementRequest,
    response: { 200: made, 201: made },
  }
  const config = { scope: 'write', once: true, problems: PROBLEMS } as const
  app.post('/api/v1/statements', { schema: record, config }, async (request, reply) => {
    const given = fromRequest(request.body)
    const answer = await answerWork(context, request, {
      schema: made,
      work: (work) => recordStatement(work, actorOf(request), given),
      toResponse: ({ statementId }) => ({ id: statementId }),
    })
    return reply.status(answer.status).send(answer.body)
  })
  const one = {
    tags: ['plans'],
    summary: 'A statement with the norms it was measured by',
    params: z.object({ id }),
    response: { 200: statementResponse },
  }
  const reading = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/statements/:id', { schema: one, config: reading }, async (request) => {
    const statementId = request.params.id
    const country = await findStatementCountry(db, statementId)
    const found = await readStatement(db, sealer, { statementId, country: country ?? '' })
    if (found === null)
      throw new Problem('resource.not_found', `there is no statement ${statementId}`, 'id')
    return toResponse(found)
  })
}

function fromRequest(body: StatementRequest): StatementGiven {
  const { caseId, currency, adults, children, incomeMinor, expensesMinor, evidence } = body
  const incomes = Object.entries(incomeMinor).map(
    ([kind, sum]) => [kind, BigInt(sum ?? 0)] as const,
  )
  const spent = (kind: (typeof EXPENSE_KINDS)[number]): bigint => BigInt(expensesMinor[kind] ?? 0)
  return {
    ...{ caseId, currency, evidence, incomes: Object.fromEntries(incomes) },
    availableMinor: BigInt(body.availableMinor),
    household: {
      ...{ adults, children, otherDebtsMinor: BigInt(body.otherDebtsMinor) },
      incomeMinor: incomes.reduce((sum, [, each]) => sum + each, 0n),
      expensesMinor: {
        food: spent('food'),
        clothing: spent('clothing'),
        housing: spent('housing'),
        household: spent('household'),
        transport: spent('transport'),
        education: spent('education'),
        health: spent('health'),
        other: spent('other'),
      },
    },
  }
}

function toResponse(found: StatementFile): StatementResponse {
  const { household, expenses, evidence } = found.detail
  return {
    ...{ id: found.statementId, caseId: found.caseId, currency: found.currency, evidence },
    incomeMinor: Number(household.incomeMinor),
    expenses: expenses.map((line) => ({
      kind: line.kind,
      statedMinor: Number(line.statedMinor),
      normMinor: Number(line.normMinor),
      countedMinor: Number(line.countedMinor),
    })),
    otherDebtsMinor: Number(household.otherDebtsMinor),
    surplusMinor: Number(found.surplusMinor),
    affordableMinor: Number(found.affordableMinor),
    availableMinor: Number(found.availableMinor),
    norms: { id: found.norms, ...found.normsSource },
    madeOn: formatLocalDate(found.madeOn),
    validUntilOn: formatLocalDate(found.validUntilOn),
  }
}
