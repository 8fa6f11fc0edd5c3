import { type TemplateVariant, templateCheck, templateList, templateOne } from '@dunlin/contract'
import { segmentText } from '../../channels/sms/segment-text.ts'
import {
  compileSource,
  countWaitingTemplates,
  gateInForce,
  type LintedVariant,
  lintTemplate,
  listTemplateDrafts,
  listTemplateReleases,
  type MessageTemplate,
  shippedSource,
  type TemplateDraft,
} from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { locateProblems } from '../strategies/locate-problem.ts'

const DRAFTS_SHOWN = 50
const RELEASES_SHOWN = 100

/** The templates in force, one whole with its drafts and releases, and what a text would say and break. */
export function routeReadTemplates(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, templateList, async () => {
    const { templates } = await gateInForce(db, gate)
    const waiting = new Map((await countWaitingTemplates(db)).map((row) => [row.name, row.count]))
    const items = [...templates.values()].map((template) => ({
      ...toHead(template),
      isShipped: gate.templates.get(template.id) === template,
      waitingDrafts: waiting.get(template.id) ?? 0,
    }))
    return { items: items.sort((a, b) => (a.id < b.id ? -1 : 1)) }
  })
  serve(app, context, templateOne, async ({ textIn, asker }) => {
    const id = textIn('id')
    const template = (await gateInForce(db, gate)).templates.get(id)
    if (template === undefined)
      throw new Problem('resource.not_found', `there is no template ${id}`, 'id')
    const drafts = await listTemplateDrafts(db, id, DRAFTS_SHOWN)
    const releases = await listTemplateReleases(db, id, RELEASES_SHOWN)
    const shipped = await shippedSource(id)
    const current = drafts.find(({ draftId }) => draftId === releases.at(0)?.draftId)
    return {
      ...toHead(template),
      source: current?.source ?? shipped ?? '',
      variants: lintTemplate(template).map((each) => toVariant(each, template)),
      hasShipped: shipped !== null,
      releases,
      drafts: drafts.map((draft) => toDraft(draft, asker.email)),
    }
  })
  serve(app, context, templateCheck, async ({ textIn, body: { source } }) => {
    const read = compileSource(source, { name: textIn('id') })
    if (!read.ok) return { problems: locateProblems(source, read.refusal.detail), variants: [] }
    const variants = lintTemplate(read.value).map((each) => toVariant(each, read.value))
    return { problems: [], variants }
  })
}

function toHead({ id, channel, kind, purpose }: MessageTemplate) {
  return { id, channel, kind, purpose }
}

function toVariant(
  { language, subject, text, findings }: LintedVariant,
  { channel }: MessageTemplate,
): TemplateVariant {
  return {
    ...{ language, subject, text, parts: channel === 'sms' ? partsOf(text) : null },
    findings: findings.map(({ rule, title, cite, blocks, start, end, mend }) => ({
      ...{ rule, blocks, start, end, title: { ...title }, mend: { ...mend } },
      source: `${cite.instrument} (${cite.basis})`,
    })),
  }
}

/** Null for what needs more parts than may be sent. */
function partsOf(text: string): number | null {
  try {
    return segmentText(text).parts.length
  } catch {
    // Shown as too long.
    return null
  }
}

function toDraft({ draftId, name: _name, ...draft }: TemplateDraft, email: string) {
  return { id: draftId, ...draft, isMine: draft.writtenBy === email }
}
