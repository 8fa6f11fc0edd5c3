import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, migrate, openDatabase } from '../../server/src/platform/db/index.ts'
import { startEmbeddedPostgres } from '../../server/src/platform/postgres/index.ts'

/** A migrated database of its own for one benchmark, with the durability of production. */
export async function withBenchDatabase<T>(
  work: (db: Database, url: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-bench-'))
  const server = await startEmbeddedPostgres({ folder, settings: SETTINGS })
  const db = openDatabase({ url: server.url })
  try {
    await migrate(db)
    return await work(db, server.url)
  } finally {
    await db.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
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

/** Seconds that work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
