import {
  offersQuery,
  offersResponse,
  planRequest,
  planResponse,
  previewResponse,
} from '@dunlin/contract'
import { formatLocalDate, ok, type Result, required } from '@dunlin/kernel'
import {
  findOffers,
  findPlan,
  type PlanRefusal,
  previewAsked,
  proposePlan,
} from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, actorOf, answerWork } from '../context.ts'
import { fromPlanRequest, toPlan, toPreview, toTerms } from './plan-response.ts'

const PROBLEMS = [
  'resource.not_found',
  'case.no_rules',
  'plan.held',
  'plan.statement_needed',
  'plan.bad_terms',
  'plan.not_affordable',
  'plan.beyond_authority',
] as const

/** `GET /api/v1/offers`, `POST /api/v1/plans/preview` and `POST /api/v1/plans`. */
export function routeOfferPlans(app: App, context: ApiContext): void {
  const { db, clock } = context
  const offers = {
    tags: ['plans'],
    summary: 'What may be offered on a case today, each with its effect on the ledger to the cent',
    querystring: offersQuery,
    response: { 200: offersResponse },
  }
  const reading = { scope: 'read', problems: PROBLEMS } as const
  app.get('/api/v1/offers', { schema: offers, config: reading }, async (request) => {
    const { caseId, statementId = null } = request.query
    const at = clock.now()
    const given = { caseId, statementId }
    const { found, means, ledgers, ...rest } = settledValue(
      await db.transaction((tx) => findOffers({ tx, at }, actorOf(request), given)),
    )
    const affordableMinor = means === null ? null : Number(means.affordableMinor)
    return {
      ...{ caseId, currency: found.currency, asOf: formatLocalDate(found.today), affordableMinor },
      statementId: means?.statementId ?? null,
      offers: rest.offers.map(({ terms, needsApproval, preview }) => ({
        ...toTerms(terms, found.currency),
        ...{ needsApproval, preview: toPreview(preview, ledgers) },
      })),
      refused: [...rest.refused],
    }
  })
  const config = { scope: 'write', once: true, problems: PROBLEMS } as const
  const preview = {
    tags: ['plans'],
    summary: 'Compute terms and their effect without making an offer',
    body: planRequest,
    response: { 200: previewResponse, 201: previewResponse },
  }
  app.post('/api/v1/plans/preview', { schema: preview, config }, async (request, reply) => {
    const asked = fromPlanRequest(request.body)
    const answer = await answerWork(context, request, {
      schema: previewResponse,
      work: (work) => previewAsked(work, actorOf(request), asked),
      toResponse: ({ terms, means, preview: shown, ledgers, needsApproval }) => ({
        ...toTerms(terms, asked.currency),
        ...{ needsApproval, preview: toPreview(shown, ledgers) },
        affordableMinor: means === null ? null : Number(means.affordableMinor),
      }),
    })
    return reply.status(answer.status).send(answer.body)
  })
  const propose = {
    tags: ['plans'],
    summary: 'Offer a plan, with its agreement; above the caller’s authority it waits for approval',
    body: planRequest,
    response: { 200: planResponse, 201: planResponse },
  }
  app.post('/api/v1/plans', { schema: propose, config }, async (request, reply) => {
    const asked = fromPlanRequest(request.body)
    const answer = await answerWork(context, request, {
      schema: planResponse,
      work: async (work) => {
        const made = await proposePlan(work, actorOf(request), asked)
        if (!made.ok) return made
        const plan = required(await findPlan(work.tx, made.value.planId), 'plan')
        return ok(await toPlan(work, plan))
      },
      toResponse: (plan) => plan,
    })
    return reply.status(answer.status).send(answer.body)
  })
}

function settledValue<Value>(result: Result<Value, PlanRefusal>): Value {
  if (result.ok) return result.value
  throw new Problem(result.refusal.code, result.refusal.detail, result.refusal.field)
}
