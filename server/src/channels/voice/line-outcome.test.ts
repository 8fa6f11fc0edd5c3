import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LINES } from '@dunlin/policy'
import { LINE_OF_CAUSE, lineOf } from './line-outcome.ts'

const unanswered = (cause: string) => lineOf({ cause, isAnswered: false, amdResult: null })

test('every cause in the table gives a line of the gate’s, and no two causes share a code', () => {
  const causes = Object.entries(LINE_OF_CAUSE)
  for (const [cause, { line }] of causes) {
    assert.equal(unanswered(cause), line)
    assert.ok(LINES.includes(line), cause)
    assert.notEqual(line, 'connected', 'an unanswered call never counts as a talk')
  }
  assert.equal(new Set(causes.map(([, { code }]) => code)).size, causes.length)
})

test('only a cause that speaks of the number itself makes it invalid', () => {
  const invalid = Object.keys(LINE_OF_CAUSE).filter((cause) => unanswered(cause) === 'invalid')
  assert.deepEqual(invalid, ['UNALLOCATED_NUMBER', 'NUMBER_CHANGED', 'INVALID_NUMBER_FORMAT'])
})

test('a cause that nobody knows is unknown, also when it is named like a part of every object', () => {
  for (const cause of ['', 'SOMETHING_NEW', 'toString', 'user_busy'])
    assert.equal(unanswered(cause), 'unknown')
})

test('an answered call was answered, whatever ended it; only a machine’s answer is a voicemail', () => {
  for (const cause of [...Object.keys(LINE_OF_CAUSE), 'SOMETHING_NEW']) {
    for (const amdResult of [null, 'HUMAN', 'NOTSURE', 'machine?']) {
      assert.equal(lineOf({ cause, isAnswered: true, amdResult }), 'connected')
    }
    assert.equal(lineOf({ cause, isAnswered: true, amdResult: 'MACHINE' }), 'voicemail')
  }
})
