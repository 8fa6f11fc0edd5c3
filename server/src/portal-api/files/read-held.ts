import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { type HeldRow, listHeldRows, listHeldTables } from './held-store.ts'

export type Held = Readonly<
  Record<string, { readonly rows: readonly HeldRow[]; readonly isCut: boolean }>
>

/**
 * Everything that is held about a person, table by table, with sealed words opened. What is about somebody
 * else (a contact of theirs) is left sealed away; hashes, keys and salts are ours.
 */
export async function readHeld(db: Database, sealer: Sealer, borrowerId: string): Promise<Held> {
  const held: Record<string, { rows: HeldRow[]; isCut: boolean }> = {}
  for (const table of await listHeldTables(db)) {
    const { rows, isCut } = await listHeldRows(db, { table, borrowerId })
    if (rows.length > 0) held[table] = { rows: rows.map((row) => open(sealer, row)), isCut }
  }
  return held
}

/** One-time codes on their way. */
const CODES = new Set(['sealed_facts'])
const PREFIX = '\\x'
/** Long documents have a download of their own. */
const OPENED_CHARS_MAX = 100_000

function open(sealer: Sealer, row: HeldRow): HeldRow {
  const isOthers = typeof row.party_id === 'number'
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (CODES.has(name)) return []
      if (typeof value !== 'string' || !value.startsWith(PREFIX)) return [[name, value]]
      if (!name.startsWith('sealed')) return []
      return [[name, isOthers ? '***' : openBytes(sealer, value)]]
    }),
  )
}

function openBytes(sealer: Sealer, hex: string): unknown {
  const text = sealer.open(Buffer.from(hex.slice(PREFIX.length), 'hex'))
  if (text.length > OPENED_CHARS_MAX) return `(${text.length} characters)`
  try {
    return JSON.parse(text)
  } catch {
    // Words, not a record: they are what they are.
    return text
  }
}
