import { type Instant, instant, instantsOfLocal, localDay, parseInstant } from '@dunlin/kernel'
import { always } from './applies.ts'
import { mayBeHeld } from './check-hold.ts'
import { replyEnds } from './check-time.ts'
import { DAY_MS } from './clock-ranges.ts'
import type { CompiledRule, RuleSet } from './compile.ts'
import { type LocalClock, type Scene, setTime } from './scene.ts'

const HORIZON_MS = 366 * DAY_MS

type Moments = {
  /** Wall-clock times at which a window, a hold or a consent opens or closes; midnight among them. */
  readonly edges: readonly number[]
  /** Instants of the facts themselves, ascending. */
  readonly loose: readonly number[]
}

/**
 * The earliest instant after `at` and within 366 days at which no blocking rule is violated by the
 * same facts and intent; null when there is none. Between two neighbouring candidates no rule can
 * change its answer, so asking at the candidates alone is exact.
 */
export function earliestLawful(
  scene: Scene,
  set: RuleSet,
  violated: readonly CompiledRule[],
): Instant | null {
  let t = scene.at
  for (const rule of violated) t = Math.max(t, stuckUntil(rule, scene) - 1)
  const until = scene.at + HORIZON_MS
  const changing = mayBeHeld(scene) ? [...set.changing, ...set.changingHolds] : set.changing
  const blocking = changing.filter((rule) => rule.applies === always || rule.applies(scene))
  const moments = { edges: clockEdges(scene, set), loose: looseInstants(scene, set, blocking) }
  try {
    return search(scene, blocking, { t, until, moments })
  } finally {
    setTime(scene, scene.at)
  }
}

function search(
  scene: Scene,
  blocking: readonly CompiledRule[],
  from: { t: number; until: number; moments: Moments },
): Instant | null {
  let { t } = from
  let suspect: CompiledRule | undefined
  while (t < from.until) {
    if (scene.t !== t) setTime(scene, t)
    t = nextMoment(scene, t, from.moments)
    if (t > from.until) return null
    setTime(scene, t)
    // What failed last is likely to fail again: asking it first spares the others.
    if (suspect?.isViolated(scene) !== true) {
      suspect = blocking.find((rule) => rule.isViolated(scene))
      if (suspect === undefined) return instant(t)
    }
    t = Math.max(t, stuckUntil(suspect, scene) - 1)
  }
  return null
}

function stuckUntil({ check, rule }: CompiledRule, scene: Scene): number {
  // A dated rule may end, whatever its condition says.
  if (check.stuckUntil === undefined || rule.to !== undefined) return scene.t
  return check.stuckUntil(scene)
}

/** The first instant after `t` at which some rule may change its answer; the scene's clocks show `t`. */
function nextMoment(scene: Scene, t: number, { edges, loose }: Moments): number {
  let next = Number.POSITIVE_INFINITY
  for (const instantOfFacts of loose) {
    if (instantOfFacts > t) {
      next = instantOfFacts
      break
    }
  }
  for (const clock of scene.clocks) next = Math.min(next, nextOnWall(clock, t, edges))
  return next
}

/** The first instant after `t` at which this wall shows one of the edges, or its offset changes. */
function nextOnWall(clock: LocalClock, t: number, edges: readonly number[]): number {
  let wait = DAY_MS
  for (const edge of edges) {
    const ahead = edge > clock.timeMs ? edge - clock.timeMs : edge - clock.timeMs + DAY_MS
    if (ahead < wait) wait = ahead
  }
  const next = t + wait
  const change = clock.zone.nextChangeAfter(t)
  return change > next + DAY_MS ? next : Math.min(change, nextNearChange(clock, t, edges))
}

/** The same on the days around a change of offset, where a wall time may come twice or never. */
function nextNearChange({ zone }: LocalClock, t: number, edges: readonly number[]): number {
  const today = localDay(zone, t)
  let next = Number.POSITIVE_INFINITY
  for (let day = today - 1; day <= today + 2; day += 1) {
    for (const edge of edges) {
      for (const found of instantsOfLocal(zone, day, edge)) {
        if (found > t && found < next) next = found
      }
    }
  }
  return next
}

function clockEdges(scene: Scene, set: RuleSet): readonly number[] {
  const { consents, holds } = scene.prepared
  const ranges = [...consents, ...holds].flatMap(({ hours }) => hours ?? [])
  if (ranges.length === 0) return set.edges
  return [...new Set([...set.edges, ...ranges.flatMap(({ start, end }) => [start, end])])]
}

/** Holds and consents begin and end, answers lapse, rolling periods run out, a notice begins to bind. */
function looseInstants(scene: Scene, set: RuleSet, blocking: readonly CompiledRule[]): number[] {
  const { holds, consents } = scene.prepared
  const isQuiet = holds.length === 0 && consents.length === 0 && set.rollingMs.length === 0
  const notices = scene.debts.flatMap((debt) => debt?.validationSentAt ?? [])
  if (isQuiet && notices.length === 0 && scene.direction !== 'reply') return []
  const loose = new Set<number>(notices.map((sentAt) => parseInstant(sentAt) ?? scene.at))
  for (const { from, to } of holds) loose.add(from).add(to)
  for (const { from, to } of consents) loose.add(from).add(to)
  for (const ms of set.rollingMs) for (const event of scene.events) loose.add(event.at + ms)
  if (scene.direction === 'reply') {
    for (const { terms } of blocking) loose.add(replyEnds(scene, terms) ?? scene.at)
  }
  return [...loose]
    .filter((t) => Number.isFinite(t) && t > scene.at)
    .sort((first, second) => first - second)
}
