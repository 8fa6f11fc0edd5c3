import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, epochDay } from '@dunlin/kernel'
import fc from 'fast-check'
import { decidePromise, lastDayOf } from './decide-promise.ts'

const terms = fc.record({
  amountMinor: fc.bigInt({ min: 1n, max: 10n ** 12n }),
  dueOn: fc.integer({ min: 18_000, max: 24_000 }).map(epochDay),
  graceDays: fc.integer({ min: 0, max: 30 }),
  keepsAtPercent: fc.integer({ min: 1, max: 100 }),
})
const paid = fc.bigInt({ min: 0n, max: 10n ** 12n })
const days = fc.integer({ min: -40, max: 40 })
const given = { seed: 20_260_601, numRuns: 500 }

test('a promise is open until its last day is over, and never after it', () => {
  fc.assert(
    fc.property(terms, paid, days, (promise, paidMinor, shift) => {
      const today = addDays(lastDayOf(promise), shift)
      const state = decidePromise(promise, { paidMinor, isCured: false, today })
      assert.equal(state === 'open', state !== 'kept' && shift <= 0)
    }),
    given,
  )
})

test('more paid never makes a promise worse', () => {
  const rank = { broken: 0, 'part-kept': 1, open: 2, kept: 3 }
  fc.assert(
    fc.property(terms, paid, paid, days, (promise, a, b, shift) => {
      const today = addDays(promise.dueOn, shift)
      const [less, more] = a < b ? [a, b] : [b, a]
      const facts = { isCured: false, today }
      const worse = decidePromise(promise, { ...facts, paidMinor: less })
      const better = decidePromise(promise, { ...facts, paidMinor: more })
      assert.ok(rank[better] >= rank[worse])
    }),
    given,
  )
})

test('the whole amount, or the share that was agreed to be enough, keeps it on any day; one cent less does not', () => {
  fc.assert(
    fc.property(terms, days, (promise, shift) => {
      const today = addDays(promise.dueOn, shift)
      const share = (promise.amountMinor * BigInt(promise.keepsAtPercent) + 99n) / 100n
      const facts = { isCured: false, today }
      assert.equal(decidePromise(promise, { ...facts, paidMinor: share }), 'kept')
      assert.notEqual(decidePromise(promise, { ...facts, paidMinor: share - 1n }), 'kept')
    }),
    given,
  )
})

test('broken means that nothing was paid; a cured case keeps every promise', () => {
  const promise = {
    amountMinor: 5_000n,
    dueOn: epochDay(20_000),
    graceDays: 2,
    keepsAtPercent: 100,
  }
  const after = epochDay(20_003)
  const on = (paidMinor: bigint, isCured = false) =>
    decidePromise(promise, { paidMinor, isCured, today: after })
  assert.deepEqual(
    [on(0n), on(1n), on(4_999n), on(5_000n), on(0n, true)],
    ['broken', 'part-kept', 'part-kept', 'kept', 'kept'],
  )
})
