import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keepOf, splitAmount } from './split-amount.ts'

const loan = fc
  .record({
    arrearsMinor: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    rest: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    oldestUnpaidDueOn: fc.option(fc.integer({ min: 18_000, max: 24_000 })),
  })
  .map(({ rest, ...each }) => ({ ...each, owedMinor: each.arrearsMinor + rest }))
const loans = fc
  .array(loan, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((each, n) => ({ ...each, loanId: String(n), loanNo: `L${n}` })))
const given = { seed: 20_260_601, numRuns: 500 }

test('every cent lands on a loan that owes it; overdue money goes before the rest', () => {
  fc.assert(
    fc.property(loans, fc.bigInt({ min: 1n, max: 10n ** 10n }), (all, amountMinor) => {
      const split = splitAmount(all, amountMinor)
      const owed = all.reduce((sum, each) => sum + each.owedMinor, 0n)
      assert.equal(split.ok, amountMinor <= owed)
      if (!split.ok) return
      const shareOf = (loanId: string) =>
        split.value.find((each) => each.loanId === loanId)?.amountMinor ?? 0n
      assert.equal(
        split.value.reduce((sum, each) => sum + each.amountMinor, 0n),
        amountMinor,
      )
      assert.ok(split.value.every((each) => each.amountMinor > 0n))
      assert.ok(all.every((each) => shareOf(each.loanId) <= each.owedMinor))
      const isBeyond = all.some((each) => shareOf(each.loanId) > each.arrearsMinor)
      if (isBeyond) assert.ok(all.every((each) => shareOf(each.loanId) >= each.arrearsMinor))
    }),
    given,
  )
})

test('the loan overdue for longest is served first', () => {
  const make = (loanId: string, oldestUnpaidDueOn: number | null, arrearsMinor: bigint) => ({
    ...{ loanId, loanNo: loanId, oldestUnpaidDueOn, arrearsMinor, owedMinor: arrearsMinor + 100n },
  })
  const all = [make('new', 20_100, 50n), make('current', null, 0n), make('old', 20_000, 70n)]
  assert.deepEqual(splitAmount(all, 100n), {
    ok: true,
    value: [
      { loanId: 'old', amountMinor: 70n },
      { loanId: 'new', amountMinor: 30n },
    ],
  })
})

test('what is kept of the shares adds up, and the last shares go back first', () => {
  const shares = fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(shares, fc.nat(1000), (all, permille) => {
      const total = all.reduce((sum, each) => sum + each, 0n)
      const keeps = (total * BigInt(permille)) / 1000n
      const kept = keepOf(all, keeps)
      assert.equal(
        kept.reduce((sum, each) => sum + each, 0n),
        keeps,
      )
      const partial = kept.findIndex((each, n) => each < (all[n] ?? 0n))
      assert.ok(partial < 0 || kept.slice(partial + 1).every((each) => each === 0n))
    }),
    given,
  )
})
