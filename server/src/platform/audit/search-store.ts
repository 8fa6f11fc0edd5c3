import type { Sql, SqlValue } from '../db/index.ts'

// SQL of the audit trail.

export type AuditFilter = {
  readonly actor: string | null
  /** Whole actions, or the part before their dot. */
  readonly actions: readonly string[] | null
  readonly subject: string | null
  readonly from: string | null
  readonly to: string | null
}
export type AuditFound = {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: Record<string, unknown>
}

const WHERE = `where ($1::text is null or actor = $1) and ($2::text[] is null or action = any($2) or split_part(action, '.', 1) = any($2))
  and ($3::text is null or subject = $3) and ($4::timestamptz is null or recorded_at >= $4)
  and ($5::timestamptz is null or recorded_at < $5)`

/** Entries newest first, before a place in the trail. */
export async function listAudit(
  sql: Sql,
  filter: AuditFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<AuditFound[]> {
  return sql.query(
    `select audit_event_id as id, recorded_at as at, actor, action, subject, detail from audit_event ${WHERE}
       and ($6::bigint is null or audit_event_id < $6) order by audit_event_id desc limit $7`,
    [...toValues(filter), before, limit],
  )
}

export type AccessCount = {
  readonly actor: string
  readonly action: string
  readonly times: number
  readonly subjects: number
  readonly lastAt: string
}

/** How often each actor did what, and to how many subjects, most often first. */
export async function countAudit(
  sql: Sql,
  filter: AuditFilter,
  limit: number,
): Promise<AccessCount[]> {
  return sql.query(
    `select actor, action, count(*)::int as times, count(distinct subject)::int as subjects, max(recorded_at) as "lastAt"
     from audit_event ${WHERE} group by actor, action order by times desc, actor, action limit $6`,
    [...toValues(filter), limit],
  )
}

function toValues({ actor, actions, subject, from, to }: AuditFilter): SqlValue[] {
  return [actor, actions, subject, from, to]
}
