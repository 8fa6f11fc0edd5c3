import { type Random, randomInt } from '@dunlin/kernel'

export type Interval = { readonly mean: number; readonly low: number; readonly high: number }

const RESAMPLES = 1000
const LOW = 0.025
const HIGH = 0.975

/**
 * The mean with its 95 % interval by the bootstrap: the middle 95 % of the means of a thousand samples drawn
 * from the values with replacement (Efron 1979).
 */
export function bootstrap(values: readonly number[], random: Random): Interval {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 }
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let drawn = 0; drawn < values.length; drawn += 1)
      sum += values[randomInt(random, 0, values.length - 1)] ?? 0
    return sum / values.length
  }).sort((a, b) => a - b)
  const at = (share: number): number => means[Math.floor(share * (RESAMPLES - 1))] ?? 0
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, low: at(LOW), high: at(HIGH) }
}
