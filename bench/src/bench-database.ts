import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, migrate, openDatabase } from '../../server/src/platform/db/index.ts'
import { startEmbeddedPostgres } from '../../server/src/platform/postgres/index.ts'

/** A PostgreSQL of its own for one benchmark, with the durability of production. */
export async function withBenchServer<T>(work: (server: BenchServer) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-bench-'))
  const server = await startEmbeddedPostgres({ folder, settings: SETTINGS })
  try {
    return await work(benchServer(new URL(server.url)))
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** One migrated database on a server of its own. */
export function withBenchDatabase<T>(work: (db: Database, url: string) => Promise<T>): Promise<T> {
  return withBenchServer(async (server) => {
    const url = await server.create('bench')
    return withDatabase(url, (db) => work(db, url))
  })
}

export type BenchServer = {
  /** A new migrated database; its address. */
  readonly create: (name: string) => Promise<string>
  /** A database once more, byte for byte; nothing may be connected to it meanwhile. */
  readonly clone: (from: string, name: string) => Promise<string>
  readonly drop: (name: string) => Promise<void>
}

function benchServer(base: URL): BenchServer {
  const urlOf = (name: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href
  const admin = (...statements: string[]) =>
    withDatabase(urlOf('postgres'), async (db) => {
      for (const statement of statements) await db.run(statement)
    })
  return {
    create: async (name) => {
      await admin(`create database ${name}`)
      await withDatabase(urlOf(name), migrate)
      return urlOf(name)
    },
    clone: async (from, name) => {
      await admin(`create database ${name} template ${from} strategy file_copy`, 'checkpoint')
      return urlOf(name)
    },
    drop: (name) => admin(`drop database ${name} with (force)`, 'checkpoint'),
  }
}

/** Opens a database for some work and closes it whatever happens. */
export async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ url })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Commits reach the disk; memory is what a small server would give. */
const SETTINGS = {
  shared_buffers: '2GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  work_mem: '64MB',
  maintenance_work_mem: '512MB',
}

/** Reads every table and index of a database into memory. */
export async function warm(db: Database): Promise<void> {
  await db.run('create extension if not exists pg_prewarm')
  await db.run(
    `select pg_prewarm(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'i')`,
  )
}

/** Seconds that work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
