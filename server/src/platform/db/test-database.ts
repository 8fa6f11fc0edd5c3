import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after } from 'node:test'
import { readEnv } from '../config/env.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

const MIGRATIONS = join(import.meta.dirname, '../../../../db/migrations')
const TEMPLATE_LOCK = 4_707_002
let clones = 0

/**
 * A database of its own for the calling test file, cloned from a migrated template and dropped
 * afterwards. Needs DUNLIN_TEST_DATABASE_URL, which `npm test` sets.
 */
export async function openTestDatabase(): Promise<Database> {
  const adminUrl = readEnv('DUNLIN_TEST_DATABASE_URL')
  if (adminUrl === undefined) {
    throw new Error('DUNLIN_TEST_DATABASE_URL is not set: run tests with `npm test -- FILE`')
  }
  const admin = openDatabase({ url: adminUrl, connectionsMax: 2 })
  const template = await prepareTemplate(admin, adminUrl)
  clones += 1
  const name = `${template}_${process.pid}_${clones}`
  await admin.run(`create database ${name} template ${template}`)
  const db = openDatabase({ url: withDatabase(adminUrl, name) })
  after(async () => {
    await db.close()
    await admin.run(`drop database if exists ${name} with (force)`)
    await admin.close()
  })
  return db
}

async function prepareTemplate(admin: Database, adminUrl: string): Promise<string> {
  const template = `dunlin_template_${await migrationsHash()}`
  await admin.session(async (session) => {
    await session.run('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    try {
      const found = await session.query('select 1 from pg_database where datname = $1', [template])
      if (found.length > 0) return
      await session.run(`drop database if exists ${template}_new with (force)`)
      await session.run(`create database ${template}_new`)
      const fresh = openDatabase({ url: withDatabase(adminUrl, `${template}_new`) })
      await migrate(fresh)
      await fresh.close()
      await session.run(`alter database ${template}_new rename to ${template}`)
    } finally {
      await session.run('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
    }
  })
  return template
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    hash.update(name).update(await readFile(join(MIGRATIONS, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
