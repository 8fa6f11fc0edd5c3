/** How many submits wait for an answer, and how long to hold back after the provider asked for slowness. */
export type SubmitPacer = {
  /** Runs `work` when there is room in the window and no pause is on. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  /** The provider throttled: everyone waits, twice as long as the last time. */
  readonly slowDown: () => void
  /** The provider accepted: the next pause starts small again. */
  readonly speedUp: () => void
  readonly pauseMs: () => number
}

export type PacerLimits = {
  /** How many may run now; it may change while they do. */
  readonly window: () => number
  readonly throttleFirstMs: number
  readonly throttleMaxMs: number
}

export function createSubmitPacer(limits: PacerLimits): SubmitPacer {
  const waiting: (() => void)[] = []
  let running = 0
  let pause = 0
  let timer: NodeJS.Timeout | null = null

  function next(): void {
    while (timer === null && running < limits.window()) {
      const start = waiting.shift()
      if (start === undefined) return
      running += 1
      start()
    }
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve)
      next()
    })
    try {
      return await work()
    } finally {
      running -= 1
      next()
    }
  }

  return {
    run,
    slowDown: () => {
      if (timer !== null) return
      pause = Math.min(limits.throttleMaxMs, Math.max(limits.throttleFirstMs, pause * 2))
      timer = setTimeout(() => {
        timer = null
        next()
      }, pause)
    },
    speedUp: () => {
      if (timer === null) pause = 0
    },
    pauseMs: () => (timer === null ? 0 : pause),
  }
}
