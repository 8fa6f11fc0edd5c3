import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPack } from '../../../server/src/platform/packs.ts'
import { PLAIN_FORMS } from '../normalise-text.ts'
import { type Phrase, phrasesOf } from './phrase-lines.ts'
import { screen } from './screen.ts'

const pack = readPack('lender-default')
assert.ok(pack)
const listed = Object.entries(pack.phrases).flatMap(([name, list], place) =>
  phrasesOf(name, list).map((phrase) => ({ ...phrase, bit: 1 << place })),
)
const look = screen(listed)

/** One way in which the phrase may stand in a message: spread by marks, in traditional characters, amid other words. */
function disguised(phrase: Phrase, [mark, nth]: readonly [string, number]): string {
  const rest = phrase.rest.map(({ byFirst }) => {
    const readings = [...byFirst.values()].flat()
    return readings[nth % readings.length] ?? ''
  })
  const odd = (character: string) => {
    const forms = Object.keys(PLAIN_FORMS).filter((form) => PLAIN_FORMS[form] === character)
    return nth % 2 === 0 ? character : (forms[0] ?? character)
  }
  const spread = (part: string) => Array.from(part, odd).join(/[a-z]/.test(part) ? '' : mark)
  return `您好，${[phrase.first, ...rest].map(spread).join('哦')}。请回复`
}

test('the look before the reading leaves out no list of which a phrase stands in the text', () => {
  const marks = fc.constantFrom('', ' ', '，', '。', '*', '……', '\u3000')
  fc.assert(
    fc.property(fc.constantFrom(...listed), fc.tuple(marks, fc.nat(9)), (phrase, way) => {
      const text = disguised(phrase, way)
      assert.notEqual(look(text) & phrase.bit, 0, `${phrase.list}: ${text}`)
    }),
    { seed: 11, numRuns: 20_000 },
  )
})

test('a lawful reminder is read no further', () => {
  const reminder =
    '【示例消费金融】尊敬的客户，您本期应还金额320.00元，请于3月7日前还款，如有疑问请致电客服，投诉电话见官网。拒收请回复R'
  assert.equal(look(reminder) & bitOf('further-threat', 'further-insult', 'shaming'), 0)
})

test('few letters beside digits are read in full, for digits may stand for letters', () => {
  for (const text of ['你这1ao1ai', '4014l', 'l4'])
    assert.equal(look(text) & bitOf('further-insult'), bitOf('further-insult'), text)
})

function bitOf(...lists: string[]): number {
  return listed.reduce((bits, { list, bit }) => (lists.includes(list) ? bits | bit : bits), 0)
}
