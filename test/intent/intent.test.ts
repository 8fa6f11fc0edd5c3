import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { intentModelFile } from '../../scripts/intent-model.ts'
import { readLabelled } from '../../scripts/labelled-messages.ts'
import { classifyIntent, INTENTS } from '../../server/src/conversations/model/index.ts'

const MODEL = '../../server/src/conversations/model/generated/intent-model.ts'

test('training again gives the same bytes', () => {
  assert.equal(intentModelFile(), readFileSync(join(import.meta.dirname, MODEL), 'utf8'))
})

test('there are 1,500 labelled messages, half of them held out, in every class and in both languages', () => {
  const held = readLabelled('held-out')
  const development = readLabelled('development')
  assert.ok(held.length >= 750 && held.length + development.length >= 1_500)
  for (const half of [held, development]) {
    for (const intent of INTENTS) {
      const texts = half.filter((each) => each.intent === intent).map(({ text }) => text)
      const latin = texts.filter((text) => /^[\x20-\x7f]+$/.test(text)).length
      assert.ok(texts.length >= 70, intent)
      assert.ok(latin >= 15 && texts.length - latin >= 35, `${intent} ${latin}`)
    }
  }
})

test('no message stands in both halves, nor under two classes', () => {
  const all = [...readLabelled('held-out'), ...readLabelled('development')]
  const counts = Map.groupBy(all, ({ text }) => text)
  const twice = [...counts].filter(([, group]) => group.length > 1).map(([text]) => text)
  assert.deepEqual(twice, [])
})

test('on the half that another hand wrote, two of three are named right, and 17 of 20 when it is sure', () => {
  const held = readLabelled('held-out').map(({ text, intent }) => ({
    intent,
    said: classifyIntent(text).intent,
  }))
  const right = held.filter(({ intent, said }) => said === intent).length
  const sure = held.filter(({ said }) => said !== 'unsure').length
  assert.ok(right / held.length >= 2 / 3, `${right} of ${held.length}`)
  assert.ok(right / sure >= 17 / 20, `${right} of ${sure}`)
})

test('a stop word inside a wish to keep something stops nothing', () => {
  for (const text of [
    '我不会再逾期了，别停我的卡',
    '别停我的额度，我明天还',
    '今天还，不要冻结我的账户',
    'please do not stop my card, I will pay tomorrow',
    'Can you stop the interest?',
    '利息什么时候停',
  ]) {
    assert.notEqual(classifyIntent(text).intent, 'stop', text)
  }
})

test('what nobody can make sense of is unsure or other, never an act on the gate', () => {
  for (const text of ['', ' ', '\u0000', '𠮷𠮷𠮷', 'qwe zxc', '9'.repeat(5_000), '🤷']) {
    const { intent } = classifyIntent(text)
    assert.ok(['unsure', 'other', 'question'].includes(intent), `${JSON.stringify(text)} ${intent}`)
  }
})
