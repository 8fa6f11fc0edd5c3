/** Runs at most so many works at one time; the next in line begins when one ends. */
export type Turns = {
  readonly run: <T>(work: () => Promise<T>) => Promise<T>
  readonly isIdle: () => boolean
}

export function createTurns(max: number): Turns {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    // A place that is freed goes to the next in line, so that there are never more than `max` at work.
    run: async (work) => {
      if (running < max) running += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
    isIdle: () => running === 0,
  }
}

/** Turns of their own for each key, such as a receiving domain; a key that is idle is forgotten. */
export function createTurnsByKey(
  max: number,
): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const byKey = new Map<string, Turns>()
  return async (key, work) => {
    const turns = byKey.get(key) ?? createTurns(max)
    byKey.set(key, turns)
    try {
      return await turns.run(work)
    } finally {
      if (turns.isIdle()) byKey.delete(key)
    }
  }
}
