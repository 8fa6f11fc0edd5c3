const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The pauses after each failed try, as the Standard Webhooks specification proposes them. */
const DELAYS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** How long to wait after that many tries; null when no more are made: ten tries over three days. */
export function retryDelayMs(tries: number): number | null {
  return DELAYS_MS[tries - 1] ?? null
}

/** An endpoint that has answered nothing well for so long is disabled. */
export const FAILING_MAX_MS: number = 5 * 24 * HOUR
