import {
  addDays,
  type EpochDay,
  type Instant,
  localDay,
  required,
  utcDate,
  zoneNamed,
} from '@dunlin/kernel'
import { wakeCases } from '../cases/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { decidePromise, lastDayOf } from './model/decide-promise.ts'
import {
  listOverdue,
  listPromisesOf,
  type StoredPromise,
  sumPaid,
  updatePromise,
} from './promise-store.ts'

export type JudgeOptions = { readonly reactions: Reactions; readonly at: Instant }

/** Promises judged in one transaction. */
const BATCH_BORROWERS = 500

/**
 * Judges every promise of these borrowers by the ledger, in the caller's transaction, and tells what
 * changed. Also those judged before: a payment known late keeps a broken promise, a reversal breaks a kept one.
 */
async function judgePromises(
  tx: Tx,
  borrowerIds: readonly string[],
  { reactions, at }: JudgeOptions,
): Promise<number> {
  const promises = await listPromisesOf(tx, [...new Set(borrowerIds)])
  const events: DomainEvent[] = []
  for (const promise of promises) {
    const today = localDay(required(zoneNamed(promise.zone), `zone ${promise.zone}`), at)
    const state = decidePromise(promise, {
      paidMinor: await paidFor(tx, promise),
      isCured: promise.curedOn !== null && promise.curedOn <= lastDayOf(promise),
      today,
    })
    if (state === promise.state) continue
    await updatePromise(tx, promise, { state, on: today })
    await wakeCases(tx, [{ ...promise, on: today }])
    events.push(toEvent(promise, state))
  }
  await reactions.publish(tx, events, at)
  return events.length
}

async function paidFor(tx: Tx, promise: StoredPromise): Promise<bigint> {
  const { borrowerId, caseId, madeOn, knownBeforeMinor } = promise
  const window = { borrowerId, caseId, from: madeOn, until: lastDayOf(promise) }
  const counted = (await sumPaid(tx, window)) - knownBeforeMinor
  return counted > 0n ? counted : 0n
}

function toEvent(
  { borrowerId, promiseId, caseId }: StoredPromise,
  state: StoredPromise['state'],
): DomainEvent {
  return { name: EVENT_OF[state], borrowerId, payload: { promiseId, caseId } }
}

const EVENT_OF = {
  open: 'promise.reopened',
  kept: 'promise.kept',
  'part-kept': 'promise.part-kept',
  broken: 'promise.broken',
} as const

/** Judges every open promise whose last day is over, anywhere on earth, batch by batch; how many changed. */
export async function judgeOverduePromises(db: Database, options: JudgeOptions): Promise<number> {
  // Somewhere it may be a day later than in UTC; `decidePromise` knows each portfolio's own day.
  const before: EpochDay = addDays(utcDate(options.at), 1)
  let changed = 0
  let after = '0'
  for (;;) {
    const ids = await db.transaction(async (tx) => {
      const found = await listOverdue(tx, { before, after, limit: BATCH_BORROWERS })
      if (found.length === 0) return found
      await lockBorrowers(tx, found)
      changed += await judgePromises(tx, found, options)
      return found
    })
    const last = ids.at(-1)
    if (last === undefined) return changed
    after = last
  }
}

/**
 * Whatever changes a loan may keep or break a promise, in the same transaction; so may a case that ends,
 * which is also how payments of a file are heard of.
 */
export function reactToLoans(reactions: Reactions): void {
  for (const name of ['loan.changed', 'case.cured', 'case.closed'] as const) {
    reactions.on(name, async (tx, events, at) => {
      const borrowerIds = events.map((event) => event.borrowerId)
      await judgePromises(tx, borrowerIds, { reactions, at })
    })
  }
}
