import { type Clock, formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { deleteFailures, insertFailure, listFailures } from './staff-store.ts'

const FAILURES_MAX = 5
const WINDOW_MS = 15 * 60_000

export type SignInGuard = {
  /** Until when the address is locked; null: it may try. */
  readonly lockedUntil: (email: string) => Promise<Instant | null>
  readonly noteFailure: (email: string) => Promise<void>
  readonly noteSuccess: (email: string) => Promise<void>
}

/**
 * Locks an address after five wrong passwords in fifteen minutes, whoever asks and from wherever: guessing
 * does not get cheaper by asking from many machines. The clock is the one on the wall.
 */
export function guardSignIn(db: Database, sealer: Sealer, wall: Clock): SignInGuard {
  const hashOf = (email: string): Buffer => sealer.hash('login', email.trim().toLowerCase())
  return {
    lockedUntil: async (email) => {
      const since = formatInstant(instant(wall.now() - WINDOW_MS))
      const failures = await listFailures(db, hashOf(email), since)
      const oldest = failures.at(-FAILURES_MAX)
      return oldest === undefined ? null : instant(oldest + WINDOW_MS)
    },
    noteFailure: (email) => insertFailure(db, hashOf(email), formatInstant(wall.now())),
    noteSuccess: (email) => deleteFailures(db, hashOf(email)),
  }
}
