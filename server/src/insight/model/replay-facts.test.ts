import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LoanSpan, REPLAY_FACTS, type Standing } from './replay-facts.ts'

const CURRENT: Standing = { pastDueDays: 0, dpd: 0, arrearsMinor: 0, outstandingMinor: 1000 }
const late = (dpd: number): Standing => ({
  pastDueDays: dpd,
  dpd,
  arrearsMinor: 300,
  outstandingMinor: 1000,
})
const PAID_OFF: Standing = { ...CURRENT, outstandingMinor: 0 }

function span(start: Standing, end: Standing, more: Partial<LoanSpan> = {}): LoanSpan {
  return {
    ...{ borrowerId: '1', caseId: null, disbursedMonth: '2026-01', start, end },
    ...{ paidMinor: 0, wasLate30: false, storedOutstandingMinor: end.outstandingMinor },
    ...more,
  }
}
const factsOf = (name: string, loan: LoanSpan) => REPLAY_FACTS[name]?.(loan) ?? []

test('a loan stands above the line of one cell of its row, and below that of all', () => {
  for (const [start, end, cell] of [
    [CURRENT, CURRENT, 'M0 → M0'],
    [late(1), late(31), 'M1 → M2'],
    [late(30), PAID_OFF, 'M1 → closed'],
    [late(180), late(210), 'M6 → M7+'],
    [late(181), late(400), 'M7+ → M7+'],
    [late(60), CURRENT, 'M2 → M0'],
  ] as const) {
    const facts = factsOf('roll_matrix', span(start, end))
    assert.deepEqual(
      facts.filter(({ numerator }) => numerator === 1).map(({ cohort }) => cohort),
      [cell],
    )
    assert.ok(facts.every(({ denominator }) => denominator === 1))
    assert.equal(facts.length, 9)
  }
  assert.deepEqual(factsOf('roll_matrix', span(PAID_OFF, PAID_OFF)), [])
})

test('a cure is not past due at the end, paid off or not; what stays in its bucket has not got worse', () => {
  const figure = (name: string, end: Standing) => factsOf(name, span(late(45), end))[0]?.numerator
  assert.deepEqual(
    [CURRENT, PAID_OFF, late(10), late(60), late(61)].map((end) => figure('cure_rate', end)),
    [1, 1, 0, 0, 0],
  )
  assert.deepEqual(
    [CURRENT, late(10), late(60), late(61)].map((end) => figure('resolution_rate', end)),
    [1, 1, 1, 0],
  )
  assert.deepEqual(factsOf('cure_rate', span(CURRENT, CURRENT)), [])
})

test('the flow into a bucket is measured against the bucket before it', () => {
  assert.deepEqual(factsOf('flow_rate', span(late(20), late(50))), [
    { cohort: 'M1 → M2', numerator: 0, denominator: 1000 },
    { cohort: 'M1 → M2', numerator: 1000, denominator: 0 },
  ])
  assert.deepEqual(factsOf('flow_rate', span(late(200), late(230))), [
    { cohort: 'M6 → M7+', numerator: 1000, denominator: 0 },
  ])
})

test('what was paid beyond the arrears at the start recovers no more than those', () => {
  const [fact] = factsOf('recovery_rate', span(late(5), PAID_OFF, { paidMinor: 1000 }))
  assert.deepEqual(fact, { cohort: 'M1', numerator: 300, denominator: 300 })
  assert.deepEqual(factsOf('recovery_rate', span(CURRENT, CURRENT, { paidMinor: 50 })), [])
})
