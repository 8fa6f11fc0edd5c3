import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadPolicy } from '../../../server/src/platform/packs.ts'
import { normaliseText, normaliseWithMap } from '../normalise-text.ts'
import { foldedTextOf, foldText } from './fold-text.ts'
import { lintContent } from './lint-content.ts'

const base = loadPolicy(['cn', 'wecom'])
const full = loadPolicy(['cn', 'wecom', 'lender-default'])
assert.ok(base && full)
const ask = (text: string) =>
  ({ text, language: 'zh-CN', channel: 'wecom', kind: 'reply' }) as const

const odd = fc.constantFrom(
  ...[
    '后果自负',
    '後',
    '果',
    ' ',
    '\u200b',
    '。',
    '老',
    '赖',
    'Ａ',
    'е',
    'l',
    '0',
    '\ud83d',
    '😀',
    'ｶﾞ',
    '각',
    'é',
    '㎏',
    '\n',
  ],
)
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(odd, { maxLength: 40 }).map((parts) => parts.join('')),
)

test('a normalised text is the gate’s, and every unit of it knows a place in the text as given', () => {
  fc.assert(
    fc.property(texts, (text) => {
      for (const { text: read, starts, ends } of [normaliseWithMap(text), foldText(text)]) {
        assert.equal(starts.length, read.length)
        assert.equal(ends.length, read.length)
        starts.forEach((start, at) => {
          assert.ok(start >= 0 && start < (ends[at] ?? 0) && (ends[at] ?? 0) <= text.length)
        })
      }
      assert.equal(normaliseWithMap(text).text, normaliseText(text))
      assert.equal(foldText(text).text, foldedTextOf(text))
    }),
    { seed: 7, numRuns: 2_000 },
  )
})

test('every finding lies within the text and quotes it; the overlay never finds less', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const all = lintContent(full, ask(text))
      for (const { start, end, text: quoted } of all) {
        assert.ok(0 <= start && start <= end && end <= text.length)
        assert.equal(text.slice(start, end), quoted)
      }
      const found = new Set(all.map(({ rule }) => rule))
      for (const { rule } of lintContent(base, ask(text))) assert.ok(found.has(rule))
    }),
    { seed: 7, numRuns: 500 },
  )
})

const DISGUISED = [
  ['请注意后 果 自 负。', '后 果 自 负'],
  ['後\u200b果自負', '後\u200b果自負'],
  ['你这个 laolai 听着', 'laolai'],
  ['You l0ser', 'l0ser'],
  ['你这个老lai听着', '老lai'],
  ['进hei名dan', 'hei名dan'],
  ['找别的网贷撸一笔先还这个', '找别的网贷撸'],
  ['we will h u r t you', 'h u r t you'],
] as const
for (const [text, quoted] of DISGUISED) {
  test(`a disguised phrase is found at its place: ${JSON.stringify(text)}`, () => {
    const found = lintContent(full, ask(text)).map((finding) => finding.text)
    assert.ok(found.includes(quoted), JSON.stringify(found))
  })
}

test('segmentation lowers a further phrase across words and leaves the word lists alone', () => {
  const segment = (text: string) => [text]
  const found = lintContent(full, ask('先说坐劳，再说后果自负'), { segment })
  const across = found.filter(({ isAcrossWords }) => isAcrossWords)
  assert.deepEqual(
    across.map(({ text, blocks }) => [text, blocks]),
    [['坐劳', false]],
  )
  assert.ok(found.some(({ rule, blocks }) => rule === 'cn.content.threat' && blocks))
})

test('a denial excuses a further phrase and never a word list', () => {
  const rules = (text: string) => lintContent(full, ask(text)).map(({ rule }) => rule)
  assert.deepEqual(rules('请勿相信自称警察并声称我是警察的人'), [])
  assert.ok(rules('我们绝不会说后果自负').includes('cn.content.threat'))
})

test('a denial excuses within its clause, a judgement after the phrase within its sentence', () => {
  const blocks = (text: string) => lintContent(full, ask(text)).some((finding) => finding.blocks)
  assert.ok(!blocks('我们不许电话轰炸'))
  assert.ok(blocks('我们不许迟到，电话轰炸等着您'))
  assert.ok(!blocks('电话轰炸属于违法催收'))
  assert.ok(blocks('电话轰炸。别的属于违法催收'))
})

test('a text of a hundred thousand hostile characters is read in seconds', () => {
  for (const unit of ['去你家', 'a ', '1 ', '\ud83d', '你的照片', '密码', '号单元']) {
    const started = performance.now()
    lintContent(full, ask(unit.repeat(Math.ceil(100_000 / unit.length))))
    assert.ok(performance.now() - started < 30_000, unit)
  }
})
