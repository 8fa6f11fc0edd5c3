import {
  draftParams,
  draftRequest,
  draftResponse,
  reviewRequest,
  rollBackRequest,
  strategyParams,
} from '@dunlin/contract'
import { formatInstant, type Instant, type Result } from '@dunlin/kernel'
import { z } from 'zod'
import { templateIds } from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import {
  type DraftRow,
  reviewDraft,
  rollBack,
  type StrategyRefusal,
  writeDraft,
} from '../../strategy/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const named = z.object({ name: z.string() })
const config = {
  scope: 'admin',
  once: true,
  problems: ['strategy.invalid', 'resource.not_found', 'strategy.not_reviewable'],
} as const

/** Drafts, reviews by a second person and roll-backs of strategies; each is kept in the audit. */
export function routeChangeStrategies(app: App, context: ApiContext): void {
  const tags = ['strategies']
  const draft = {
    ...{ tags, summary: 'Keep a ladder as a draft', params: strategyParams, body: draftRequest },
    response: { 201: draftResponse },
  }
  app.post('/api/v1/strategies/:name/drafts', { schema: draft, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: draftResponse,
      work: async (tx, at) => {
        const templates = await templateIds(tx, context.gate)
        const given = { ...request.params, ...request.body, templates, by: request.caller, at }
        const kept = mustHold(await writeDraft(tx, given))
        await audit(tx, { ...given, action: 'strategy.drafted', subject: kept.draftId })
        return { status: 201, body: toDraft(kept) }
      },
    })
    return reply.status(201).send(answer.body)
  })
  const review = {
    ...{ tags, summary: 'Release or reject another person’s draft', params: draftParams },
    ...{ body: reviewRequest, response: { 200: named } },
  }
  app.post('/api/v1/strategy-drafts/:id/review', { schema: review, config }, async (request) => {
    const work = async (tx: Tx, at: Instant) => {
      const { id: draftId } = request.params
      const templates = await templateIds(tx, context.gate)
      const given = { draftId, ...request.body, templates, by: request.caller, at }
      const body = mustHold(await reviewDraft(tx, given))
      await audit(tx, { ...given, action: `strategy.${given.verdict}`, subject: draftId })
      return { status: 200, body } as const
    }
    return (await answerOnce(context, request, { schema: named, work })).body
  })
  const back = {
    ...{ tags, summary: 'Put an earlier version back in force', params: strategyParams },
    ...{ body: rollBackRequest, response: { 200: named } },
  }
  app.post('/api/v1/strategies/:name/roll-back', { schema: back, config }, async (request) => {
    const work = async (tx: Tx, at: Instant) => {
      const given = { ...request.params, ...request.body, by: request.caller, at }
      const body = mustHold(await rollBack(tx, given))
      await audit(tx, { ...given, action: 'strategy.rolled_back', subject: given.name })
      return { status: 200, body } as const
    }
    return (await answerOnce(context, request, { schema: named, work })).body
  })
}

function audit(
  tx: Tx,
  { by, at, action, subject }: { by: string; at: Instant; action: string; subject: string },
): Promise<void> {
  return insertAudit(tx, { at: formatInstant(at), actor: by, action, subject })
}

export function toDraft({ draftId, ...draft }: DraftRow): z.infer<typeof draftResponse> {
  return { id: draftId, ...draft }
}

const PROBLEM_OF = {
  'strategy.invalid': 'strategy.invalid',
  'strategy.not_found': 'resource.not_found',
  'strategy.same_person': 'strategy.not_reviewable',
  'strategy.already_reviewed': 'strategy.not_reviewable',
} as const

export function mustHold<T>(result: Result<T, StrategyRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(PROBLEM_OF[code], detail, field)
}
