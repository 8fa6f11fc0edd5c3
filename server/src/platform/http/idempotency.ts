import { createHash } from 'node:crypto'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Database, Tx } from '../db/index.ts'
import { Problem } from './problem.ts'

export type Answer<Body> = { readonly status: 200 | 201; readonly body: Body }

export type Once<Body> = {
  readonly key: string | undefined
  readonly caller: string
  /** Method and address: the same key on another address is another request. */
  readonly route: string
  readonly request: unknown
  readonly at: Instant
  /** Reads a stored body back. */
  readonly parse: (body: unknown) => Body
}

const KEY_CHARS_MAX = 255
/** How long a second request waits for the first before it is told to come back. */
const WAIT = '10s'
const LOCK_TIMEOUT = '55P03'

/**
 * Does the work once for a caller's key, in the transaction that also keeps the answer: a crash leaves
 * neither. The same request again gets the same answer, another request under the same key is refused; a
 * second one while the first is under way waits for it. Work that is refused leaves no trace, so that the
 * key may be used again. Without a key the work is simply done.
 */
export async function onceByKey<Body>(
  db: Database,
  once: Once<Body>,
  work: (tx: Tx) => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  if (once.key === undefined) return db.transaction(work)
  if (once.key.length > KEY_CHARS_MAX)
    throw new Problem('request.invalid', `at most ${KEY_CHARS_MAX} characters`, 'Idempotency-Key')
  const key = `${once.caller} ${once.key}`
  const hash = createHash('sha256')
    .update(`${once.route}\n${JSON.stringify(once.request)}`)
    .digest('hex')
  return db.transaction(async (tx) => {
    if (!(await claim(tx, { key, hash, at: once.at }))) return storedAnswer(tx, once, { key, hash })
    const answer = await work(tx)
    await tx.run('update idempotency_key set status = $2, body = $3 where key = $1', [
      key,
      answer.status,
      JSON.stringify(answer.body),
    ])
    return answer
  })
}

/** How long a key keeps its answer. */
const KEY_LIFE_MS = 7 * 86_400_000

/** Forgets keys whose answers nobody asks for any more; how many. */
export async function forgetOldKeys(db: Database, at: Instant): Promise<number> {
  const before = formatInstant(instant(at - KEY_LIFE_MS))
  return db.run('delete from idempotency_key where recorded_at < $1', [before])
}

async function claim(
  tx: Tx,
  { key, hash, at }: { key: string; hash: string; at: Instant },
): Promise<boolean> {
  await tx.run(`set local lock_timeout = '${WAIT}'`)
  try {
    const claimed = await tx.run(
      'insert into idempotency_key (key, request_hash, recorded_at) values ($1, $2, $3) on conflict (key) do nothing',
      [key, hash, formatInstant(at)],
    )
    return claimed > 0
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === LOCK_TIMEOUT)) throw error
    throw new Problem(
      'idempotency.in_progress',
      'the first request under this Idempotency-Key is still under way: ask again in a moment',
      'Idempotency-Key',
    )
  } finally {
    await tx.run('set local lock_timeout = 0').catch(() => undefined)
  }
}

async function storedAnswer<Body>(
  tx: Tx,
  { parse }: Once<Body>,
  { key, hash }: { key: string; hash: string },
): Promise<Answer<Body>> {
  const [row] = await tx.query<{ request_hash: string; status: number | null; body: unknown }>(
    'select request_hash, status, body from idempotency_key where key = $1',
    [key],
  )
  if (row === undefined || row.status === null)
    throw new Problem(
      'idempotency.in_progress',
      'the first request under this Idempotency-Key is still under way: ask again in a moment',
      'Idempotency-Key',
    )
  if (row.request_hash !== hash)
    throw new Problem(
      'idempotency.conflict',
      'this Idempotency-Key was used for another request',
      'Idempotency-Key',
    )
  return { status: row.status === 200 ? 200 : 201, body: parse(row.body) }
}
