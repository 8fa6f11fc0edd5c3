import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, type EpochDay, epochDay } from '@dunlin/kernel'
import fc from 'fast-check'
import {
  amountOf,
  decidePromise,
  dueOf,
  lastDayOf,
  type PromiseFacts,
  type PromisePart,
  type PromiseTerms,
} from './decide-promise.ts'

const MADE = epochDay(20_000)
const day = (offset: number): EpochDay => addDays(MADE, offset)

const parts = fc
  .array(
    fc.record({ gap: fc.integer({ min: 0, max: 20 }), amount: fc.bigInt({ min: 1n, max: 500n }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((drafts) => {
    let at = 0
    return drafts.map(({ gap, amount }): PromisePart => {
      at += gap
      return { dueOn: day(at), amountMinor: amount }
    })
  })
const terms: fc.Arbitrary<PromiseTerms> = fc.record({
  parts,
  graceDays: fc.integer({ min: 0, max: 5 }),
  keepsAtPercent: fc.integer({ min: 1, max: 100 }),
})
const payments = fc.array(
  fc.record({
    on: fc.integer({ min: -3, max: 90 }).map(day),
    amountMinor: fc.bigInt({ min: 1n, max: 600n }),
  }),
  { maxLength: 6 },
)
const cures = fc.array(fc.integer({ min: -3, max: 90 }).map(day), { maxLength: 1 })
const facts: fc.Arbitrary<PromiseFacts> = fc.record({
  madeOn: fc.constant(MADE),
  today: fc.integer({ min: 0, max: 100 }).map(day),
  payments,
  cures,
})
const given = { seed: 20_260_601, numRuns: 2_000 }
const rank = { broken: 0, 'part-kept': 1, open: 2, kept: 3 }

test('after its last day a promise is decided, and never open; before its first deadline it is never broken', () => {
  fc.assert(
    fc.property(terms, facts, (promise, known) => {
      const state = decidePromise(promise, known)
      if (known.today > lastDayOf(promise)) assert.notEqual(state, 'open')
      const first = promise.parts[0]
      if (first !== undefined && known.today <= addDays(first.dueOn, promise.graceDays))
        assert.ok(state === 'open' || state === 'kept')
    }),
    given,
  )
})

test('one more payment never makes a promise worse', () => {
  fc.assert(
    fc.property(terms, facts, payments, (promise, known, more) => {
      const before = decidePromise(promise, known)
      const after = decidePromise(promise, { ...known, payments: [...known.payments, ...more] })
      assert.ok(rank[after] >= rank[before], `${before} → ${after}`)
    }),
    given,
  )
})

test('the order in which payments are known changes nothing', () => {
  fc.assert(
    fc.property(terms, facts, (promise, known) => {
      const turned = { ...known, payments: known.payments.toReversed() }
      assert.equal(decidePromise(promise, turned), decidePromise(promise, known))
    }),
    given,
  )
})

test('all of it on the day it was made, or the share that is enough, keeps it; one unit less does not', () => {
  fc.assert(
    fc.property(terms, fc.integer({ min: 0, max: 100 }).map(day), (promise, today) => {
      const share = (amountOf(promise.parts) * BigInt(promise.keepsAtPercent) + 99n) / 100n
      const paying = (amountMinor: bigint) =>
        decidePromise(promise, {
          madeOn: MADE,
          today,
          payments: [{ on: MADE, amountMinor }],
          cures: [],
        })
      assert.equal(paying(share), 'kept')
      if (share > 1n) assert.notEqual(paying(share - 1n), 'kept')
    }),
    given,
  )
})

test('a part that is missed breaks it at once, a part paid in time keeps it open, and a late payment cannot mend it', () => {
  const promise: PromiseTerms = {
    parts: [
      { dueOn: day(5), amountMinor: 1_000n },
      { dueOn: day(20), amountMinor: 2_000n },
    ],
    graceDays: 1,
    keepsAtPercent: 100,
  }
  const on = (today: number, ...paid: readonly (readonly [number, bigint])[]) =>
    decidePromise(promise, {
      madeOn: MADE,
      today: day(today),
      payments: paid.map(([at, amountMinor]) => ({ on: day(at), amountMinor })),
      cures: [],
    })
  assert.equal(on(6), 'open')
  assert.equal(on(7), 'broken')
  assert.equal(on(7, [6, 1_000n]), 'open')
  assert.equal(on(7, [7, 1_000n]), 'part-kept')
  assert.equal(on(21, [6, 1_000n], [21, 2_000n]), 'kept')
  assert.equal(on(22, [6, 1_000n], [22, 2_000n]), 'part-kept')
  assert.equal(on(8, [7, 3_000n]), 'part-kept')
  assert.equal(dueOf(promise.parts), day(20))
})

test('a cure in its days keeps it; one before it was made, or after a missed part, does not', () => {
  const promise: PromiseTerms = {
    parts: [{ dueOn: day(5), amountMinor: 1_000n }],
    graceDays: 0,
    keepsAtPercent: 100,
  }
  const cured = (on: number) =>
    decidePromise(promise, { madeOn: MADE, today: day(30), payments: [], cures: [day(on)] })
  assert.deepEqual([cured(-1), cured(0), cured(5), cured(6)], ['broken', 'kept', 'kept', 'broken'])
})
