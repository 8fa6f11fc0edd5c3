import { type Clock, type Instant, instant, parseInstant, required } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import {
  type CallbackLane,
  claimCallbacks,
  type DueCallback,
  endCallback,
  postponeCallback,
} from './callback-store.ts'

export type CallbackQueue = {
  readonly accountId: string
  readonly lane: CallbackLane
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}

/**
 * Does what one callback asks for; every part of it may be done again without harm. Null, or why nothing
 * was done, which is kept with it.
 */
export type CallbackWork = (message: string, receivedAt: Instant) => Promise<string | null>

const LEASE_MS = 60_000
const BATCH_MAX = 100
/** After so many tries a callback is kept with its error and left; `processed_at = null` replays it. */
const TRIES_MAX = 8
const RETRY_FIRST_MS = 1_000

/** Works off what a door stored of an account's lane, oldest first. How many were done. */
export async function workOff(queue: CallbackQueue, work: CallbackWork): Promise<number> {
  const { db, clock, accountId, lane } = queue
  const at = clock.now()
  const due = await claimCallbacks(db, {
    ...{ accountId, lane, at, limit: BATCH_MAX },
    leaseUntil: instant(at + LEASE_MS),
  })
  for (const callback of due) await workOne(queue, callback, work)
  return due.length
}

async function workOne(
  { db, clock, sealer }: CallbackQueue,
  callback: DueCallback,
  work: CallbackWork,
): Promise<void> {
  const { callbackId, tries } = callback
  try {
    const receivedAt = required(parseInstant(callback.receivedAt), 'instant of a callback')
    const error = await work(sealer.open(callback.sealed), receivedAt)
    await endCallback(db, callbackId, { at: clock.now(), error })
  } catch (failure) {
    const error = failure instanceof Error ? failure.message.slice(0, 200) : 'failed'
    if (tries >= TRIES_MAX) await endCallback(db, callbackId, { at: clock.now(), error })
    else {
      const dueAt = instant(clock.now() + RETRY_FIRST_MS * 2 ** (tries - 1))
      await postponeCallback(db, callbackId, { dueAt, error })
    }
  }
}
