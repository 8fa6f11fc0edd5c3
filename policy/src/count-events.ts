import { civil, localDay } from '@dunlin/kernel'
import { DAY_MS } from './clock-ranges.ts'
import type { Debt } from './facts.ts'
import type { EventFilter, Period, RuleOf } from './pack.ts'
import { type PastEvent, pointOf } from './prepare.ts'
import { hasFreshConsent, type Terms } from './relief.ts'
import { isAbout, isWithParty, type LocalClock, type Scene } from './scene.ts'
import { channelsOf } from './vocabulary.ts'

export type EventTest = (event: PastEvent, scene: Scene) => boolean
type ScopeTest = (event: PastEvent, scene: Scene, debt: Debt | undefined) => boolean

/** Whether an event is of the kind a rule counts, apart from whom and what it was about. */
export function compileEventFilter(filter: EventFilter): EventTest {
  const channels = filter.channels?.flatMap((word) => [...channelsOf(word)])
  const { directions, lines, notLines, via, pointWork } = filter
  const countsTalk = filter.effective ?? true
  const countsLine = (event: PastEvent): boolean => {
    if (event.unknownFate) return true
    if (event.effective) return countsTalk
    if (notLines !== undefined && event.line !== undefined && notLines.includes(event.line))
      return false
    return lines === undefined || (event.line !== undefined && lines.includes(event.line))
  }
  return (event, scene) => {
    if (!directions.includes(event.direction)) return false
    if (channels !== undefined && !channels.includes(event.channel)) return false
    if (via !== undefined && (event.via === undefined || !via.includes(event.via))) return false
    if (pointWork !== undefined && !isAtWork(event, scene, pointWork)) return false
    return countsLine(event)
  }
}

/** An event whose point is not among the facts counts as both. */
function isAtWork(event: PastEvent, scene: Scene, work: boolean): boolean {
  const point = pointOf(scene.prepared, event.point)
  return point === undefined || (point.work === true) === work
}

type Counted = RuleOf<'cap'> | RuleOf<'gap'>

/** Whether an event concerns the scope of a rule: the party, the point, the debt, the agent. */
export function compileScope(rule: Counted, terms: Terms): ScopeTest {
  const inScope = leaveOut(scopeTest(rule.scope), rule.events, terms)
  if (!rule.perCollector) return inScope
  return (event, scene, debt) =>
    event.agency === scene.intent.actor?.agency && inScope(event, scene, debt)
}

/** Calls that a consent to more calls covered, and calls to a number known to be a stranger's, do not count. */
function leaveOut(inScope: ScopeTest, filter: EventFilter, terms: Terms): ScopeTest {
  const { notHealth, notUnderConsentForDays: days } = filter
  if (notHealth === undefined && days === undefined) return inScope
  return (event, scene, debt) => {
    if (!inScope(event, scene, debt)) return false
    const health = pointOf(scene.prepared, event.point)?.health
    if (health !== undefined && notHealth?.includes(health) === true) return false
    return days === undefined || !hasFreshConsent(scene, { days, terms, debt, at: event.at })
  }
}

function scopeTest(scope: Counted['scope']): ScopeTest {
  switch (scope) {
    case 'party':
      return isWithParty
    case 'contact-point':
      return (event, scene) => event.point === undefined || event.point === scene.intent.point
    case 'party+debt':
      return (event, scene, debt) => isWithParty(event, scene) && isAbout(event, scene, debt)
    case 'agent+party':
      return (event, scene) =>
        isWithParty(event, scene) &&
        (event.actorId === undefined || event.actorId === scene.intent.actor?.id)
  }
}

/** Events of a cap inside its period at the scene's instant, in one zone. */
export function countInPeriod(
  scene: Scene,
  clock: LocalClock,
  counts: (event: PastEvent) => boolean,
  period: Period,
): number {
  const steady = steadyStart(period, clock, scene.t)
  if (steady !== null) return countSince(scene, steady, counts)
  const earliest = earliestOf(period, scene.t)
  let count = 0
  for (let index = scene.events.length - 1; index >= 0; index -= 1) {
    const event = scene.events[index]
    if (event === undefined || event.at < earliest) break
    if (counts(event) && isInPeriod(event, scene, { clock, period })) count += 1
  }
  return count
}

function countSince(scene: Scene, start: number, counts: (event: PastEvent) => boolean): number {
  const { events } = scene
  let count = 0
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event === undefined || event.at < start) break
    if (counts(event)) count += 1
  }
  return count
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
  event: PastEvent,
  scene: Scene,
  { clock, period }: { clock: LocalClock; period: Period },
): boolean {
  if ('rollingSeconds' in period) return scene.t < event.at + period.rollingSeconds * 1000
  if ('ever' in period || 'hoursSinceInbound' in period) return true
  const day = localDay(clock.zone, event.at)
  if (day > clock.day) return false
  if ('calendarDays' in period) return day > clock.day - period.calendarDays
  if (period.calendar === 'week') return day >= clock.day - (clock.weekday - 1)
  const [then, now] = [civil(day), civil(clock.day)]
  return then.year === now.year && then.month === now.month
}
