import {
  id,
  incentiveRuleRequest,
  incentiveRules,
  madeResponse,
  ruleApprovalRequest,
  ruleStateResponse,
  sceneRequest,
} from '@dunlin/contract'
import type { Result } from '@dunlin/kernel'
import { z } from 'zod'
import {
  approveRule,
  endRule,
  insertScene,
  listRules,
  proposeRule,
  type RuleRefusal,
} from '../../incentives/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const tags = ['incentives']
const params = z.strictObject({ id })
const PROBLEMS = ['resource.not_found', 'incentive.same_person', 'incentive.not_draft'] as const

/** Scenes and rules: nothing is granted before two different keys have approved a rule. */
export function routeIncentiveRules(app: App, context: ApiContext): void {
  routeScenes(app, context)
  routeProposals(app, context)
  routeApprovals(app, context)
}

function routeScenes(app: App, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Record the platform’s written approval of a transfer scene',
    body: sceneRequest,
    response: { 200: madeResponse, 201: madeResponse },
  }
  const config = { scope: 'admin', once: true, problems: ['incentive.no_account'] } as const
  app.post('/api/v1/incentives/scenes', { schema, config }, async (request, reply) => {
    const { account, scene, approvalReference, approvalSha256 } = request.body
    const made = await answerOnce(context, request, {
      schema: madeResponse,
      work: async (tx, at) => {
        const sealed = { reference: approvalReference, sha256: approvalSha256 }
        const given = { account, scene, ...sealed, by: request.caller, at }
        const sceneId = await insertScene(tx, given)
        if (sceneId === null)
          throw new Problem(
            'incentive.no_account',
            'no such account of WeChat Pay, or its scene is recorded already',
            'account',
          )
        return { status: 201, body: { id: sceneId } }
      },
    })
    return reply.status(made.status).send(made.body)
  })
}

function routeProposals(app: App, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Propose a rule; it grants nothing until two people have approved it',
    body: incentiveRuleRequest,
    response: { 200: madeResponse, 201: madeResponse },
  }
  const problems = ['incentive.bad_text', 'incentive.no_scene', 'incentive.bad_terms'] as const
  const config = { scope: 'admin', once: true, problems } as const
  app.post('/api/v1/incentives/rules', { schema, config }, async (request, reply) => {
    const { amountMinor, budgetMinor, promiseFromMinor, sceneId, ...rest } = request.body
    const made = await answerOnce(context, request, {
      schema: madeResponse,
      work: async (tx, at) => {
        const rule = {
          ...{ ...rest, sceneId: sceneId ?? null, proposedBy: request.caller },
          amountMinor: BigInt(amountMinor),
          budgetMinor: BigInt(budgetMinor),
          promiseFromMinor: BigInt(promiseFromMinor),
        }
        const id = mustBe(await proposeRule(tx, rule, at))
        return { status: 201, body: { id } }
      },
    })
    return reply.status(made.status).send(made.body)
  })
  const list = {
    tags,
    summary: 'Rules and what is left of them',
    response: { 200: incentiveRules },
  }
  const read = { scope: 'read' } as const
  app.get('/api/v1/incentives/rules', { schema: list, config: read }, async () => ({
    items: (await listRules(context.db)).map((rule) => ({
      ...rule,
      approvedBy: [...rule.approvedBy],
    })),
  }))
}

function routeApprovals(app: App, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Approve a rule; the second person’s approval makes it active',
    params,
    body: ruleApprovalRequest,
    response: { 200: ruleStateResponse, 201: ruleStateResponse },
  }
  const problems = [...PROBLEMS, 'incentive.bad_text'] as const
  const config = { scope: 'admin', once: true, problems } as const
  const path = '/api/v1/incentives/rules/:id/approvals'
  app.post(path, { schema, config }, async (request, reply) => {
    const rules = await listRules(context.db)
    const rule = rules.find((each) => each.id === request.params.id)
    if (rule !== undefined && rule.reward !== request.body.reward)
      throw new Problem('incentive.bad_text', 'this is not what the rule says', 'reward')
    const answer = await answerOnce(context, request, {
      schema: ruleStateResponse,
      work: async (tx, at) => {
        const given = { ruleId: request.params.id, by: request.caller, at }
        return { status: 201, body: { state: mustBe(await approveRule(tx, given)) } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const end = {
    tags,
    summary: 'End a rule: nothing more is granted, what was granted stays',
    params,
    response: { 200: ruleStateResponse },
  }
  const admin = { scope: 'admin', problems: ['resource.not_found'] } as const
  app.delete('/api/v1/incentives/rules/:id', { schema: end, config: admin }, async (request) =>
    context.db.transaction(async (tx) => ({
      state: mustBe(await endRule(tx, request.params.id)),
    })),
  )
}

function mustBe<T>(result: Result<T, RuleRefusal>): T {
  if (result.ok) return result.value
  throw new Problem(result.refusal.code, result.refusal.detail, result.refusal.field)
}
