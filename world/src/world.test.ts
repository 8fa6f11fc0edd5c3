import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { type Action, amountIn, borrowerOf, react } from './index.ts'

const at = instant(Date.UTC(2026, 10, 24))
const text = '【示例金融】您的借款已逾期，应还1,234.50元，请于11月30日前还款。拒收请回复R'
const people = Array.from({ length: 2000 }, (_, index) => borrowerOf(7, `b${index}`))

function actionsOf(ordinal: number, words = text): readonly Action[] {
  return people.flatMap((person) => react(person, { channel: 'sms', text: words, ordinal }, at))
}

test('the same seed, person and message give the same actions, another seed gives another world', () => {
  assert.deepEqual(actionsOf(1), actionsOf(1))
  const other = people.map(({ id }) => borrowerOf(8, id).traits.character)
  assert.notDeepEqual(
    other,
    people.map(({ traits }) => traits.character),
  )
})

test('people differ: some pay, some answer, some say stop, most never complain', () => {
  const actions = actionsOf(3)
  const topics = Object.groupBy(
    actions.filter((action) => action.kind === 'reply'),
    ({ topic }) => topic,
  )
  const paid = actions.filter(({ kind }) => kind === 'pay').length
  assert.ok(paid > 400 && paid < 1200, `${paid} paid`)
  for (const topic of ['stop', 'promise', 'hardship', 'complaint', 'wrong-number'] as const) {
    assert.ok((topics[topic]?.length ?? 0) > 10, topic)
  }
  assert.ok((topics.complaint?.length ?? 0) < 120)
})

test('nobody acts before the message came, or pays more than it asks for', () => {
  for (const action of actionsOf(1)) {
    assert.ok(action.at >= at)
    if (action.kind === 'pay') assert.ok(action.amountMinor > 0n && action.amountMinor <= 123450n)
  }
})

test('nobody pays on a message that states no amount', () => {
  assert.equal(
    actionsOf(1, '请联系我们').some(({ kind }) => kind === 'pay'),
    false,
  )
})

test('the amount is read as written, not from numbers that are no amount', () => {
  assert.equal(amountIn('应还1,234.50元', 'CNY'), 123450n)
  assert.equal(amountIn('应还 0.07 元', 'CNY'), 7n)
  assert.equal(amountIn('电话400-555-0100，11月30日', 'CNY'), null)
  assert.equal(amountIn('版本1.2.34', 'CNY'), null)
})
