import {
  addDays,
  type EpochDay,
  epochDay,
  type Instant,
  localDay,
  required,
  utcDate,
  zoneNamed,
} from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import { lockBorrowers } from '../../loanbook/index.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../../platform/events/index.ts'
import { withoutPlans } from '../agreements/plan-effects.ts'
import { type CaseLedger, listCures, listPayments } from '../ledgers.ts'
import { decidePromise, lastDayOf, type PromiseState } from '../model/decide-promise.ts'
import { readLedgers } from '../read-ledgers.ts'
import { listOverdue, listPromisesOf, type StoredPromise, updatePromise } from './promise-store.ts'

export type JudgeOptions = { readonly reactions: Reactions; readonly at: Instant }

/** Promises judged in one transaction. */
const BATCH_BORROWERS = 500

/**
 * Judges every promise of these borrowers by the ledger, in the caller's transaction, and tells what
 * changed. Also those judged before: a payment known late keeps a broken promise, a reversal breaks a kept one.
 */
export async function judgePromises(
  tx: Tx,
  borrowerIds: readonly string[],
  { reactions, at }: JudgeOptions,
): Promise<number> {
  const promises = await listPromisesOf(tx, [...new Set(borrowerIds)])
  const events: DomainEvent[] = []
  const ledgers = new Map<string, CaseLedger[]>()
  for (const promise of promises) {
    const key = `${promise.borrowerId} ${promise.lender} ${promise.currency}`
    const known = ledgers.get(key) ?? withoutPlans(await readLedgers(tx, promise))
    ledgers.set(key, known)
    const today = localDay(required(zoneNamed(promise.zone), `zone ${promise.zone}`), at)
    const state = judge(promise, known, today)
    if (state === promise.state) continue
    await updatePromise(tx, promise, { state, on: today })
    await wakeCases(tx, [{ ...promise, on: today }])
    events.push(toEvent(promise, state))
  }
  await reactions.publish(tx, events, at)
  return events.length
}

function judge(
  promise: StoredPromise,
  ledgers: readonly CaseLedger[],
  today: EpochDay,
): PromiseState {
  const { madeOn, knownBefore } = promise
  const counted = new Set(knownBefore)
  const payments = listPayments(ledgers, { from: madeOn, today }).filter(
    ({ id }) => !counted.has(id),
  )
  const paid = decidePromise(promise, { madeOn, today, payments, cures: [] })
  // Folding for cures costs more, and only makes better what payments alone did not keep.
  if (paid === 'kept') return paid
  const until = epochDay(Math.min(today, lastDayOf(promise)))
  const cures = listCures(ledgers, { from: madeOn, until })
  return decidePromise(promise, { madeOn, today, payments, cures })
}

const EVENT_OF = {
  open: 'promise.reopened',
  kept: 'promise.kept',
  'part-kept': 'promise.part-kept',
  broken: 'promise.broken',
} as const

function toEvent(
  { borrowerId, promiseId, caseId }: StoredPromise,
  state: PromiseState,
): DomainEvent {
  return { name: EVENT_OF[state], borrowerId, payload: { promiseId, caseId } }
}

/** Judges every open promise of which a part's last day is over, anywhere on earth, batch by batch; how many changed. */
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
