import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addDays,
  civil,
  daysInMonth,
  type EpochDay,
  epochDay,
  type Random,
  randomInt,
  required,
  seededRandom,
} from '@dunlin/kernel'
import fc from 'fast-check'
import { adherenceOf, decidePlan, type PlanFacts, type PlanTerms } from './decide-plan.ts'
import { type PartsGiven, type PlanPart, planParts } from './plan-parts.ts'

const given = { seed: 20_260_601, numRuns: 2_000 }
const START = epochDay(20_000)

const asked: fc.Arbitrary<PartsGiven> = fc
  .record({
    totalMinor: fc.bigInt({ min: 3_600n, max: 10n ** 11n }),
    count: fc.integer({ min: 1, max: 60 }),
    startOn: fc.integer({ min: 18_000, max: 24_000 }).map(epochDay),
    firstDueOn: fc.constant(START),
    yearlyRateBasisPoints: fc.constantFrom(0, 0, 1, 365, 600, 1_800, 3_600),
  })
  .chain((terms) =>
    fc
      .integer({ min: 0, max: 45 })
      .map((days) => ({ ...terms, firstDueOn: addDays(terms.startOn, days) })),
  )
/** The parts; what cannot be spread at all is none of a property's cases. */
function spread(terms: PartsGiven): PlanPart[] {
  const parts = planParts(terms)
  fc.pre(parts !== null)
  return parts ?? []
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, each) => all + each, 0n)

test('parts sum to the total and the interest, each is positive, all but the last are level, the last is the least', () => {
  fc.assert(
    fc.property(asked, (terms) => {
      const parts = spread(terms)
      const interest = sum(parts.map(({ interestMinor }) => interestMinor))
      assert.equal(parts.length, terms.count)
      assert.equal(sum(parts.map(({ amountMinor }) => amountMinor)), terms.totalMinor + interest)
      const level = parts[0]?.amountMinor ?? 0n
      for (const [index, { amountMinor, interestMinor }] of parts.entries()) {
        assert.ok(interestMinor >= 0n && amountMinor > 0n && interestMinor <= amountMinor)
        if (index < parts.length - 1) assert.equal(amountMinor, level)
        else assert.ok(amountMinor <= level)
      }
    }),
    given,
  )
})

test('without a rate there is no interest, and one unit less a part would not reach', () => {
  fc.assert(
    fc.property(asked, (terms) => {
      const parts = spread({ ...terms, yearlyRateBasisPoints: 0 })
      assert.ok(parts.every(({ interestMinor }) => interestMinor === 0n))
      const level = parts[0]?.amountMinor ?? 0n
      assert.ok((level - 1n) * BigInt(terms.count) < terms.totalMinor)
    }),
    given,
  )
})

test('due days keep the first one’s day of month, or the last of a shorter month; months follow one another', () => {
  fc.assert(
    fc.property(asked, (terms) => {
      const parts = spread(terms)
      const first = civil(terms.firstDueOn)
      for (const [index, { dueOn }] of parts.entries()) {
        const { year, month, dayOfMonth } = civil(dueOn)
        assert.equal(year * 12 + month, first.year * 12 + first.month + index)
        assert.equal(dayOfMonth, Math.min(first.dayOfMonth, daysInMonth(year, month)))
      }
    }),
    given,
  )
  const from = (text: number) =>
    spread({
      totalMinor: 4_000n,
      count: 3,
      startOn: epochDay(text),
      firstDueOn: epochDay(text),
      yearlyRateBasisPoints: 0,
    })
      .map(({ dueOn }) => civil(dueOn))
      .map(({ month, dayOfMonth }) => `${month}-${dayOfMonth}`)
  // 31 January of a leap year and of another.
  assert.deepEqual(from(Date.UTC(2028, 0, 31) / 86_400_000), ['1-31', '2-29', '3-31'])
  assert.deepEqual(from(Date.UTC(2027, 0, 31) / 86_400_000), ['1-31', '2-28', '3-31'])
})

test('interest follows the days: a leap February costs one day more, each rounded half-even', () => {
  const interest = (year: number): bigint | undefined =>
    spread({
      totalMinor: 1_000_000n,
      count: 2,
      startOn: epochDay(Date.UTC(year, 0, 31) / 86_400_000),
      firstDueOn: epochDay(Date.UTC(year, 1, 1) / 86_400_000),
      yearlyRateBasisPoints: 3_650,
    })[0]?.interestMinor
  // 1,000,000 × 36.5 % × 1 ÷ 365.
  assert.equal(interest(2028), 1_000n)
  const march = (year: number) =>
    spread({
      totalMinor: 1_000_000n,
      count: 1,
      startOn: epochDay(Date.UTC(year, 1, 1) / 86_400_000),
      firstDueOn: epochDay(Date.UTC(year, 2, 1) / 86_400_000),
      yearlyRateBasisPoints: 3_650,
    })[0]?.interestMinor
  assert.deepEqual([march(2027), march(2028)], [28_000n, 29_000n])
})

test('a total that cannot be spread is refused: a part would be nothing, or less than its interest', () => {
  const few = { totalMinor: 99n, count: 10, startOn: START, firstDueOn: START }
  assert.equal(planParts({ ...few, yearlyRateBasisPoints: 0 }), null)
  const long = { totalMinor: 10n ** 10n, count: 60, startOn: START, firstDueOn: addDays(START, 45) }
  assert.equal(planParts({ ...long, yearlyRateBasisPoints: 3_600 }), null)
  assert.notEqual(planParts({ ...long, yearlyRateBasisPoints: 1_800 }), null)
})

