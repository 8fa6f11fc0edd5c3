import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import {
  endWorker,
  insertWorker,
  listInFlightWorkers,
  markLost,
  releaseWorkerLock,
  tryWorkerLock,
} from './result-store.ts'

/** A registered dispatcher. While its session lives, its lock tells others that it does. */
export type Worker = {
  readonly workerId: string
  /** Throws when the session is gone: the worker must register anew before it dispatches again. */
  readonly assertAlive: () => Promise<void>
  readonly end: () => Promise<void>
}

/** Registers a dispatcher and holds its lock on a connection of its own until `end`. */
export async function startWorker(db: Database, at: Instant): Promise<Worker> {
  const { promise: ended, resolve: release } = Promise.withResolvers<void>()
  const registered = Promise.withResolvers<{ workerId: string; session: Tx }>()
  const session = db.session(async (tx) => {
    const workerId = await insertWorker(tx, formatInstant(at))
    await tryWorkerLock(tx, workerId)
    registered.resolve({ workerId, session: tx })
    await ended
    await endWorker(tx, workerId, formatInstant(at))
    await releaseWorkerLock(tx, workerId)
  })
  session.catch(registered.reject)
  const { workerId, session: own } = await registered.promise
  let asked: Promise<unknown> = Promise.resolve()
  return {
    workerId,
    assertAlive: async () => {
      // Lanes share the session, and a session answers one question at a time.
      const answer = asked.then(() => own.run('select 1'))
      asked = answer.catch(() => undefined)
      await answer
    },
    end: async () => {
      release()
      // A session that is already lost has released its lock by being lost.
      await session.catch(() => undefined)
    },
  }
}

/**
 * Finds permits of workers that died and calls them unknown: never sent again, counted in the caps,
 * shown in a queue. Safe to run anywhere at any time, because a living worker holds its lock.
 */
export async function recoverLost(
  db: Database,
  { reactions, at }: { reactions: Reactions; at: Instant },
): Promise<number> {
  const workers = await db.transaction(listInFlightWorkers)
  let lost = 0
  for (const workerId of workers) {
    lost += await db.session((session) => recoverWorker(session, db, { workerId, reactions, at }))
  }
  return lost
}

async function recoverWorker(
  session: Tx,
  db: Database,
  { workerId, reactions, at }: { workerId: string; reactions: Reactions; at: Instant },
): Promise<number> {
  if (!(await tryWorkerLock(session, workerId))) return 0
  try {
    return await db.transaction(async (tx) => {
      const lost = await markLost(tx, workerId, formatInstant(at))
      const events = lost.map(
        ({ borrower_id, attempt_id }): DomainEvent => ({
          name: 'contact.unknown',
          borrowerId: borrower_id,
          payload: { attemptId: attempt_id },
        }),
      )
      await reactions.publish(tx, events, at)
      return lost.length
    })
  } finally {
    await releaseWorkerLock(session, workerId)
  }
}
