import { civil, localDay } from '@dunlin/kernel'
import { DAY_MS } from './clock-ranges.ts'
import { kindMask, outcomesOf } from './event-log.ts'
import type { Debt } from './facts.ts'
import type { EventFilter, Period, RuleOf } from './pack.ts'
import { pointOf } from './prepare.ts'
import { hasFreshConsent, type Terms } from './relief.ts'
import { isAbout, isWithParty, type LocalClock, type Scene } from './scene.ts'
import { channelsOf } from './vocabulary.ts'

/** Whether the event of that place in the log counts, about this debt where a rule asks debt by debt. */
export type EventTest = (scene: Scene, index: number, debt: Debt | undefined) => boolean
/** How many events count inside a period at the scene's instant, in one zone. */
export type Counter = (scene: Scene, clock: LocalClock, debt: Debt | undefined) => number

/** Whether an event is of the kind a rule counts, apart from whom and what it was about. */
export function compileEventFilter(filter: EventFilter): EventTest {
  const { directions, lines, notLines, via, pointWork } = filter
  const mask = kindMask({
    directions,
    channels: filter.channels?.flatMap((word) => [...channelsOf(word)]),
    outcomes: outcomesOf({ lines, notLines, talks: filter.effective ?? true }),
    via,
  })
  if (pointWork === undefined) return (scene, index) => scene.prepared.log.isKind(index, mask)
  return (scene, index) =>
    scene.prepared.log.isKind(index, mask) && isAtWork(scene, index, pointWork)
}

/** An event whose point is not among the facts counts as both. */
function isAtWork({ prepared }: Scene, index: number, work: boolean): boolean {
  const point = pointOf(prepared, prepared.log.given[index]?.point)
  return point === undefined || (point.work === true) === work
}

type Counted = RuleOf<'cap'> | RuleOf<'gap'>

/** Whether an event is of the rule's kind and concerns its scope: the party, the point, the debt, the agent. */
export function compileCounted(rule: Counted, terms: Terms): EventTest {
  const isKind = compileEventFilter(rule.events)
  const inScope = scopeTest(rule.scope)
  const isLeftOut = leftOut(rule.events, terms)
  const { perCollector } = rule
  return (scene, index, debt) =>
    isKind(scene, index, debt) &&
    inScope(scene, index, debt) &&
    (!perCollector || isOfCollector(scene, index)) &&
    isLeftOut?.(scene, index, debt) !== true
}

function isOfCollector({ prepared, intent }: Scene, index: number): boolean {
  return prepared.log.given[index]?.actor?.agency === intent.actor?.agency
}

/** Calls that a consent to more calls covered, and calls to a number known to be a stranger's, do not count. */
function leftOut(filter: EventFilter, terms: Terms): EventTest | null {
  const { notHealth, notUnderConsentForDays: days } = filter
  if (notHealth === undefined && days === undefined) return null
  return (scene, index, debt) => {
    const { log } = scene.prepared
    const health = pointOf(scene.prepared, log.given[index]?.point)?.health
    if (health !== undefined && notHealth?.includes(health) === true) return true
    if (days === undefined) return false
    const at = log.timeOf(index)
    return hasFreshConsent(scene, { days, terms, debt, at, talksUntil: at })
  }
}

function scopeTest(scope: Counted['scope']): EventTest {
  switch (scope) {
    case 'party':
      return isOfParty
    case 'contact-point':
      return ({ prepared, intent }, index) => {
        const point = prepared.log.given[index]?.point
        return point === undefined || point === intent.point
      }
    case 'party+debt':
      return (scene, index, debt) =>
        isOfParty(scene, index) && isAbout(scene.prepared.log.given[index] ?? NOTHING, scene, debt)
    case 'agent+party':
      return (scene, index) => {
        const id = scene.prepared.log.given[index]?.actor?.id
        return isOfParty(scene, index) && (id === undefined || id === scene.intent.actor?.id)
      }
  }
}

const NOTHING = {}

function isOfParty(scene: Scene, index: number): boolean {
  return isWithParty(scene.prepared.log.given[index] ?? NOTHING, scene)
}

/** Counts the events of a test inside a period, from the newest back to where none can be inside any more. */
export function compileCounter(period: Period, counts: EventTest): Counter {
  return (scene, clock, debt) => {
    const steady = steadyStart(period, clock, scene.t)
    const earliest = steady ?? earliestOf(period, scene.t)
    const { log } = scene.prepared
    let count = 0
    for (let index = newestSince(scene, earliest); index >= 0; index -= 1) {
      const at = log.timeOf(index)
      if (at < earliest) break
      if (
        counts(scene, index, debt) &&
        (steady !== null || isInPeriod(at, scene, { clock, period }))
      )
        count += 1
    }
    return count
  }
}

/** The place of the newest event; −1, without a look into the history, when all were before the instant. */
export function newestSince({ prepared, known }: Scene, instant: number): number {
  return prepared.lastAtSeconds * 1000 < instant ? -1 : known - 1
}

/**
 * The midnight at which a period of calendar days began; null where the wall clock was put forward or
 * back since two days before, so that the dates of events must be asked one by one.
 */
function steadyStart(period: Period, clock: LocalClock, t: number): number | null {
  if (!('calendarDays' in period)) return null
  const start = t - clock.timeMs - (period.calendarDays - 1) * DAY_MS
  return clock.zone.nextChangeAfter(start - 2 * DAY_MS) > t ? start : null
}

/** Nothing before this instant can be inside the period: spares reading an old history. */
function earliestOf(period: Period, t: number): number {
  if ('calendarDays' in period) return t - (period.calendarDays + 2) * DAY_MS
  if ('calendar' in period) return t - (period.calendar === 'week' ? 9 : 33) * DAY_MS
  if ('rollingSeconds' in period) return t - period.rollingSeconds * 1000
  return Number.NEGATIVE_INFINITY
}

function isInPeriod(
  at: number,
  { t }: Scene,
  { clock, period }: { clock: LocalClock; period: Period },
): boolean {
  if ('rollingSeconds' in period) return t < at + period.rollingSeconds * 1000
  if ('ever' in period || 'hoursSinceInbound' in period) return true
  const day = localDay(clock.zone, at)
  if (day > clock.day) return false
  if ('calendarDays' in period) return day > clock.day - period.calendarDays
  if (period.calendar === 'week') return day >= clock.day - (clock.weekday - 1)
  const [then, now] = [civil(day), civil(clock.day)]
  return then.year === now.year && then.month === now.month
}
