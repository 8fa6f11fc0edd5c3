import type { Tx } from '../../platform/db/index.ts'
import { copyLine } from '../../platform/db/index.ts'

/** Staging for the smaller kinds of files: one JSON object a line, personal values sealed or hashed in it. */
export async function createJsonStaging(tx: Tx): Promise<void> {
  await tx.run(
    'create temp table staging_row (line bigint primary key, data jsonb not null) on commit drop',
  )
}

export async function copyJson(
  tx: Tx,
  rows: readonly { readonly line: number; readonly data: object }[],
): Promise<void> {
  if (rows.length === 0) return
  const lines = rows.map(({ line, data }) => copyLine([line, JSON.stringify(data)]))
  await tx.copyIn('copy staging_row from stdin', lines)
}

/** Removes staged rows that a query finds; their lines. */
export async function takeLines(
  tx: Tx,
  found: string,
  values: readonly string[],
): Promise<{ line: string }[]> {
  return tx.query(`delete from staging_row s where line in (${found}) returning s.line`, values)
}

/** Bytes as jsonb can carry them. */
export function hex(bytes: Buffer): string {
  return bytes.toString('hex')
}

/** Tells of the contact points that a statement called `added`; as many rows as there are of them. */
export const TELL_POINTS = (recordedAt: string): string =>
  `insert into outbox (borrower_id, event, payload, recorded_at)
   select borrower_id, 'contact-point.added', jsonb_build_object('contactPointId', contact_point_id::text, 'kind', kind,
     'health', health), ${recordedAt}::timestamptz from added`
