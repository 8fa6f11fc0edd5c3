import type { Clock, Instant } from '@dunlin/kernel'

const TICK_MS = 50

/** What is to be done at instants of the world's clock, whatever its rate and however it is set. */
export type Agenda = {
  readonly add: (at: Instant, work: () => void) => void
  readonly size: () => number
  readonly close: () => void
}

export function createAgenda(clock: Clock): Agenda {
  let entries: { readonly at: Instant; readonly work: () => void }[] = []
  const timer = setInterval(() => {
    const now = clock.now()
    const due = entries.filter(({ at }) => at <= now)
    if (due.length === 0) return
    entries = entries.filter(({ at }) => at > now)
    for (const { work } of due.sort((a, b) => a.at - b.at)) work()
  }, TICK_MS)
  return {
    add: (at, work) => entries.push({ at, work }),
    size: () => entries.length,
    close: () => clearInterval(timer),
  }
}
