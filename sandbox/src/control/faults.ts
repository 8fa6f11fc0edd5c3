/** What a server can be told to do wrong: counts of how many of the next calls, and settings that stay. */
type Behaviour = Readonly<Record<string, number | boolean | string>>

/** The faults in force; `take` uses up one of a count. */
export type Faults<B extends Behaviour> = {
  readonly get: () => B
  readonly set: (change: Partial<B>) => void
  readonly take: (count: keyof B & string) => boolean
}

export function createFaults<B extends Behaviour>(behaved: B): Faults<B> {
  let current = behaved
  return {
    get: () => current,
    set: (change) => {
      current = { ...current, ...change }
    },
    take: (count) => {
      const left = current[count]
      if (typeof left !== 'number' || left <= 0) return false
      current = { ...current, [count]: left - 1 }
      return true
    },
  }
}