// What becomes of a plan, told again day by day and without arithmetic shared with the product.

type History = { readonly terms: PlanTerms; readonly facts: PlanFacts }

function aHistory(random: Random): History {
  const count = randomInt(random, 1, 6)
  const parts = aSpread({
    totalMinor: BigInt(randomInt(random, 600, 4_000)),
    count,
    startOn: START,
    firstDueOn: addDays(START, randomInt(random, 0, 40)),
    yearlyRateBasisPoints: random() < 0.5 ? 0 : randomInt(random, 1, 3_600),
  })
  const total = Number(sum(parts.map(({ amountMinor }) => amountMinor)))
  const payments = Array.from({ length: randomInt(random, 0, 8) }, () => ({
    on: addDays(START, randomInt(random, -5, 220)),
    amountMinor: BigInt(paymentOf(random, total, count)),
  }))
  return {
    terms: { parts, graceDays: randomInt(random, 0, 5), brokenAfterParts: randomInt(random, 1, 3) },
    facts: { acceptedOn: START, today: addDays(START, randomInt(random, 0, 230)), payments },
  }
}

/** A short plan can always be spread. */
function aSpread(terms: PartsGiven): PlanPart[] {
  return required(planParts(terms), 'parts of a short plan')
}

function paymentOf(random: Random, total: number, count: number): number {
  const share = Math.ceil(total / count)
  const choice = random()
  if (choice < 0.6) return share
  return choice < 0.8 ? randomInt(random, 1, total) : Math.max(1, share + randomInt(random, -1, 1))
}

function slowly({ terms, facts }: History): { state: string; on: EpochDay | null } {
  for (let day = facts.acceptedOn; day <= facts.today; day = addDays(day, 1)) {
    const yesterday = addDays(day, -1)
    if (day > facts.acceptedOn && isBreach(terms, facts, yesterday))
      return { state: 'broken', on: day }
    if (paidUntil(facts, day) >= wholeOn(terms, day) && hasPaymentOn(facts, day))
      return { state: 'kept', on: day }
  }
  return { state: 'active', on: null }
}

function hasPaymentOn({ payments }: PlanFacts, day: EpochDay): boolean {
  return payments.some(({ on }) => on === day)
}

function paidUntil({ payments, acceptedOn }: PlanFacts, day: EpochDay): bigint {
  let paid = 0n
  for (const { on, amountMinor } of payments) if (on >= acceptedOn && on <= day) paid += amountMinor
  return paid
}

/** Whether a day is a deadline at which too much is missing. */
function isBreach(
  { parts, graceDays, brokenAfterParts }: PlanTerms,
  facts: PlanFacts,
  day: EpochDay,
): boolean {
  const ended = parts.filter(({ dueOn }) => addDays(dueOn, graceDays) <= day)
  if (!parts.some(({ dueOn }) => addDays(dueOn, graceDays) === day)) return false
  let left = paidUntil(facts, day)
  let missing = 0
  for (const { amountMinor } of ended) {
    if (left < amountMinor) missing += 1
    left -= amountMinor
  }
  return missing >= brokenAfterParts || (ended.length === parts.length && missing > 0)
}

/** Principal of all parts, and interest of those whose period had begun before the day. */
function wholeOn({ parts }: PlanTerms, day: EpochDay): bigint {
  let whole = 0n
  for (const [index, { amountMinor, interestMinor }] of parts.entries()) {
    const before = parts[index - 1]
    const isBegun = before === undefined || before.dueOn < day
    whole += isBegun ? amountMinor : amountMinor - interestMinor
  }
  return whole
}

const HISTORIES = 100_000

test(`${HISTORIES} random histories end as a slow walk through their days says, in any order of payments`, () => {
  const seen = { active: 0, kept: 0, broken: 0 }
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const history = aHistory(seededRandom(seed))
    const decided = decidePlan(history.terms, history.facts)
    seen[decided.state] += 1
    assert.deepEqual(decided, slowly(history), `seed ${seed}`)
    const payments = history.facts.payments.toReversed()
    assert.deepEqual(
      decidePlan(history.terms, { ...history.facts, payments }),
      decided,
      `seed ${seed}`,
    )
  }
  for (const count of Object.values(seen)) assert.ok(count > HISTORIES / 20, JSON.stringify(seen))
})

test('adherence never says that more is missing than was agreed, and all paid parts come first', () => {
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const { terms, facts } = aHistory(seededRandom(seed))
    const { parts, next, toCompleteMinor, paidMinor } = adherenceOf(terms, facts)
    const firstUnpaid = parts.findIndex((state) => state !== 'paid')
    assert.ok(
      parts.every(
        (state, index) => (state === 'paid') === (firstUnpaid < 0 || index < firstUnpaid),
      ),
    )
    assert.equal(next === null, firstUnpaid < 0)
    assert.ok(
      toCompleteMinor >= 0n && toCompleteMinor <= sum(terms.parts.map((part) => part.amountMinor)),
    )
    if (toCompleteMinor > 0n)
      assert.ok(paidMinor < sum(terms.parts.map((part) => part.amountMinor)))
  }
})
