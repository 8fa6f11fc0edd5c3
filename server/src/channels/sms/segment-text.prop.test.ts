import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeGsm, gsmSeptets } from './gsm-alphabet.ts'
import { type Encoding, PARTS_MAX, segmentText } from './segment-text.ts'

const unit = fc.constantFrom('还', '款', 'A', 'é', '€', '[', '😀', '\u{20BB7}', '\n', '~')
const texts = fc.array(unit, { maxLength: 600 }).map((letters) => letters.join(''))

test('parts joined give the text, none is over its limit, no pair is cut in two', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('any' as const, 'ucs2' as const), (text, allowed) => {
      const { encoding, parts } = segmentText(text, allowed)
      assert.equal(parts.join(''), text)
      const limit = limitOf(encoding, parts.length)
      for (const part of parts) {
        assert.ok(part.isWellFormed())
        assert.ok(unitsOf(encoding, part) <= limit)
      }
    }),
    { seed: 11, numRuns: 300 },
  )
})

function limitOf(encoding: Encoding, parts: number): number {
  if (encoding === 'gsm') return parts === 1 ? 160 : 153
  return parts === 1 ? 70 : 67
}

function unitsOf(encoding: Encoding, part: string): number {
  return encoding === 'gsm' ? encodeGsm(part).length : part.length
}

test('a part more is taken only when the text needs it', () => {
  assert.equal(segmentText('还'.repeat(70)).parts.length, 1)
  assert.equal(segmentText('还'.repeat(71)).parts.length, 2)
  assert.equal(segmentText('还'.repeat(134)).parts.length, 2)
  assert.equal(segmentText('还'.repeat(135)).parts.length, 3)
  assert.equal(segmentText('a'.repeat(160)).parts.length, 1)
  assert.equal(segmentText('a'.repeat(161)).parts.length, 2)
  assert.equal(segmentText('€'.repeat(80)).parts.length, 1)
  assert.equal(segmentText('€'.repeat(81)).parts.length, 2)
  assert.equal(segmentText('😀'.repeat(35)).parts.length, 1)
  assert.equal(segmentText('😀'.repeat(36)).parts.length, 2)
  assert.equal(segmentText('').parts.length, 1)
})

test('a text for a whole page is refused, not cut off', () => {
  assert.throws(() => segmentText('还'.repeat(67 * PARTS_MAX + 1)), /SMS parts/)
})

test('GSM bytes are the codes of the standard, not ASCII', () => {
  assert.equal(encodeGsm('@£$¥').toString('hex'), '00010203')
  assert.equal(encodeGsm('Aa0 ').toString('hex'), '41613020')
  assert.equal(encodeGsm('€[').toString('hex'), '1b651b3c')
  assert.equal(encodeGsm('ÄÖÑÜ§¿äöñüà').toString('hex'), '5b5c5d5e5f607b7c7d7e7f')
  assert.equal(encodeGsm('ΔΦΓΛΩΠΨΣΘΞ').toString('hex'), '101213141516171819 1a'.replace(' ', ''))
  assert.equal(gsmSeptets('`'), null)
  assert.equal(gsmSeptets('还'), null)
})
