import { addDays, type Instant, instant, instantsOfLocal, localDay } from '@dunlin/kernel'
import { replyEnds } from './check-time.ts'
import { DAY_MS } from './clock-ranges.ts'
import type { CompiledRule, RuleSet } from './compile.ts'
import { type Scene, setTime } from './scene.ts'

const HORIZON_DAYS = 366

/**
 * The earliest instant after `at` and within 366 days at which no blocking rule is violated by the
 * same facts and intent; null when there is none. Between two neighbouring candidates no rule can
 * change its answer, so asking at the candidates alone is exact.
 */
export function earliestLawful(
  scene: Scene,
  set: RuleSet,
  concerned: readonly CompiledRule[],
): Instant | null {
  const blocking = concerned.filter(({ rule, isFixed }) => rule.severity !== 'advise' && !isFixed)
  const loose = looseInstants(scene, set, blocking)
  const edges = clockEdges(scene, set)
  let suspect: CompiledRule | undefined
  try {
    for (let day = 0; day < HORIZON_DAYS; day += 1) {
      const from = scene.at + day * DAY_MS
      for (const t of candidates(scene, { from, edges, loose })) {
        setTime(scene, t)
        // What failed last is likely to fail again: asking it first spares the others.
        if (suspect?.isViolated(scene) === true) continue
        suspect = blocking.find((rule) => rule.isViolated(scene))
        if (suspect === undefined) return instant(t)
      }
    }
    return null
  } finally {
    setTime(scene, scene.at)
  }
}

/** Instants in (from, from + 1 day] at which some rule may change its answer, ascending. */
function candidates(
  scene: Scene,
  { from, edges, loose }: { from: number; edges: readonly number[]; loose: readonly number[] },
): number[] {
  const until = from + DAY_MS
  const found = new Set<number>()
  const add = (t: number): void => {
    if (t > from && t <= until) found.add(t)
  }
  for (const { zone } of scene.clocks) {
    const first = localDay(zone, from)
    for (let offset = 0; offset <= 1; offset += 1) {
      for (const edge of edges)
        for (const t of instantsOfLocal(zone, addDays(first, offset), edge)) add(t)
    }
    add(zone.nextChangeAfter(from))
  }
  for (const t of loose) add(t)
  return [...found].sort((a, b) => a - b)
}

/** Wall-clock times at which a window, a hold or a consent opens or closes; midnight among them. */
function clockEdges(scene: Scene, set: RuleSet): number[] {
  const edges = new Set(set.edges)
  const ranges = [...scene.prepared.consents, ...scene.prepared.holds].flatMap(
    ({ hours }) => hours ?? [],
  )
  for (const { start, end } of ranges) edges.add(start).add(end)
  return [...edges]
}

/** Instants of the facts themselves: holds and consents begin and end, answers lapse, rolling periods run out. */
function looseInstants(scene: Scene, set: RuleSet, blocking: readonly CompiledRule[]): number[] {
  const loose: number[] = []
  for (const { from, to } of [...scene.prepared.holds, ...scene.prepared.consents])
    loose.push(from, to)
  for (const ms of set.rollingMs) for (const event of scene.events) loose.push(event.at + ms)
  for (const { terms } of blocking) {
    const ends = replyEnds(scene, terms)
    if (ends !== null && !loose.includes(ends)) loose.push(ends)
  }
  return loose.filter((t) => Number.isFinite(t) && t > scene.at)
}
