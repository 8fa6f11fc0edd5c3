import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPack } from '../../platform/packs.ts'
import { senderForms } from './sender-address.ts'
import { isStopWord } from './stop-word.ts'

const words = readPack('cn')?.stopWords ?? []

test('every form of a stop word that a phone can write stops', () => {
  const forms = [
    ...['R', 'r', 'Ｒ', 'ｒ', ' R ', 'R。', '“R”', 'R!', 'R\n', '\u200bR\u200e', '【R】', 'R～'],
    ...['T', 'TD', 'td.', 'Ｔ Ｄ', 'T.D.', 'N', 'n', 'STOP', 'Stop!', 'ＳＴＯＰ', 's t o p'],
    ...[
      '停止',
      '退订',
      '退 订',
      '拒收',
      '「退订」',
      '不要再发',
      '不要再发！！！',
      '不要再发了'.slice(0, 4),
    ],
  ]
  for (const form of forms) assert.equal(isStopWord(form, words), true, JSON.stringify(form))
})

test('what only contains a stop word, or nothing at all, stops nothing', () => {
  for (const text of [
    '',
    '。',
    'RR',
    'NO',
    '不',
    '请不要停止',
    'stop by',
    '为什么退订不了',
    '我没说停止',
    'x'.repeat(300),
  ]) {
    assert.equal(isStopWord(text, words), false, JSON.stringify(text))
  }
})

test('the pack lists every word of the ruling', () => {
  for (const word of ['R', 'T', 'TD', 'N', 'STOP', '停止', '退订', '拒收', '不要再发']) {
    assert.ok(words.includes(word), word)
  }
})

test('a sender is looked for in international form, with and without the country code', () => {
  assert.deepEqual(senderForms('sms', '19900001234', '86'), ['+8619900001234', '+19900001234'])
  assert.deepEqual(senderForms('sms', '8619900001234', '86'), [
    '+868619900001234',
    '+8619900001234',
  ])
  assert.deepEqual(senderForms('sms', '+8619900001234', '86'), ['+8619900001234'])
  assert.deepEqual(senderForms('sms', 'BANK', '86'), [])
  assert.deepEqual(senderForms('email', ' Wang@Example.com ', '86'), ['wang@example.com'])
})
