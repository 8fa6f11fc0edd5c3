import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { parse } from 'yaml'
import type { Tx } from '../../platform/db/index.ts'
import { tellSystem } from '../../platform/events/index.ts'
import { compileTemplate, type MessageTemplate } from '../model/templates.ts'
import { firstBlocking } from './lint-template.ts'
import {
  insertTemplateDraft,
  insertTemplateRelease,
  listTemplateDrafts,
  lockTemplateDraft,
  type TemplateDraft,
  updateTemplateDraft,
} from './template-store.ts'

export type TemplateRefusal = {
  readonly code:
    | 'template.invalid'
    | 'template.not_found'
    | 'template.same_person'
    | 'template.already_reviewed'
  readonly detail: string
  readonly field: string
}

/** Who changes a template and when. */
type Change = { readonly by: string; readonly at: Instant }

const TEMPLATE_SOURCE_MAX = 20_000
const DRAFTS_MAX = 1000

/** Reads a message in YAML: its form and its names, not yet its words. Refuses with the place and what was expected. */
export function compileSource(
  source: string,
  { name }: { readonly name: string },
): Result<MessageTemplate, TemplateRefusal> {
  const no = (detail: string): Result<never, TemplateRefusal> =>
    refused({ code: 'template.invalid', detail, field: 'source' })
  if (source.length > TEMPLATE_SOURCE_MAX)
    return no(`a template has at most ${TEMPLATE_SOURCE_MAX} characters`)
  try {
    const template = compileTemplate(parse(source))
    if (template.id !== name)
      return no(`the id in the text is ${template.id}, not ${name}: a template keeps its id`)
    return ok(template)
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error))
  }
}

/** The same as it would be released: its words break no content rule either, or it is refused with the place. */
function readTemplateSource(
  source: string,
  given: { readonly name: string },
): Result<MessageTemplate, TemplateRefusal> {
  const read = compileSource(source, given)
  const finding = read.ok ? firstBlocking(read.value) : null
  if (finding === null) return read
  return refused({ code: 'template.invalid', detail: finding, field: 'source' })
}

/** Keeps a message as a draft; nothing of it is sent until another person releases it. */
export async function writeTemplateDraft(
  tx: Tx,
  given: { name: string; source: string; note: string } & Change,
): Promise<Result<TemplateDraft, TemplateRefusal>> {
  const read = readTemplateSource(given.source, given)
  if (!read.ok) return read
  const { name, source, note, by } = given
  return ok(await insertTemplateDraft(tx, { name, source, note, by, at: formatInstant(given.at) }))
}

/**
 * A second person's word on a draft. Released, it is what the next batch sends; nobody reviews what they wrote,
 * and a draft is reviewed once.
 */
export async function reviewTemplateDraft(
  tx: Tx,
  given: { draftId: string; verdict: 'released' | 'rejected'; note: string } & Change,
): Promise<Result<{ name: string }, TemplateRefusal>> {
  const { draftId, verdict, note, by } = given
  const at = formatInstant(given.at)
  const draft = await lockTemplateDraft(tx, draftId)
  if (draft === null) return refused(notFound('draft', draftId))
  const refusal = refusalOf(draft, by)
  if (refusal !== null) return refused(refusal)
  const { name } = draft
  // Linted again: since it was written the word lists may have grown.
  const read = readTemplateSource(draft.source, { name })
  if (verdict === 'released' && !read.ok) return read
  await updateTemplateDraft(tx, { draftId, state: verdict, by, at, note })
  if (verdict === 'released') await release(tx, { name, draftId, by, reason: note }, given.at)
  return ok({ name })
}

function refusalOf(draft: TemplateDraft, by: string): TemplateRefusal | null {
  if (draft.state !== 'draft') {
    const detail = `the draft was ${draft.state} by ${draft.reviewedBy}`
    return { code: 'template.already_reviewed', detail, field: 'id' }
  }
  if (draft.writtenBy !== by) return null
  const detail = 'a draft is reviewed by another person than the one who wrote it'
  return { code: 'template.same_person', detail, field: 'id' }
}

/**
 * Puts a text that was in force before back in force, or the shipped file (`draftId` null); one person may, since it
 * was reviewed then. A text that the word lists have come to refuse does not come back.
 */
export async function rollBackTemplate(
  tx: Tx,
  given: { name: string; draftId: string | null; isShipped: boolean; reason: string } & Change,
): Promise<Result<{ name: string }, TemplateRefusal>> {
  const { name, draftId, isShipped, reason, by } = given
  if (draftId === null && !isShipped) return refused(notFound('shipped template', name))
  if (draftId !== null) {
    const drafts = await listTemplateDrafts(tx, name, DRAFTS_MAX)
    const draft = drafts.find((each) => each.draftId === draftId && each.state === 'released')
    if (draft === undefined) return refused(notFound('released draft', draftId))
    const read = readTemplateSource(draft.source, { name })
    if (!read.ok) return read
  }
  await release(tx, { name, draftId, by, reason }, given.at)
  return ok({ name })
}

async function release(
  tx: Tx,
  given: { name: string; draftId: string | null; by: string; reason: string },
  at: Instant,
): Promise<void> {
  const { name, draftId, by } = given
  await insertTemplateRelease(tx, { ...given, at: formatInstant(at) })
  await tellSystem(tx, { name: 'template.released', payload: { name, draftId, by } }, at)
}

function notFound(what: string, id: string): TemplateRefusal {
  return { code: 'template.not_found', detail: `there is no ${what} ${id}`, field: 'id' }
}
