import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  formatInstant,
  instant,
  instantsOfLocal,
  localDay,
  localTimeMs,
  parseInstant,
  required,
  zoneNamed,
} from './index.ts'
import { intlOffsets, platformOffsets } from './zone-offsets.ts'

const NAMES = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/St_Johns',
  'Africa/Casablanca',
  'Pacific/Apia',
]

test('local date and time agree with the platform in every zone, also across changes of the clock', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES),
      fc.integer({ min: 500_000_000, max: 3_000_000_000 }),
      (name, seconds) => {
        const zone = required(zoneNamed(name), name)
        const zoned = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(
          name,
        )
        assert.equal(localDay(zone, seconds * 1000), zoned.toPlainDate().since('1970-01-01').days)
        assert.equal(
          localTimeMs(zone, seconds * 1000),
          (zoned.hour * 3600 + zoned.minute * 60 + zoned.second) * 1000,
        )
      },
    ),
    { seed: 4, numRuns: 2000 },
  )
})

test('a wall-clock time is found at every instant that shows it, and at the end of a gap', () => {
  const zone = required(zoneNamed('America/New_York'), 'zone')
  const day = Temporal.PlainDate.from('2026-03-08').since('1970-01-01').days
  const gap = instantsOfLocal(zone, day, 2.5 * 3_600_000)
  assert.deepEqual(gap, [parseInstant('2026-03-08T03:00:00-04:00')])
  const back = Temporal.PlainDate.from('2026-11-01').since('1970-01-01').days
  const twice = instantsOfLocal(zone, back, 1.5 * 3_600_000)
  assert.deepEqual(twice, [
    parseInstant('2026-11-01T01:30:00-04:00'),
    parseInstant('2026-11-01T01:30:00-05:00'),
  ])
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES),
      fc.integer({ min: 10_000, max: 30_000 }),
      fc.integer({ min: 0, max: 86_399 }),
      (name, localDate, second) => {
        const some = required(zoneNamed(name), name)
        for (const at of instantsOfLocal(some, localDate, second * 1000)) {
          const shown = localDay(some, at) * 86_400_000 + localTimeMs(some, at)
          assert.ok(
            shown === localDate * 86_400_000 + second * 1000 ||
              shown > localDate * 86_400_000 + second * 1000,
          )
        }
      },
    ),
    { seed: 5, numRuns: 2000 },
  )
})

test('there is no zone of an unknown name', () => {
  assert.equal(zoneNamed('Mars/Olympus'), null)
  for (const name of ['', 'Z', '+08:00', '2026-06-01T00:00[Asia/Shanghai]']) {
    assert.equal(zoneNamed(name), null, name)
  }
})

test('reads instants as the platform does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: -720, max: 720 }),
      (seconds, offset) => {
        const sign = offset < 0 ? '-' : '+'
        const [h, m] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
          String(n).padStart(2, '0'),
        )
        const local = Temporal.Instant.fromEpochMilliseconds((seconds + offset * 60) * 1000)
          .toString()
          .slice(0, 19)
        assert.equal(parseInstant(`${local}${sign}${h}:${m}`), seconds * 1000)
      },
    ),
    { seed: 6, numRuns: 1000 },
  )
  assert.equal(parseInstant('2026-02-30T10:00:00Z'), null)
  assert.equal(parseInstant('2026-02-20T24:00:00Z'), null)
})

test('a platform without Temporal gives the same offsets and the same changes', () => {
  const [from, until] = [Date.UTC(1990, 0, 1), Date.UTC(2045, 0, 1)]
  for (const name of [...NAMES, 'Africa/Cairo', 'America/Caracas', 'Asia/Pyongyang']) {
    assert.ok(intlOffsets.isZone(name))
    const changes = platformOffsets().changesBetween(name, from, until)
    assert.deepEqual(intlOffsets.changesBetween(name, from, until), changes, name)
    for (const at of [from, ...changes]) {
      assert.equal(intlOffsets.offsetAt(name, at), platformOffsets().offsetAt(name, at))
      assert.equal(intlOffsets.offsetAt(name, at - 1), platformOffsets().offsetAt(name, at - 1))
    }
  }
  assert.ok(!intlOffsets.isZone('Mars/Olympus'))
})

test('an instant is written as the platform writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 }), (ms) => {
      const expected = Temporal.Instant.fromEpochMilliseconds(ms).toString()
      assert.equal(formatInstant(instant(ms)), expected)
    }),
  )
  for (const ms of [0, 1, 10, 100, 120, 1000])
    assert.equal(formatInstant(instant(ms)), Temporal.Instant.fromEpochMilliseconds(ms).toString())
})
