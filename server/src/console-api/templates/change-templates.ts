import { templateDraft, templateReview, templateRollBack } from '@dunlin/contract'
import { formatInstant, type Instant, type Result } from '@dunlin/kernel'
import {
  reviewTemplateDraft,
  rollBackTemplate,
  type TemplateRefusal,
  writeTemplateDraft,
} from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'

/** Drafts of templates, a second person's word on them, and the way back; each is kept in the audit. */
export function routeChangeTemplates(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, templateDraft, ({ textIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const given = { ...body, name: textIn('id'), by: asker.email, at }
      const { draftId } = mustHold(await writeTemplateDraft(tx, given))
      await audit(tx, { ...given, action: 'template.drafted', draftId })
      return { id: draftId }
    }),
  )
  serve(app, context, templateReview, ({ idIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const given = { ...body, draftId: idIn('draftId'), by: asker.email, at }
      const { name } = mustHold(await reviewTemplateDraft(tx, given))
      await audit(tx, { ...given, name, action: `template.${body.verdict}` })
      return { done: true as const }
    }),
  )
  serve(app, context, templateRollBack, ({ textIn, body, asker, at }) =>
    db.transaction(async (tx) => {
      const name = textIn('id')
      const isShipped = gate.templates.has(name)
      const given = { ...body, name, isShipped, by: asker.email, at }
      mustHold(await rollBackTemplate(tx, given))
      await audit(tx, { ...given, action: 'template.rolled_back' })
      return { done: true as const }
    }),
  )
}

function audit(
  tx: Tx,
  given: { name: string; draftId: string | null; by: string; at: Instant; action: string },
): Promise<void> {
  const { name, draftId, by: actor, at, action } = given
  const subject = `template ${name}`
  return insertAudit(tx, { at: formatInstant(at), actor, action, subject, detail: { draftId } })
}

const PROBLEM_OF = {
  'template.invalid': 'template.invalid',
  'template.not_found': 'resource.not_found',
  'template.same_person': 'template.not_reviewable',
  'template.already_reviewed': 'template.not_reviewable',
} as const

function mustHold<T>(result: Result<T, TemplateRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(PROBLEM_OF[code], detail, field)
}
