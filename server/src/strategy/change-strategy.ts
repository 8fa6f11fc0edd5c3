import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { parse } from 'yaml'
import type { Tx } from '../platform/db/index.ts'
import { tellSystem } from '../platform/events/index.ts'
import { saveStrategyVersion } from './cycle-store.ts'
import { compileStrategy, type Strategy } from './model/strategy.ts'
import {
  type DraftRow,
  findVersion,
  insertDraft,
  insertRelease,
  lockDraft,
  updateDraft,
} from './release-store.ts'
import { contentOf, strategyInForce } from './strategy-in-force.ts'

export type StrategyRefusal = {
  readonly code:
    | 'strategy.invalid'
    | 'strategy.not_found'
    | 'strategy.same_person'
    | 'strategy.already_reviewed'
  readonly detail: string
  readonly field: string
}

/** Who changes a strategy and when. */
export type Change = { readonly by: string; readonly at: Instant }

const SOURCE_MAX = 200_000

/**
 * Reads a ladder in YAML as it would be released: its form, its conditions and that its templates are there.
 * Refuses with the place and what was expected.
 */
export function readSource(
  source: string,
  given: { readonly name: string; readonly templates: ReadonlySet<string> },
): Result<Strategy, StrategyRefusal> {
  const no = (detail: string): Result<Strategy, StrategyRefusal> =>
    refused({ code: 'strategy.invalid', detail, field: 'source' })
  if (source.length > SOURCE_MAX) return no(`a strategy has at most ${SOURCE_MAX} characters`)
  try {
    const strategy = compileStrategy(parse(source))
    const { name, steps } = strategy.document
    if (name !== given.name)
      return no(`the name in the text is ${name}, not ${given.name}: a strategy keeps its name`)
    const missing = steps.find(({ template }) => !given.templates.has(template))
    if (missing !== undefined)
      return no(`step ${missing.key}: there is no template ${missing.template}`)
    return ok(strategy)
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error))
  }
}

/** Keeps a ladder as a draft; it plans nothing until another person releases it. */
export async function writeDraft(
  tx: Tx,
  given: { name: string; source: string; note: string; templates: ReadonlySet<string> } & Change,
): Promise<Result<DraftRow, StrategyRefusal>> {
  const read = readSource(given.source, given)
  if (!read.ok) return read
  const { name, source, note, by } = given
  const { document } = contentOf(read.value.document)
  return ok(
    await insertDraft(tx, { name, source, document, note, by, at: formatInstant(given.at) }),
  )
}

/**
 * A second person's word on a draft. Released, it is in force from the next cycle on; nobody reviews
 * what they wrote, and a draft is reviewed once.
 */
export async function reviewDraft(
  tx: Tx,
  given: {
    draftId: string
    verdict: 'released' | 'rejected'
    note: string
    templates: ReadonlySet<string>
  } & Change,
): Promise<Result<{ name: string }, StrategyRefusal>> {
  const { draftId, verdict, note, by } = given
  const at = formatInstant(given.at)
  const draft = await lockDraft(tx, draftId)
  const refusal = refusalOf(draft, given)
  if (draft === null || refusal !== null) return refused(refusal ?? notFound('draft', draftId))
  const { name } = draft
  // Read again: since it was written a template may have gone.
  const read = readSource(draft.source, { name, templates: given.templates })
  if (verdict === 'released' && !read.ok) return read
  await updateDraft(tx, { draftId, state: verdict, by, at, note })
  if (verdict === 'released' && read.ok) {
    const content = contentOf(read.value.document)
    const versionId = await saveStrategyVersion(tx, { name, ...content, publishedAt: at })
    await release(tx, { name, versionId, draftId, by, reason: note }, given.at)
  }
  return ok({ name })
}

function refusalOf(
  draft: DraftRow | null,
  { draftId, by }: { draftId: string; by: string },
): StrategyRefusal | null {
  if (draft === null) return notFound('draft', draftId)
  if (draft.state !== 'draft') {
    const detail = `the draft was ${draft.state} by ${draft.reviewedBy}`
    return { code: 'strategy.already_reviewed', detail, field: 'id' }
  }
  if (draft.writtenBy !== by) return null
  const detail = 'a draft is reviewed by another person than the one who wrote it'
  return { code: 'strategy.same_person', detail, field: 'id' }
}

/** Puts a version that was in force before back in force; one person may, since it was reviewed then. */
export async function rollBack(
  tx: Tx,
  given: { name: string; versionId: string; reason: string } & Change,
): Promise<Result<{ name: string }, StrategyRefusal>> {
  const { name, versionId, reason, by } = given
  const version = await findVersion(tx, versionId)
  if (version === null || version.name !== name) return refused(notFound('version', versionId))
  const at = formatInstant(given.at)
  // What is left must be there to come back to, also when it was the shipped file.
  const current = contentOf((await strategyInForce(tx, name)).document)
  await saveStrategyVersion(tx, { name, ...current, publishedAt: at })
  await release(tx, { name, versionId, draftId: null, by, reason }, given.at)
  return ok({ name })
}

async function release(
  tx: Tx,
  given: Omit<Parameters<typeof insertRelease>[1], 'at'>,
  at: Instant,
): Promise<void> {
  const { name, versionId, by } = given
  await insertRelease(tx, { ...given, at: formatInstant(at) })
  await tellSystem(tx, { name: 'strategy.released', payload: { name, versionId, by } }, at)
}

function notFound(what: string, id: string): StrategyRefusal {
  return { code: 'strategy.not_found', detail: `there is no ${what} ${id}`, field: 'id' }
}
