import { strategyDraft, strategyReview, strategyRollBack } from '@dunlin/contract'
import { formatInstant, type Instant, type Result } from '@dunlin/kernel'
import { templateIds } from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { reviewDraft, rollBack, type StrategyRefusal, writeDraft } from '../../strategy/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'

/** Drafts, a second person's word on them, and the way back; each is kept in the audit. */
export function routeChangeStrategies(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, strategyDraft, ({ textIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const templates = await templateIds(tx, gate)
      const given = { ...body, name: textIn('name'), templates, by: asker.email, at }
      const { draftId } = mustHold(await writeDraft(tx, given))
      await audit(tx, { ...given, action: 'strategy.drafted', subject: draftId })
      return { id: draftId }
    }),
  )
  serve(app, context, strategyReview, ({ idIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const templates = await templateIds(tx, gate)
      const given = { ...body, draftId: idIn('draftId'), templates, by: asker.email, at }
      mustHold(await reviewDraft(tx, given))
      await audit(tx, { ...given, action: `strategy.${body.verdict}`, subject: given.draftId })
      return { done: true as const }
    }),
  )
  serve(app, context, strategyRollBack, ({ textIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const given = { ...body, name: textIn('name'), by: asker.email, at }
      mustHold(await rollBack(tx, given))
      await audit(tx, { ...given, action: 'strategy.rolled_back', subject: given.name })
      return { done: true as const }
    }),
  )
}

function audit(
  tx: Tx,
  { by, at, action, subject }: { by: string; at: Instant; action: string; subject: string },
): Promise<void> {
  return insertAudit(tx, { at: formatInstant(at), actor: by, action, subject, detail: {} })
}

const PROBLEM_OF = {
  'strategy.invalid': 'strategy.invalid',
  'strategy.not_found': 'resource.not_found',
  'strategy.same_person': 'strategy.not_reviewable',
  'strategy.already_reviewed': 'strategy.not_reviewable',
} as const

function mustHold<T>(result: Result<T, StrategyRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(PROBLEM_OF[code], detail, field)
}
