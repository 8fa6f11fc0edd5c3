import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, Tx } from './database.ts'

const MIGRATIONS = join(import.meta.dirname, '../../../../db/migrations')
const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/
/** Advisory lock so that two programs starting at once migrate one after the other. */
const MIGRATION_LOCK = 4_707_001

/** Applies the migrations not yet applied, each in its own transaction; returns their names. */
export async function migrate(db: Database, folder: string = MIGRATIONS): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  return db.session(async (session) => {
    await session.run('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    try {
      return await applyMissing(session, folder, files)
    } finally {
      await session.run('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
    }
  })
}

async function applyMissing(session: Tx, folder: string, files: string[]): Promise<string[]> {
  await session.run(
    `create table if not exists schema_migration
       (name text primary key, hash text not null, applied_at timestamptz not null default now())`,
  )
  await session.run(`comment on table schema_migration is 'Migrations applied, in order.'`)
  const known = await session.query<{ name: string; hash: string }>(
    'select name, hash from schema_migration',
  )
  const applied = new Map(known.map((row) => [row.name, row.hash]))
  const done: string[] = []
  for (const name of files) {
    const text = await readFile(join(folder, name), 'utf8')
    const hash = createHash('sha256').update(text).digest('hex')
    const before = applied.get(name)
    if (before === hash) continue
    if (before !== undefined) throw new Error(`migration ${name} was changed after it was applied`)
    await applyOne(session, { name, text, hash })
    done.push(name)
  }
  return done
}

async function applyOne(
  session: Tx,
  migration: { name: string; text: string; hash: string },
): Promise<void> {
  await session.run('begin')
  try {
    await session.run(migration.text)
    await session.run('insert into schema_migration (name, hash) values ($1, $2)', [
      migration.name,
      migration.hash,
    ])
    await session.run('commit')
  } catch (error) {
    await session.run('rollback')
    throw new Error(`migration ${migration.name} failed`, { cause: error })
  }
}
