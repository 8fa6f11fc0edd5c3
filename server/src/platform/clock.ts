import { type Clock, instant } from '@dunlin/kernel'
import { z } from 'zod'

/** The clock on the wall. */
export function systemClock(): Clock {
  return { now: () => instant(Date.now()) }
}

const reading = z.object({ epochMs: z.number(), rate: z.number(), readAt: z.number() })
const FOLLOW_MS = 1_000

export type FollowedClock = Clock & {
  /** How fast it runs. */
  readonly rate: () => number
  readonly stop: () => void
}

/**
 * A clock that follows the one a sandbox publishes (rulings 14): asked every second, run on between
 * the answers. Never turns back. Throws when the sandbox does not answer at first.
 */
export async function followClock(url: string): Promise<FollowedClock> {
  let base = await readClock(url)
  let last = 0
  const timer = setInterval(() => {
    readClock(url).then(
      (next) => {
        base = next
      },
      // The last reading runs on until the sandbox answers again.
      () => undefined,
    )
  }, FOLLOW_MS)
  timer.unref()
  return {
    now: () => {
      last = Math.max(last, Math.round(base.epochMs + (Date.now() - base.readAt) * base.rate))
      return instant(last)
    },
    rate: () => base.rate,
    stop: () => clearInterval(timer),
  }
}

async function readClock(url: string): Promise<z.infer<typeof reading>> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  return reading.parse(await answer.json())
}
