import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  addMonths,
  epochDay,
  formatInstant,
  formatLocalDate,
  formatMajor,
  maskEmail,
  maskName,
  maskPhone,
  parseInstant,
  parseLocalDate,
  parseMajor,
  required,
  Secret,
  seededRandom,
  weekday,
} from './index.ts'

test('dates survive a round trip and agree with the calendar of the platform', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
      const text = formatLocalDate(epochDay(days))
      const plain = Temporal.PlainDate.from('1970-01-01').add({ days })
      assert.equal(text, plain.toString())
      assert.equal(parseLocalDate(text), days)
      assert.equal(weekday(epochDay(days)), plain.dayOfWeek)
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('adding months clamps to the last day like the platform’s calendar', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: -60, max: 60 }),
      (days, months) => {
        const plain = Temporal.PlainDate.from('1970-01-01').add({ days }).add({ months })
        assert.equal(formatLocalDate(addMonths(epochDay(days), months)), plain.toString())
      },
    ),
    { seed: 2, numRuns: 500 },
  )
})

test('refuses dates that no calendar has', () => {
  for (const text of ['2026-02-29', '2026-13-01', '2026-00-10', '2026-4-1', '', '2026-04-31 ']) {
    assert.equal(parseLocalDate(text), null)
  }
})

test('an instant needs an offset', () => {
  assert.equal(parseInstant('2026-03-08T12:00:00'), null)
  assert.equal(parseInstant('2026-03-08'), null)
  const at = required(parseInstant('2026-03-08T12:00:00-05:00'), 'instant')
  assert.equal(formatInstant(at), '2026-03-08T17:00:00Z')
  assert.equal(parseInstant('2026-03-08T12:00-05:00'), at)
})

test('amounts keep every minor unit and refuse more digits than the currency has', () => {
  assert.equal(parseMajor('1,234.50', 'CNY'), 123450n)
  assert.equal(parseMajor('0.005', 'CNY'), null)
  assert.equal(parseMajor('12.500', 'CNY'), 1250n)
  assert.equal(parseMajor('100', 'JPY'), 100n)
  assert.equal(parseMajor('1.5', 'JPY'), null)
  assert.equal(parseMajor('1e5', 'CNY'), null)
  assert.equal(formatMajor(-5n, 'CNY'), '-0.05')
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (minor) => {
      assert.equal(parseMajor(formatMajor(minor, 'CNY'), 'CNY'), minor)
    }),
    { seed: 3 },
  )
})

test('masks keep the shape and give nothing more away', () => {
  assert.equal(maskPhone('19900001234'), '199****1234')
  assert.equal(maskPhone('12345'), '****45')
  assert.equal(maskEmail('wang.wei@example.com'), 'w***@example.com')
  assert.equal(maskName('王小明'), '王**')
  assert.equal(maskName('Wei Wang'), 'W***')
})

test('a secret prints as [secret] in every way a log could print it', () => {
  const secret = new Secret('hunter2')
  assert.equal(
    `${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`.includes('hunter2'),
    false,
  )
  assert.equal(secret.reveal(), 'hunter2')
})

test('the same seed gives the same stream', () => {
  const [a, b] = [seededRandom(7), seededRandom(7)]
  assert.deepEqual(Array.from({ length: 5 }, a), Array.from({ length: 5 }, b))
})
