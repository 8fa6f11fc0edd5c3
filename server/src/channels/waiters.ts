/** Whoever waits until a line is up: each is told once. */
export type Waiters = {
  /** Resolves with what `tell` says first, or with false after the wait. */
  readonly wait: (waitMs: number) => Promise<boolean>
  readonly tell: (isUp: boolean) => void
}

export function createWaiters(): Waiters {
  const waiting = new Set<(isUp: boolean) => void>()
  return {
    wait: (waitMs) =>
      new Promise((resolve) => {
        const settle = (isUp: boolean): void => {
          clearTimeout(timer)
          waiting.delete(settle)
          resolve(isUp)
        }
        const timer = setTimeout(() => settle(false), waitMs)
        waiting.add(settle)
      }),
    tell: (isUp) => {
      for (const settle of [...waiting]) settle(isUp)
    },
  }
}
