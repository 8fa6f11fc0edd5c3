import { required } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'

// SQL of drafts, reviews and releases of strategies.

export type DraftState = 'draft' | 'released' | 'rejected'
export type DraftRow = {
  readonly draftId: string
  readonly name: string
  /** The YAML as it was written. */
  readonly source: string
  readonly note: string
  readonly state: DraftState
  readonly writtenBy: string
  readonly writtenAt: string
  readonly reviewedBy: string | null
  readonly reviewedAt: string | null
  readonly reviewNote: string | null
}

const DRAFT = `strategy_draft_id as "draftId", name, source, note, state, written_by as "writtenBy", written_at as "writtenAt",
  reviewed_by as "reviewedBy", reviewed_at as "reviewedAt", review_note as "reviewNote"`

export async function insertDraft(
  tx: Sql,
  draft: { name: string; source: string; document: string; note: string; by: string; at: string },
): Promise<DraftRow> {
  const [row] = await tx.query<DraftRow>(
    `insert into strategy_draft (name, source, document, note, state, written_by, written_at)
     values ($1, $2, $3, $4, 'draft', $5, $6) returning ${DRAFT}`,
    [draft.name, draft.source, draft.document, draft.note, draft.by, draft.at],
  )
  return required(row, 'draft')
}

/** Drafts of a strategy, newest first. */
export async function listDrafts(sql: Sql, name: string, limit: number): Promise<DraftRow[]> {
  return sql.query(
    `select ${DRAFT} from strategy_draft where name = $1 order by strategy_draft_id desc limit $2`,
    [name, limit],
  )
}

/** A draft under lock, so that two reviews never both count. */
export async function lockDraft(tx: Tx, draftId: string): Promise<DraftRow | null> {
  const [row] = await tx.query<DraftRow>(
    `select ${DRAFT} from strategy_draft where strategy_draft_id = $1 for update`,
    [draftId],
  )
  return row ?? null
}

export async function updateDraft(
  tx: Tx,
  review: { draftId: string; state: DraftState; by: string; at: string; note: string },
): Promise<void> {
  await tx.run(
    `update strategy_draft set state = $2, reviewed_by = $3, reviewed_at = $4, review_note = $5 where strategy_draft_id = $1`,
    [review.draftId, review.state, review.by, review.at, review.note],
  )
}

export async function insertRelease(
  tx: Tx,
  release: {
    name: string
    versionId: string
    draftId: string | null
    by: string
    at: string
    reason: string
  },
): Promise<void> {
  await tx.run(
    `insert into strategy_release (name, strategy_version_id, strategy_draft_id, released_by, released_at, reason)
     values ($1, $2, $3, $4, $5, $6)`,
    [release.name, release.versionId, release.draftId, release.by, release.at, release.reason],
  )
}

/** The content that is in force by release: its hash; null while the shipped file is. */
export async function findReleasedHash(sql: Sql, name: string): Promise<string | null> {
  const [row] = await sql.query<{ hash: string }>(
    `select v.hash from strategy_release r join strategy_version v using (strategy_version_id)
     where r.name = $1 order by strategy_release_id desc limit 1`,
    [name],
  )
  return row?.hash ?? null
}

export async function findDocument(sql: Sql, name: string, hash: string): Promise<unknown> {
  const [row] = await sql.query<{ document: unknown }>(
    'select document from strategy_version where name = $1 and hash = $2',
    [name, hash],
  )
  return required(row, `version ${hash} of ${name}`).document
}

export type VersionRow = {
  readonly versionId: string
  readonly hash: string
  readonly firstUsedAt: string
  readonly releases: readonly { by: string; at: string; reason: string }[]
  readonly openCases: number
}

/** Every version that ever planned a step or was released, newest first, with who released it and how many open cases it planned last. */
export async function listVersions(sql: Sql, name: string): Promise<VersionRow[]> {
  const rows = await sql.query<VersionRow & { openCases: string | number }>(
    `select v.strategy_version_id as "versionId", v.hash, v.published_at as "firstUsedAt",
       (select count(*) from collection_case c where c.strategy_version_id = v.strategy_version_id and c.state = 'open')
         as "openCases",
       coalesce((select json_agg(json_build_object('by', r.released_by, 'at', r.released_at, 'reason', r.reason)
         order by r.strategy_release_id) from strategy_release r where r.strategy_version_id = v.strategy_version_id), '[]')
         as releases
     from strategy_version v where v.name = $1 order by v.strategy_version_id desc`,
    [name],
  )
  return rows.map((row) => ({ ...row, openCases: Number(row.openCases) }))
}

export async function findVersion(
  sql: Sql,
  versionId: string,
): Promise<{ name: string; document: unknown } | null> {
  const [row] = await sql.query<{ name: string; document: unknown }>(
    'select name, document from strategy_version where strategy_version_id = $1',
    [versionId],
  )
  return row ?? null
}
