import { required } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'

// SQL of drafts, reviews and releases of templates.

export type TemplateDraftState = 'draft' | 'released' | 'rejected'
export type TemplateDraft = {
  readonly draftId: string
  readonly name: string
  /** The YAML as it was written. */
  readonly source: string
  readonly note: string
  readonly state: TemplateDraftState
  readonly writtenBy: string
  readonly writtenAt: string
  readonly reviewedBy: string | null
  readonly reviewedAt: string | null
  readonly reviewNote: string | null
}

const DRAFT = `template_draft_id as "draftId", name, source, note, state, written_by as "writtenBy", written_at as "writtenAt",
  reviewed_by as "reviewedBy", reviewed_at as "reviewedAt", review_note as "reviewNote"`

export async function insertTemplateDraft(
  tx: Tx,
  draft: { name: string; source: string; note: string; by: string; at: string },
): Promise<TemplateDraft> {
  const [row] = await tx.query<TemplateDraft>(
    `insert into template_draft (name, source, note, state, written_by, written_at)
     values ($1, $2, $3, 'draft', $4, $5) returning ${DRAFT}`,
    [draft.name, draft.source, draft.note, draft.by, draft.at],
  )
  return required(row, 'draft')
}

/** Drafts of a template, newest first. */
export async function listTemplateDrafts(
  sql: Sql,
  name: string,
  limit: number,
): Promise<TemplateDraft[]> {
  return sql.query(
    `select ${DRAFT} from template_draft where name = $1 order by template_draft_id desc limit $2`,
    [name, limit],
  )
}

/** A draft under lock, so that two reviews never both count. */
export async function lockTemplateDraft(tx: Tx, draftId: string): Promise<TemplateDraft | null> {
  const [row] = await tx.query<TemplateDraft>(
    `select ${DRAFT} from template_draft where template_draft_id = $1 for update`,
    [draftId],
  )
  return row ?? null
}

export async function updateTemplateDraft(
  tx: Tx,
  review: { draftId: string; state: TemplateDraftState; by: string; at: string; note: string },
): Promise<void> {
  await tx.run(
    `update template_draft set state = $2, reviewed_by = $3, reviewed_at = $4, review_note = $5 where template_draft_id = $1`,
    [review.draftId, review.state, review.by, review.at, review.note],
  )
}

export async function insertTemplateRelease(
  tx: Tx,
  release: { name: string; draftId: string | null; by: string; at: string; reason: string },
): Promise<void> {
  await tx.run(
    `insert into template_release (name, template_draft_id, released_by, released_at, reason) values ($1, $2, $3, $4, $5)`,
    [release.name, release.draftId, release.by, release.at, release.reason],
  )
}

export type TemplateRelease = {
  /** Null: back to the shipped file. */
  readonly draftId: string | null
  readonly by: string
  readonly at: string
  readonly reason: string
}

/** What was in force of a template, newest first: the first one is. */
export async function listTemplateReleases(
  sql: Sql,
  name: string,
  limit: number,
): Promise<TemplateRelease[]> {
  return sql.query(
    `select template_draft_id as "draftId", released_by as by, released_at as at, reason
     from template_release where name = $1 order by template_release_id desc limit $2`,
    [name, limit],
  )
}

/** The draft that each changed template stands for now; those back at their file are absent. */
export async function listReleased(
  sql: Sql,
): Promise<{ name: string; draftId: string; source: string }[]> {
  return sql.query(
    `select r.name, d.template_draft_id as "draftId", d.source from (
       select distinct on (name) name, template_draft_id from template_release
       order by name, template_release_id desc) r
     join template_draft d using (template_draft_id) order by r.name`,
  )
}

/** How many drafts of each template wait for a second person. */
export async function countWaitingTemplates(sql: Sql): Promise<{ name: string; count: number }[]> {
  return sql.query(
    `select name, count(*)::int as count from template_draft where state = 'draft' group by name order by name`,
  )
}
