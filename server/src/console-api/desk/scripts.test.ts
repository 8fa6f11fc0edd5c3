import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lintContent } from '@dunlin/policy'
import { loadPolicy } from '../../platform/packs.ts'
import { fillIn, REPLIES, SCRIPTS, scriptOf } from './scripts.ts'

const WORDS = {
  ...{ lender: '示例消费金融', agent: '演示', name: '王*', dpd: '5', amount: '1,280.50' },
  ...{ contactLine: '400-000-0000', complaintLine: '400-000-0001' },
}

/** What the shipped overlay and the mainland pack have against the words themselves. */
function faultsOf(text: string, language: 'zh-CN' | 'en'): string[] {
  const policy = loadPolicy(['cn', 'lender-default']) ?? assert.fail('packs')
  return lintContent(policy, { text, language, channel: 'sms', kind: 'reply', purpose: 'collect' })
    .filter(({ blocks, start, end }) => blocks && end > start)
    .map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`)
}

test('nothing that agents are told to say or answer is forbidden, and every name in it is known', () => {
  const lines = [...SCRIPTS.flatMap((script) => script.lines), ...REPLIES]
  assert.ok(lines.length > 20)
  for (const { zh, en } of lines) {
    for (const [text, language] of [
      [zh, 'zh-CN'],
      [en, 'en'],
    ] as const) {
      const filled = fillIn(text, WORDS)
      assert.deepEqual(faultsOf(filled, language), [], filled)
      assert.doesNotMatch(filled, /\{\{/)
    }
  }
})

test('what speaks of a debt comes after the identity in every script', () => {
  for (const { id, lines } of SCRIPTS) {
    const asked = lines.findIndex(({ key }) => key === 'identity')
    assert.ok(asked >= 0, id)
    for (const [place, { zh, after }] of lines.entries()) {
      if (/\{\{(amount|dpd)\}\}/.test(zh)) assert.equal(after, 'identity', `${id} ${zh}`)
      if (after === 'identity') assert.ok(place > asked, `${id} ${zh}`)
    }
  }
})

test('a stage that no script names is late', () => {
  assert.equal(scriptOf('S1').id, 'cn-call-early')
  assert.equal(scriptOf('M9').id, 'cn-call-late')
  assert.equal(scriptOf(null).id, 'cn-call-late')
})
