import { type Clock, type Instant, instant } from '@dunlin/kernel'

/** A clock that may run faster than the wall's, and that others can follow over HTTP. */
export type WorldClock = Clock & {
  readonly reading: () => ClockReading
  /** From this moment on the clock shows `epochMs` (its own time when absent) and runs at `rate`. */
  readonly set: (change: { readonly epochMs?: Instant; readonly rate?: number }) => void
  /** How many real milliseconds pass until the world's clock shows `at`; 0 when it is past. */
  readonly realMsUntil: (at: Instant) => number
}

/** What `GET /clock` answers: the world showed `epochMs` when the wall clock showed `readAt`. */
export type ClockReading = {
  readonly epochMs: number
  readonly rate: number
  readonly readAt: number
}

const RATE_MAX = 100_000

export function createWorldClock(start: {
  readonly epochMs?: Instant
  readonly rate?: number
}): WorldClock {
  let baseReal = Date.now()
  let base: number = start.epochMs ?? baseReal
  let rate = checkedRate(start.rate ?? 1)
  const now = (): Instant => instant(Math.round(base + (Date.now() - baseReal) * rate))
  return {
    now,
    reading: () => ({ epochMs: now(), rate, readAt: Date.now() }),
    set: (change) => {
      const next = change.rate === undefined ? rate : checkedRate(change.rate)
      base = change.epochMs ?? now()
      baseReal = Date.now()
      rate = next
    },
    realMsUntil: (at) => (rate === 0 ? Number.POSITIVE_INFINITY : Math.max(0, (at - now()) / rate)),
  }
}

function checkedRate(rate: number): number {
  if (!(rate >= 0 && rate <= RATE_MAX)) {
    throw new RangeError(`the rate must lie in 0 … ${RATE_MAX}, not ${rate}`)
  }
  return rate
}
