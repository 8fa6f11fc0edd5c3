import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPack } from '../../platform/packs.ts'
import { plainWords } from './plain-words.ts'

test('alternatives, groups and «perhaps» become words; what is more than words is left out', () => {
  assert.deepEqual(plainWords('老赖|不(要脸|知耻)|天天(给你|给您)?打|[0-9]+天|x'), [
    '老赖',
    '不要脸',
    '不知耻',
    '天天打',
    '天天给你打',
    '天天给您打',
  ])
})

test('every word made of the pack’s lists is one that the list itself finds', () => {
  const lexicons = readPack('cn')?.lexicons ?? {}
  for (const name of ['threat', 'insult', 'false-authority', 'fake-consequence'] as const) {
    const pattern = lexicons[name]?.['zh-CN']
    assert.equal(typeof pattern, 'string', name)
    const words = plainWords(String(pattern))
    assert.ok(words.length >= 3, `${name}: ${words.length}`)
    for (const word of words) assert.match(word, new RegExp(String(pattern), 'u'))
  }
})
