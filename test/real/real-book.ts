import assert from 'node:assert/strict'
import { access, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Instant, instant } from '@dunlin/kernel'
import { runApply } from '../../server/src/cli/apply.ts'
import { type ImportKind, type ImportSummary, importFile } from '../../server/src/loanbook/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'

// Public data, read where it lies beside the project, through the maps of the project.

const ROOT = join(import.meta.dirname, '../..')
const DATA = join(ROOT, '../shared/data')
const KNOWN_AT: Instant = instant(Date.UTC(2026, 5, 1))

/** For a test's `skip`: false when the file is there, else the line that says why not. */
export async function missing(file: string): Promise<string | false> {
  return access(dataFile(file)).then(
    () => false,
    () => `../shared/data/${file} is absent: nothing real to read`,
  )
}

export function dataFile(file: string): string {
  return join(DATA, file)
}

/** An empty sandbox with the portfolios of `maps/real-data-settings.yaml`. */
export async function aRealBook(): Promise<Database> {
  const db = await openTestDatabase()
  await db.run(
    `insert into installation (is_demo, created_at) values (true, '2026-06-01T00:00:00Z')`,
  )
  const told: string[] = []
  const io = { out: (line: string) => told.push(line), error: (line: string) => told.push(line) }
  const file = join(ROOT, 'maps/real-data-settings.yaml')
  const code = await runApply(
    { db, sealer: createTestSealer(), at: KNOWN_AT, file },
    { json: false, io },
  )
  assert.equal(code, 0, told.join('; '))
  return db
}

/** Loads a data file through a map of the project. */
export async function loadReal(
  db: Database,
  given: { kind: ImportKind; file: string; map: string; portfolio: string },
): Promise<ImportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-real-'))
  return importFile({
    db,
    sealer: createTestSealer(),
    kind: given.kind,
    file: dataFile(given.file),
    map: join(ROOT, 'maps', given.map),
    portfolio: given.portfolio,
    at: KNOWN_AT,
    rejectFolder: folder,
  })
}
