import { createHash } from 'node:crypto'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database } from '../db/index.ts'
import { Problem } from './problem.ts'

export type Answer = { readonly status: number; readonly body: unknown }

/**
 * Does the work once for a caller's key: the same request again gets the same answer, another request
 * under the same key is refused. Without a key the work is simply done.
 */
export async function onceByKey(
  db: Database,
  given: { key: string | undefined; caller: string; request: unknown; at: Instant },
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (given.key === undefined) return work()
  const key = `${given.caller} ${given.key}`
  const hash = createHash('sha256').update(JSON.stringify(given.request)).digest('hex')
  const claimed = await db.run(
    'insert into idempotency_key (key, request_hash, recorded_at) values ($1, $2, $3) on conflict (key) do nothing',
    [key, hash, formatInstant(given.at)],
  )
  if (claimed === 0) return storedAnswer(db, key, hash)
  try {
    const answer = await work()
    await db.run('update idempotency_key set status = $2, body = $3 where key = $1', [
      key,
      answer.status,
      JSON.stringify(answer.body),
    ])
    return answer
  } catch (error) {
    // Nothing was done: the caller may try again under the same key.
    await db.run('delete from idempotency_key where key = $1', [key])
    throw error
  }
}

async function storedAnswer(db: Database, key: string, hash: string): Promise<Answer> {
  const [row] = await db.query<{ request_hash: string; status: number | null; body: unknown }>(
    'select request_hash, status, body from idempotency_key where key = $1',
    [key],
  )
  if (row === undefined || row.status === null) {
    throw new Problem(
      'idempotency.in_progress',
      'the first request under this Idempotency-Key is still under way',
    )
  }
  if (row.request_hash !== hash) {
    throw new Problem(
      'idempotency.conflict',
      'this Idempotency-Key was used for another request',
      'Idempotency-Key',
    )
  }
  return { status: row.status, body: row.body }
}
