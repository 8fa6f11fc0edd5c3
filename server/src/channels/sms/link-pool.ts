import type { LinkHealth, PartLink, SubmitAnswer } from './part-link.ts'

/**
 * Several connections of one account as one line: each part goes over the bound connection with the fewest
 * unanswered ones. When a connection drops, what lay on it is unknown and stays so: nothing moves to another.
 */
export function poolLinks<F, D>(links: readonly PartLink<F, D>[]): PartLink<F, D> {
  return {
    submit: (fields) => submit(links, fields),
    whenBound: async (waitMs) =>
      links.some((link) => link.bound() > 0) ||
      whenAny(links.map((link) => link.whenBound(waitMs))),
    onDeliver: (handler) => {
      for (const link of links) link.onDeliver(handler)
    },
    health: () => healthOf(links),
    bound: () => links.reduce((sum, link) => sum + link.bound(), 0),
    close: async () => {
      await Promise.all(links.map((link) => link.close()))
    },
  }
}

function submit<F, D>(links: readonly PartLink<F, D>[], fields: F): Promise<SubmitAnswer> {
  let best: PartLink<F, D> | null = null
  let least = Number.POSITIVE_INFINITY
  for (const link of links) {
    const { isBound, inFlight } = link.health()
    if (!isBound || inFlight >= least) continue
    best = link
    least = inFlight
  }
  if (best !== null) return best.submit(fields)
  const detail = healthOf(links).lastError ?? 'not connected'
  return Promise.resolve({ kind: 'not-written', detail })
}

/** True with the first that is; false when none was. */
function whenAny(waits: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    for (const wait of waits) wait.then((isBound) => isBound && resolve(true), reject)
    Promise.all(waits).then(() => resolve(false), reject)
  })
}

function healthOf<F, D>(links: readonly PartLink<F, D>[]): LinkHealth {
  const all = links.map((link) => link.health())
  return {
    isBound: all.some(({ isBound }) => isBound),
    connects: all.reduce((sum, { connects }) => sum + connects, 0),
    inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
    lastError: all.findLast(({ lastError }) => lastError !== null)?.lastError ?? null,
  }
}
