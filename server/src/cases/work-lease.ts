import { formatInstant, type Instant, instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../platform/db/index.ts'
import {
  deleteLease,
  deleteLeases,
  extendLease,
  findLease,
  type Lease,
  type LeaseKey,
  type LeaseTerms,
  lockTaker,
  overrideLease,
  takeFirst,
} from './lease-store.ts'

export type { Lease, LeaseKey } from './lease-store.ts'

/** How long a lease lasts without a sign of its holder, on the wall: a closed laptop frees a borrower soon. */
const LEASE_MS = 90_000
/** Somebody else may take a candidate between reading and taking it: how often another is tried. */
const TRIES_MAX = 20

/** Who takes, by the clock on the wall. */
export type Taker = { readonly userId: string; readonly wall: Instant }

/**
 * Takes the first of these borrowers whom nobody else works on, and lets go of everybody else the person held.
 * Two who ask at once never get the same one: the row of the borrower decides.
 */
export async function takeLease(
  tx: Tx,
  wanted: readonly LeaseKey[],
  taker: Taker,
): Promise<LeaseKey | null> {
  const terms = termsOf(taker)
  await lockTaker(tx, taker.userId)
  for (let tried = 0; tried < Math.min(TRIES_MAX, wanted.length); tried += 1) {
    const taken = await takeFirst(tx, wanted, terms)
    if (taken === null) continue
    await deleteLeases(tx, { userId: taker.userId, but: taken.borrowerId })
    return taken
  }
  return null
}

/** Takes a borrower from whoever holds them; who that was, for the audit. */
export async function takeOver(tx: Tx, key: LeaseKey, taker: Taker): Promise<Lease | null> {
  await lockTaker(tx, taker.userId)
  const before = await findLease(tx, { ...key, now: formatInstant(taker.wall) })
  await overrideLease(tx, key, termsOf(taker))
  await deleteLeases(tx, { userId: taker.userId, but: key.borrowerId })
  return before
}

/** Keeps a lease while its case is on the screen; false when it ran out or was taken over. */
export async function renewLease(db: Database, borrowerId: string, taker: Taker): Promise<boolean> {
  return extendLease(db, borrowerId, termsOf(taker))
}

export async function releaseLease(sql: Sql, borrowerId: string, userId: string): Promise<void> {
  await deleteLease(sql, { borrowerId, userId })
}

export async function readLease(
  sql: Sql,
  { borrowerId, wall }: { borrowerId: string; wall: Instant },
): Promise<Lease | null> {
  return findLease(sql, { borrowerId, now: formatInstant(wall) })
}

/** Whoever changes something of a borrower holds the lease: what ran out or was taken over changes nothing. */
export async function assertLease(
  sql: Sql,
  borrowerId: string,
  { userId, wall }: Taker,
): Promise<Result<Lease, { readonly holder: string | null }>> {
  const lease = await readLease(sql, { borrowerId, wall })
  return lease?.userId === userId ? ok(lease) : refused({ holder: lease?.name ?? null })
}

function termsOf({ userId, wall }: Taker): LeaseTerms {
  return { userId, now: formatInstant(wall), until: formatInstant(instant(wall + LEASE_MS)) }
}
