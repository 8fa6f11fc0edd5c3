import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from './log.ts'

export type Loops = {
  /** Runs `work` again and again, `pauseMs` after it ended; a failure is told and tried again later. */
  readonly every: (name: string, pauseMs: number, work: () => Promise<unknown>) => void
  /** Lets what is under way end, and starts nothing more. */
  readonly stop: () => Promise<void>
  readonly isStopping: () => boolean
}

const FAILED_PAUSE_MS = 2_000

export function createLoops(log: Log): Loops {
  const stopping = new AbortController()
  const running: Promise<void>[] = []
  const loop = async (
    name: string,
    pauseMs: number,
    work: () => Promise<unknown>,
  ): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pause = await work().then(
        () => pauseMs,
        (error: unknown) => {
          log.failed(name, error)
          return Math.max(pauseMs, FAILED_PAUSE_MS)
        },
      )
      await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  return {
    every: (name, pauseMs, work) => {
      running.push(loop(name, pauseMs, work))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
    isStopping: () => stopping.signal.aborted,
  }
}
