import {
  acceptRequest,
  approvalRequest,
  cancelRequest,
  codeRequest,
  codeResponse,
  id,
  planResponse,
} from '@dunlin/contract'
import { ok, type Result, required } from '@dunlin/kernel'
import { z } from 'zod'
import {
  acceptPlan,
  approvePlan,
  cancelPlan,
  countCodeTry,
  findPlan,
  type PlanRefusal,
  sendPlanCode,
  type Work,
} from '../../plans/index.ts'
import type { App } from '../../platform/http/index.ts'
import { publicAttemptId } from '../cases/read-cases.ts'
import { type ApiContext, actorOf, answerWork } from '../context.ts'
import { toPlan } from './plan-response.ts'

const params = z.object({ id })
const response = { 200: planResponse, 201: planResponse }
const PROBLEMS = ['resource.not_found', 'plan.not_on_offer', 'plan.not_running'] as const
const config = { scope: 'write', once: true, problems: PROBLEMS } as const

/** What is done to a plan: approval by a second person, the borrower's code and acceptance, cancelling. */
export function routeChangePlans(app: App, context: ApiContext): void {
  const approve = {
    ...of('Approve or decline what a plan forgives, as a second person'),
    body: approvalRequest,
    response,
  }
  const problems = [...PROBLEMS, 'plan.same_person', 'plan.beyond_authority'] as const
  app.post(
    '/api/v1/plans/:id/approval',
    { schema: approve, config: { ...config, problems } },
    async (request, reply) => {
      const given = { ...request.body, planId: request.params.id }
      const answer = await answerWork(context, request, {
        schema: planResponse,
        work: (work) => shown(work, given.planId, () => approvePlan(work, actorOf(request), given)),
        toResponse: (plan) => plan,
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
  const cancel = { ...of('Cancel a plan without blame'), body: cancelRequest, response }
  app.post('/api/v1/plans/:id/cancel', { schema: cancel, config }, async (request, reply) => {
    const given = { ...request.body, planId: request.params.id }
    const answer = await answerWork(context, request, {
      schema: planResponse,
      work: (work) => shown(work, given.planId, () => cancelPlan(work, given)),
      toResponse: (plan) => plan,
    })
    return reply.status(answer.status).send(answer.body)
  })
  routeAcceptance(app, context)
}

function routeAcceptance(app: App, context: ApiContext): void {
  const { db, gate } = context
  const code = {
    ...of(
      'Send the borrower a one-time code to accept a plan; it goes through the gate as a service',
    ),
    body: codeRequest,
    response: { 200: codeResponse, 201: codeResponse },
  }
  const coding = { ...config, problems: [...PROBLEMS, 'plan.bad_code', 'plan.no_point'] } as const
  app.post('/api/v1/plans/:id/code', { schema: code, config: coding }, async (request, reply) => {
    const { channel, contactPointId = null } = request.body
    const given = { planId: request.params.id, channel, contactPointId }
    const answer = await answerWork(context, request, {
      schema: codeResponse,
      work: (work) => sendPlanCode(work, gate, given),
      toResponse: ({ borrowerId, attemptId, point, expiresAt }) => ({
        ...{ point, expiresAt, attemptId: publicAttemptId(borrowerId, attemptId) },
      }),
    })
    return reply.status(answer.status).send(answer.body)
  })
  const accept = {
    ...of('Accept a plan with its one-time code and the hash of its agreement'),
    body: acceptRequest,
    response,
  }
  const accepting = {
    ...config,
    problems: [...PROBLEMS, 'plan.bad_code', 'plan.held', 'plan.running'],
  } as const
  app.post(
    '/api/v1/plans/:id/accept',
    { schema: accept, config: accepting },
    async (request, reply) => {
      const given = { ...request.body, planId: request.params.id }
      // Before the transaction that a wrong code undoes: tries are counted for good.
      await countCodeTry(db, given.planId)
      const answer = await answerWork(context, request, {
        schema: planResponse,
        work: (work) => shown(work, given.planId, () => acceptPlan(work, given)),
        toResponse: (plan) => plan,
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
}

const of = (summary: string) => ({ tags: ['plans'], summary, params })

/** Does something to a plan and shows it as it then is. */
async function shown(
  work: Work,
  planId: string,
  change: () => Promise<Result<unknown, PlanRefusal>>,
) {
  const done = await change()
  if (!done.ok) return done
  return ok(await toPlan(work, required(await findPlan(work.tx, planId), 'plan')))
}
