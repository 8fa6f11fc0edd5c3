import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, epochDay } from '@dunlin/kernel'
import fc from 'fast-check'
import { foldLoan } from './fold-loan.ts'
import { ageLoan, dpdOn } from './loan-row.ts'
import { productOptions } from './product-options.ts'
import { anEventList, START } from './test-events.ts'

test('what a loan stores is the fold of every day until its next change', () => {
  fc.assert(
    fc.property(
      anEventList(),
      fc.integer({ min: 0, max: 120 }),
      fc.constantFrom('subtract' as const, 'threshold' as const),
      (events, offset, graceMode) => {
        const product = productOptions({ graceDays: 3, graceMode })
        const asOf = addDays(START, offset)
        const row = ageLoan(product, events, asOf)
        const until = Math.min(row.nextChangeOn ?? asOf + 60, asOf + 60)
        assert.ok(row.nextChangeOn === null || row.nextChangeOn > asOf)
        for (let day = asOf; day < until; day = epochDay(day + 1)) {
          const state = foldLoan({ product, events, asOf: day })
          assert.equal(dpdOn(row, day), state.dpd, `dpd on ${day - START}`)
          assert.deepEqual(row.arrears, state.arrears)
          assert.equal(row.outstandingMinor, state.outstandingMinor)
          assert.equal(row.creditMinor, state.creditMinor)
          assert.equal(row.status, state.status)
          assert.equal(row.nextDueOn, state.nextDueOn)
        }
      },
    ),
    { seed: 11, numRuns: 400 },
  )
})
