import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, epochDay, instant } from '@dunlin/kernel'
import fc from 'fast-check'
import { foldLoan } from './fold-loan.ts'
import type { LedgerEvent } from './ledger-event.ts'
import { type ProductOptions, productOptions } from './product-options.ts'
import { anEventList, START } from './test-events.ts'

// What must always hold (ledger.md section 8).

const RUNS = { seed: 20_260_601, numRuns: 400 }

function aProduct(): fc.Arbitrary<ProductOptions> {
  return fc
    .record({
      strategy: fc.constantFrom('instalment-first' as const, 'component-first' as const),
      prepayment: fc.constantFrom(
        'hold' as const,
        'next' as const,
        'last' as const,
        'spread' as const,
      ),
      graceDays: fc.integer({ min: 0, max: 5 }),
    })
    .map(productOptions)
}

const aDay = fc.integer({ min: 0, max: 120 }).map((offset) => addDays(START, offset))

test('any order of arrival, and any repetition, gives the same state', () => {
  fc.assert(
    fc.property(aProduct(), anEventList(), aDay, fc.nat(), (product, events, asOf, turn) => {
      const rotated = [
        ...events.slice(turn % events.length),
        ...events.slice(0, turn % events.length),
      ]
      const again = [...rotated.toReversed(), ...events]
      assert.deepEqual(
        foldLoan({ product, events: again, asOf }),
        foldLoan({ product, events, asOf }),
      )
    }),
    RUNS,
  )
})

test('every unit is accounted for', () => {
  fc.assert(
    fc.property(aProduct(), anEventList(), aDay, (product, events, asOf) => {
      const state = foldLoan({ product, events, asOf })
      const onLines = state.lines.reduce((sum, line) => sum + line.paidMinor, 0n)
      assert.equal(state.paidMinor, onLines + state.creditMinor)
      const waived = state.lines.reduce((sum, line) => sum + line.waivedMinor, 0n)
      assert.equal(state.waivedMinor, waived)
      const open = state.lines.reduce((sum, line) => sum + line.outstandingMinor, 0n)
      assert.equal(state.outstandingMinor, open)
    }),
    RUNS,
  )
})

test('0 ≤ dpd ≤ pastDueDays, and no amount is below zero', () => {
  fc.assert(
    fc.property(aProduct(), anEventList(), aDay, (product, events, asOf) => {
      const state = foldLoan({ product, events, asOf })
      assert.ok(state.dpd >= 0 && state.dpd <= state.pastDueDays)
      for (const value of Object.values(state)) assert.ok(typeof value !== 'bigint' || value >= 0n)
      for (const line of state.lines) {
        for (const value of Object.values(line)) assert.ok(typeof value !== 'bigint' || value >= 0n)
      }
    }),
    RUNS,
  )
})

test('reversing an event gives the state without it', () => {
  fc.assert(
    fc.property(aProduct(), anEventList(), aDay, fc.nat(), (product, events, asOf, pickAt) => {
      const plain = events.filter((event) => event.kind !== 'reversed')
      const target = plain[pickAt % Math.max(1, plain.length)]
      if (target === undefined) return
      const reversal: LedgerEvent = {
        kind: 'reversed',
        id: 'z',
        effectiveOn: START,
        recordedAt: null,
        reverses: target.id,
      }
      const reversed = foldLoan({ product, events: [...plain, reversal], asOf })
      const without = foldLoan({ product, events: plain.filter((event) => event !== target), asOf })
      assert.deepEqual(reversed, without)
    }),
    RUNS,
  )
})

test('what takes effect later, or is known later, changes nothing', () => {
  fc.assert(
    fc.property(
      aProduct(),
      anEventList(),
      aDay,
      fc.integer({ min: 0, max: 100 }),
      (product, events, asOf, known) => {
        const knownAt = instant((START + known) * 86_400_000)
        const seen = events.filter(
          (event) =>
            (event.effectiveOn === null || event.effectiveOn <= asOf) &&
            (event.recordedAt ?? 0) <= knownAt,
        )
        const reversals = events.filter(
          (event) => event.kind === 'reversed' && (event.recordedAt ?? 0) <= knownAt,
        )
        const targets = new Set(
          reversals.flatMap((event) => (event.kind === 'reversed' ? [event.reverses] : [])),
        )
        // A reversal may name an event that is known but not yet in effect: then it is not unmatched.
        if (events.some((event) => targets.has(event.id) && !seen.includes(event))) return
        assert.deepEqual(
          foldLoan({ product, events, asOf, knownAt }),
          foldLoan({ product, events: seen, asOf }),
        )
      },
    ),
    RUNS,
  )
})

test('one more payment never leaves more outstanding, arrears or days; its amount is placed or held', () => {
  fc.assert(
    fc.property(
      aProduct(),
      anEventList(),
      aDay,
      fc.integer({ min: 1, max: 500 }),
      (product, events, asOf, amount) => {
        const before = foldLoan({ product, events, asOf })
        const payment: LedgerEvent = {
          kind: 'paid',
          id: 'z',
          effectiveOn: asOf,
          recordedAt: null,
          amountMinor: BigInt(amount),
        }
        const after = foldLoan({ product, events: [...events, payment], asOf })
        assert.ok(after.outstandingMinor <= before.outstandingMinor)
        assert.ok(after.arrearsMinor <= before.arrearsMinor)
        assert.ok(after.pastDueDays <= before.pastDueDays)
        const fell = before.outstandingMinor - after.outstandingMinor
        assert.equal(fell + after.creditMinor - before.creditMinor, BigInt(amount))
      },
    ),
    RUNS,
  )
})

test('on a day without events dpd grows by 0 or 1', () => {
  fc.assert(
    fc.property(aProduct(), anEventList(), aDay, (product, events, asOf) => {
      const next = epochDay(asOf + 1)
      if (events.some((event) => event.effectiveOn === next)) return
      const [today, tomorrow] = [
        foldLoan({ product, events, asOf }),
        foldLoan({ product, events, asOf: next }),
      ]
      const isSameLine =
        tomorrow.oldestUnpaidDueOn === today.oldestUnpaidDueOn || today.oldestUnpaidDueOn === null
      if (isSameLine) assert.ok([0, 1].includes(tomorrow.dpd - today.dpd))
    }),
    RUNS,
  )
})
