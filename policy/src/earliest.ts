import { type Instant, instant, instantsOfLocal, localDay, parseInstant } from '@dunlin/kernel'
import { always } from './applies.ts'
import { replyEnds } from './check-time.ts'
import { DAY_MS } from './clock-ranges.ts'
import type { CompiledRule, RuleSet } from './rule-table.ts'
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
  let stuck = scene.at
  for (const rule of violated) stuck = Math.max(stuck, stuckUntil(rule, scene))
  const until = scene.at + HORIZON_MS
  if (stuck > until) return null
  try {
    return search(scene, set, { stuck, until })
  } finally {
    setTime(scene, scene.at)
  }
}

/** The rules that concern the contact and whose answer may change. */
function changingFor(scene: Scene, set: RuleSet): readonly CompiledRule[] {
  const { heldKinds } = scene.prepared
  if (set.isChangingForAll && heldKinds === 0) return set.changing
  const found: CompiledRule[] = []
  for (const rule of set.changing) if (concerns(rule, scene)) found.push(rule)
  if (heldKinds === 0) return found
  for (const { compiled, bit } of set.changingHolds) {
    if ((heldKinds & bit) !== 0 && concerns(compiled, scene)) found.push(compiled)
  }
  return found
}

function concerns({ applies }: CompiledRule, scene: Scene): boolean {
  return applies === always || applies(scene)
}

function search(
  scene: Scene,
  set: RuleSet,
  { stuck: first, until }: { stuck: number; until: number },
): Instant | null {
  const blocking = changingFor(scene, set)
  let stuck = first
  let suspect: CompiledRule | undefined
  let moments: Moments | undefined
  for (;;) {
    // Up to where a rule is known to stay violated nothing need be asked; else up to the next moment.
    let t = stuck
    if (stuck <= scene.t) {
      moments ??= momentsOf(scene, set, blocking)
      t = nextMoment(scene, moments)
    }
    if (t > until) return null
    setTime(scene, t)
    // What failed last is likely to fail again: asking it first spares the others.
    if (suspect?.isViolated(scene) !== true) {
      suspect = firstViolated(blocking, scene)
      if (suspect === undefined) return instant(t)
    }
    stuck = stuckUntil(suspect, scene)
  }
}

function momentsOf(scene: Scene, set: RuleSet, blocking: readonly CompiledRule[]): Moments {
  return { edges: clockEdges(scene, set), loose: looseInstants(scene, set, blocking) }
}

function firstViolated(rules: readonly CompiledRule[], scene: Scene): CompiledRule | undefined {
  for (const rule of rules) if (rule.isViolated(scene)) return rule
  return undefined
}

function stuckUntil({ check, rule }: CompiledRule, scene: Scene): number {
  // A dated rule may end, whatever its condition says.
  if (check.stuckUntil === undefined || rule.to !== undefined) return scene.t
  return check.stuckUntil(scene)
}

/** The first instant after the scene's at which some rule may change its answer. */
function nextMoment(scene: Scene, { edges, loose }: Moments): number {
  const { t } = scene
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
  if (consents.length === 0 && holds.length === 0) return set.edges
  const ranges = [...consents, ...holds].flatMap(({ hours }) => hours ?? [])
  if (ranges.length === 0) return set.edges
  return [...new Set([...set.edges, ...ranges.flatMap(({ start, end }) => [start, end])])]
}

const NONE: readonly number[] = []

/** Holds and consents begin and end, answers lapse, rolling periods run out, a notice begins to bind. */
function looseInstants(
  scene: Scene,
  set: RuleSet,
  blocking: readonly CompiledRule[],
): readonly number[] {
  const { holds, consents } = scene.prepared
  const isQuiet = holds.length === 0 && consents.length === 0 && set.rollingMs.length === 0
  const isNoticed = scene.debts.some((debt) => debt?.validationSentAt !== undefined)
  if (isQuiet && !isNoticed && scene.direction !== 'reply') return NONE
  const notices = scene.debts.flatMap((debt) => debt?.validationSentAt ?? [])
  const loose = new Set<number>(notices.map((sentAt) => parseInstant(sentAt) ?? scene.at))
  for (const { from, to } of holds) loose.add(from).add(to)
  for (const { from, to } of consents) loose.add(from).add(to)
  for (const ms of set.rollingMs) {
    for (let index = 0; index < scene.known; index += 1)
      loose.add(scene.prepared.log.timeOf(index) + ms)
  }
  if (scene.direction === 'reply') {
    for (const { terms } of blocking) loose.add(replyEnds(scene, terms) ?? scene.at)
  }
  return [...loose]
    .filter((t) => Number.isFinite(t) && t > scene.at)
    .sort((first, second) => first - second)
}
