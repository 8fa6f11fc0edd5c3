import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, epochDay } from '@dunlin/kernel'
import { decideForgotten, FORGOTTEN_REASONS, forgottenBefore } from './forgotten.ts'

const rules = { forgottenDays: 14, approvalDays: 3 }
const today = epochDay(20_000)
const after = (reason: (typeof FORGOTTEN_REASONS)[number], days: number) =>
  decideForgotten({ reason, sinceOn: addDays(today, -days) }, { today, rules })

test('a case is forgotten on the day after so many silent ones, a deadline on the day after it', () => {
  assert.equal(after('silent', 14), null)
  assert.deepEqual(after('silent', 15), { lateDays: 1, period: 0 })
  assert.equal(after('matter-late', 0), null)
  assert.deepEqual(after('matter-late', 1), { lateDays: 1, period: 0 })
  assert.equal(after('approval-late', 3), null)
  assert.deepEqual(after('approval-late', 4), { lateDays: 1, period: 0 })
  assert.equal(after('silent', -30), null)
})

test('each further period begins after as many days again', () => {
  assert.equal(after('silent', 28)?.period, 0)
  assert.equal(after('silent', 29)?.period, 1)
  assert.equal(after('matter-late', 14)?.period, 0)
  assert.equal(after('matter-late', 15)?.period, 1)
})

test('the store asks for exactly what is decided to be forgotten', () => {
  for (const reason of FORGOTTEN_REASONS)
    for (let days = -2; days < 40; days += 1) {
      const isAsked = addDays(today, -days) < forgottenBefore(reason, { today, rules })
      assert.equal(isAsked, after(reason, days) !== null, `${reason} ${days}`)
    }
})
