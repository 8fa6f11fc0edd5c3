import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, epochDay } from '@dunlin/kernel'
import fc from 'fast-check'
import { decideErasure } from './decide-erasure.ts'

const facts = fc.record({
  outstandingMinor: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 9_999_999n })),
  openCases: fc.nat(2),
  openMatters: fc.nat(2),
  lastOn: fc.integer({ min: 18_000, max: 22_000 }).map(epochDay),
  retentionYears: fc.integer({ min: 1, max: 10 }),
})

test('nothing goes while something is owed or open, or before its day; then it may', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 17_000, max: 27_000 }), (given, on) => {
      const today = epochDay(on)
      const decision = decideErasure(given, today)
      const isFree =
        given.outstandingMinor === 0n && given.openCases === 0 && given.openMatters === 0
      assert.equal(decision.mayErase, isFree && today >= decision.earliestOn)
      assert.ok(decision.earliestOn > given.lastOn)
    }),
    { seed: 3, numRuns: 500 },
  )
})

test('the term ends on the same day of the year; a leap day’s on the last of February', () => {
  const settled = { outstandingMinor: 0n, openCases: 0, openMatters: 0, retentionYears: 5 }
  // 2024-02-29 → 2029-02-28.
  const lastOn = epochDay(19_782)
  const { earliestOn } = decideErasure({ ...settled, lastOn }, lastOn)
  assert.equal(earliestOn, 21_608)
  assert.equal(decideErasure({ ...settled, lastOn }, earliestOn).mayErase, true)
  assert.equal(decideErasure({ ...settled, lastOn }, addDays(earliestOn, -1)).mayErase, false)
})
