import { addMonths, type EpochDay } from '@dunlin/kernel'

export type PlanPart = {
  readonly dueOn: EpochDay
  /** Principal of the plan and its interest together. */
  readonly amountMinor: bigint
  readonly interestMinor: bigint
}
export type PartsGiven = {
  /** What is spread over the parts, before the plan's own interest. */
  readonly totalMinor: bigint
  readonly count: number
  /** Interest runs from here. */
  readonly startOn: EpochDay
  readonly firstDueOn: EpochDay
  readonly yearlyRateBasisPoints: number
}

const BASIS_POINTS = 10_000n
const DAYS_OF_YEAR = 365n

/**
 * Level parts, a month apart by the first one's day of month (its last day where it is shorter). Interest
 * follows the days that pass (actual/365), rounded half-even a part; the last part takes what is left, and is
 * never more than the others. Their sum is the total and the interest, to the unit. Null where it cannot be
 * spread so: a part would be nothing, or would not even cover its interest.
 */
export function planParts(given: PartsGiven): PlanPart[] | null {
  const { totalMinor, count } = given
  if (count < 1 || totalMinor < BigInt(count) * BigInt(count)) return null
  const days = Array.from({ length: count }, (_, index) => addMonths(given.firstDueOn, index))
  const level = levelAmount(given, days)
  let left = totalMinor
  const parts = days.map((dueOn, index) => {
    const interestMinor = interestOf(left, given, { dueOn, after: days[index - 1] })
    const isLast = index === count - 1
    const amountMinor = isLast ? left + interestMinor : level
    left -= amountMinor - interestMinor
    return { dueOn, amountMinor, interestMinor }
  })
  const isSound = parts.every(
    ({ amountMinor, interestMinor }) => amountMinor > interestMinor && amountMinor <= level,
  )
  return isSound ? parts : null
}

/** The least amount that, paid at every due date, leaves nothing: found by halving. */
function levelAmount(given: PartsGiven, days: readonly EpochDay[]): bigint {
  const covers = (amount: bigint): boolean => {
    let left = given.totalMinor
    for (const [index, dueOn] of days.entries())
      left += interestOf(left, given, { dueOn, after: days[index - 1] }) - amount
    return left <= 0n
  }
  let [low, high] = [1n, given.totalMinor]
  while (!covers(high)) high *= 2n
  while (low < high) {
    const middle = (low + high) / 2n
    if (covers(middle)) high = middle
    else low = middle + 1n
  }
  return low
}

function interestOf(
  left: bigint,
  { startOn, yearlyRateBasisPoints }: PartsGiven,
  { dueOn, after }: { dueOn: EpochDay; after: EpochDay | undefined },
): bigint {
  if (left <= 0n || yearlyRateBasisPoints === 0) return 0n
  const days = Math.max(0, dueOn - (after ?? startOn))
  const numerator = left * BigInt(yearlyRateBasisPoints) * BigInt(days)
  return divideHalfEven(numerator, BASIS_POINTS * DAYS_OF_YEAR)
}

/** Division of what is not negative, halves to the even neighbour. */
function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return isUp ? quotient + 1n : quotient
}
