import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GrantNews, type GrantState, nextState } from './grant-state.ts'
import { lintText } from './lint-text.ts'

const STATES: readonly GrantState[] = [
  'granted',
  'placing',
  'waiting',
  'paid',
  'withdrawing',
  'withdrawn',
  'owed-back',
  'failed',
]
const NEWS: readonly GrantNews[] = [
  'promise-lost',
  'promise-kept',
  'transfer-waits',
  'transfer-paid',
  'transfer-ended',
]
const transfer = { kind: 'transfer' } as const

test('money that has gone is never called withdrawn, granted or failed again, whatever news follows', () => {
  const reached = new Set<GrantState>(['paid'])
  for (const state of reached)
    for (const news of NEWS) reached.add(nextState(state, news, transfer))
  assert.deepEqual([...reached].sort(), ['owed-back', 'paid'])
})

test('nothing is paid but by the platform’s word or, once paid, by a promise kept after all', () => {
  for (const state of STATES) {
    for (const news of NEWS) {
      if (nextState(state, news, transfer) !== 'paid' || state === 'paid') continue
      assert.ok(news === 'transfer-paid' || (news === 'promise-kept' && state === 'owed-back'))
    }
  }
})

test('the same news twice changes nothing more, but that a promise lost again takes back again', () => {
  for (const state of STATES) {
    for (const news of NEWS) {
      const once = nextState(state, news, transfer)
      const twice = nextState(once, news, transfer)
      const isLate =
        state === 'withdrawn' && (news === 'transfer-waits' || news === 'transfer-paid')
      if (!isLate) assert.equal(twice, once, `${state} ${news}`)
    }
  }
})

test('a call that arrives after the withdrawal is taken back, or owed', () => {
  assert.equal(nextState('withdrawn', 'transfer-waits', transfer), 'withdrawing')
  assert.equal(nextState('withdrawn', 'transfer-paid', transfer), 'owed-back')
})

test('the declared text says repayment, and neither silence, borrowing nor pressure, however it is written', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['按约定日期还款', []],
    ['on-time repayment reward', []],
    ['不投 诉，还款有奖', ['silence']],
    ['还款后提 额', ['new-borrowing']],
    ['还款享ＮＥＷ ＬＯＡＮ', ['new-borrowing']],
    ['按时还款，否则取消', ['pressure']],
    ['新春红包', ['not-true']],
    [`还款${'奖'.repeat(31)}`, ['too-long']],
  ]
  for (const [text, faults] of cases) assert.deepEqual(lintText(text), faults, text)
})
