import { required } from '@dunlin/kernel'
import type { Database, Tx } from './database.ts'

class NothingKept extends Error {
  override readonly name = 'NothingKept'
}

/** Runs work in a transaction that is always rolled back: questions put as rows, and nothing kept of them. */
export async function rolledBack<T extends object>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  let found: T | null = null
  await db
    .transaction(async (tx) => {
      found = await work(tx)
      throw new NothingKept()
    })
    .catch((error: unknown) => {
      if (!(error instanceof NothingKept)) throw error
    })
  return required<T>(found, 'what the work found')
}
