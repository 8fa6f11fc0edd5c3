import type { Sql } from '../db/index.ts'

export type AuditEntry = {
  readonly actor: string
  readonly action: string
  readonly subject: string
  /** Ids and codes, never a person's data. */
  readonly detail?: object
  readonly at: string
}

/** Keeps who changed or looked at what, in the caller's transaction. */
export async function insertAudit(sql: Sql, entry: AuditEntry): Promise<void> {
  await sql.run(
    'insert into audit_event (recorded_at, actor, action, subject, detail) values ($1, $2, $3, $4, $5)',
    [entry.at, entry.actor, entry.action, entry.subject, JSON.stringify(entry.detail ?? {})],
  )
}
