import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Codec, rateCall } from './e-model.ts'

// Check values of the formulas of ITU-T G.107 as the channel design states them: delay, loss, codec, R, MOS.
const CHECKS: readonly (readonly [number, number, Codec, number, number])[] = [
  [0, 0, 'g711-plc', 93.2, 4.409],
  [100, 0, 'g711-plc', 90.8, 4.358],
  [100, 1, 'g711-plc', 87.16, 4.263],
  [100, 3, 'g711-plc', 80.66, 4.049],
  [150, 5, 'g711-plc', 73.82, 3.771],
  [100, 1, 'g729a', 75.6, 3.847],
]

test('R and MOS agree with the check values of the E-model', () => {
  for (const [oneWayDelayMs, lossPercent, codec, r, mos] of CHECKS) {
    const rated = rateCall({ oneWayDelayMs, lossPercent, burstRatio: 1, codec })
    assert.ok(Math.abs(rated.r - r) < 0.006, `R ${rated.r}, not ${r}`)
    assert.ok(Math.abs(rated.mos - mos) < 0.0006, `MOS ${rated.mos}, not ${mos}`)
  }
})

test('more loss, burstier loss or more delay never sounds better, and MOS stays from 1 to 4.5', () => {
  for (let loss = 0; loss < 100; loss += 1) {
    for (const delay of [0, 170, 180, 400, 4000]) {
      const at = { oneWayDelayMs: delay, lossPercent: loss, burstRatio: 1, codec: 'g711' } as const
      const { r, mos } = rateCall(at)
      assert.ok(mos >= 1 && mos <= 4.5)
      assert.ok(rateCall({ ...at, lossPercent: loss + 1 }).r < r)
      assert.ok(rateCall({ ...at, oneWayDelayMs: delay + 1 }).r < r)
      assert.ok(rateCall({ ...at, burstRatio: 2 }).r <= r)
    }
  }
})

test('a measurement that cannot be is refused, never rated', () => {
  const fine = { oneWayDelayMs: 20, lossPercent: 0, burstRatio: 1, codec: 'g711' } as const
  assert.equal(rateCall(fine).grade, 'good')
  for (const wrong of [
    { lossPercent: 101 },
    { lossPercent: Number.NaN },
    { oneWayDelayMs: -1 },
    { burstRatio: 0 },
  ]) {
    assert.throws(() => rateCall({ ...fine, ...wrong }), RangeError)
  }
})
