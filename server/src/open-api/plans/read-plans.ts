import { id, planPage, planQuery, planResponse } from '@dunlin/contract'
import { z } from 'zod'
import { findPlan, listPlansOfCase, readAgreement } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { mustFind } from '../cases/read-cases.ts'
import type { ApiContext } from '../context.ts'
import { toPlan } from './plan-response.ts'

const params = z.object({ id })
const config = { scope: 'read', problems: ['resource.not_found'] } as const
const pdf = {
  description: 'PDF with embedded fonts; its SHA-256 is what the borrower accepts.',
  content: {
    'application/pdf': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) },
  },
}

/** `GET /api/v1/plans` of a case, one plan, and its agreement. */
export function routeReadPlans(app: App, context: ApiContext): void {
  const { db, sealer, clock } = context
  const page = {
    tags: ['plans'],
    summary: 'The plans of a case, newest first',
    querystring: planQuery,
    response: { 200: planPage },
  }
  app.get('/api/v1/plans', { schema: page, config }, async (request) => {
    const { caseId } = request.query
    await mustFind(db, caseId, 'caseId')
    return db.transaction(async (tx) => {
      const work = { tx, sealer, at: clock.now() }
      const items = []
      for (const plan of await listPlansOfCase(tx, caseId)) items.push(await toPlan(work, plan))
      return { items }
    })
  })
  const one = {
    tags: ['plans'],
    summary: 'One plan: its parts as the ledger sees them, what is next, what would complete it',
    params,
    response: { 200: planResponse },
  }
  app.get('/api/v1/plans/:id', { schema: one, config }, async (request) =>
    db.transaction(async (tx) => {
      const plan = await findPlan(tx, request.params.id)
      if (plan === null) throw missing(request.params.id)
      return toPlan({ tx, sealer, at: clock.now() }, plan)
    }),
  )
  const agreement = {
    tags: ['plans'],
    summary: 'The agreement of a plan as PDF',
    params,
    response: { 200: pdf },
  }
  app.get('/api/v1/plans/:id/agreement', { schema: agreement, config }, async (request, reply) => {
    const plan = await findPlan(db, request.params.id)
    const found = plan === null ? null : await readAgreement(db, sealer, plan)
    if (found === null) throw missing(request.params.id)
    reply.header('content-type', 'application/pdf')
    reply.header('etag', `"${found.sha256}"`)
    return reply.send(found.pdf)
  })
}

function missing(planId: string): Problem {
  return new Problem('resource.not_found', `there is no plan ${planId}`, 'id')
}
