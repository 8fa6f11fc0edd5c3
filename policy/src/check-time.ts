import { civil, daysInMonth, localDay, parseInstant } from '@dunlin/kernel'
import { type ClockRange, DAY_MS, isWithin, parseRanges, weekdayWord } from './clock-ranges.ts'
import {
  type Counter,
  compileCounted,
  compileCounter,
  type EventTest,
  newestSince,
} from './count-events.ts'
import type { Debt } from './facts.ts'
import { compileOnlyIf, isDayOff } from './only-if.ts'
import type { RuleOf } from './pack.ts'
import { hasConsent, hasFreshConsent, type Terms } from './relief.ts'
import { eventsOf, type LocalClock, latestInbound, type Scene } from './scene.ts'

/** A compiled condition: is it violated at the scene's instant? Caps also say how much is used. */
export type Check = {
  readonly violated: (scene: Scene) => boolean
  /** Caps: what is used of how much, and whether that is too much. */
  readonly measure?: (scene: Scene) => Measure
  /** Local times at which the answer can change, besides midnight. */
  readonly edges?: readonly number[]
  /** Seconds after an event at which the answer can change. */
  readonly rollingMs?: number
  /**
   * Asked when violated: before this instant it stays violated, if no consent lifts it and the
   * zone does not change its offset. Only spares the search some questions.
   */
  readonly stuckUntil?: (scene: Scene) => number
}

export type Measure = { readonly used: number; readonly of: number; readonly isFull: boolean }

export function checkWindow(rule: RuleOf<'window'>, terms: Terms): Check {
  const spans = rule.hours.map(({ days, ranges }) => ({ days, ranges: parseRanges(ranges) }))
  const holidays =
    rule.holidays === undefined || rule.holidays === 'closed' ? null : parseRanges(rule.holidays)
  const liftedByHours = rule.unless.some(
    (exception) => 'consent' in exception && exception.consent === 'contact-outside-hours',
  )
  const [only] = spans
  const everyDay = spans.length === 1 && only?.days === undefined ? (only?.ranges ?? []) : null
  const isDayOpen = ({ days, ranges }: (typeof spans)[number], clock: LocalClock): boolean =>
    (days === undefined || days.includes(weekdayWord(clock.weekday))) &&
    isWithin(ranges, clock.timeMs)
  const isOpen = (scene: Scene, clock: LocalClock): boolean => {
    if (rule.holidays !== undefined && scene.prepared.holidays.has(clock.day)) {
      return holidays !== null && isWithin(holidays, clock.timeMs)
    }
    if (everyDay !== null) return isWithin(everyDay, clock.timeMs)
    for (const span of spans) if (isDayOpen(span, clock)) return true
    return false
  }
  // The consent's own hours are read in the zone tested, so it is asked here, zone by zone.
  const isLiftedIn = (scene: Scene, clock: LocalClock): boolean =>
    liftedByHours && hasConsent(scene, 'contact-outside-hours', { terms, clock })
  const ranges: ClockRange[] = [...spans.flatMap((span) => span.ranges), ...(holidays ?? [])]
  return {
    violated: (scene) => {
      for (const clock of scene.clocks) {
        if (!isOpen(scene, clock) && !isLiftedIn(scene, clock)) return true
      }
      return false
    },
    edges: ranges.flatMap(({ start, end }) => [start, end]),
    stuckUntil: (scene) => {
      if (scene.prepared.consents.length > 0) return scene.t
      let until = scene.t
      for (const clock of scene.clocks) {
        if (!isOpen(scene, clock)) until = Math.max(until, nextStart(ranges, clock, scene.t))
      }
      return until
    },
  }
}

const NO_RANGES: readonly ClockRange[] = []

/** A count by calendar days, weeks or months changes at midnight at the earliest. */
function nextMidnight(scene: Scene): number {
  if (scene.prepared.consents.length > 0) return scene.t
  let next = Number.POSITIVE_INFINITY
  for (const clock of scene.clocks) next = Math.min(next, nextStart(NO_RANGES, clock, scene.t))
  return next
}

/** The next midnight or beginning of a range on the wall; `t` itself when the clock is put on or back before. */
function nextStart(ranges: readonly ClockRange[], clock: LocalClock, t: number): number {
  let start = DAY_MS
  for (const range of ranges)
    if (range.start > clock.timeMs && range.start < start) start = range.start
  const next = t + start - clock.timeMs
  return clock.zone.nextChangeAfter(t) <= next ? t : next
}

export function checkCap(rule: RuleOf<'cap'>, terms: Terms): Check {
  if ('hoursSinceInbound' in rule.period)
    return checkInboundWindow(rule, rule.period.hoursSinceInbound, terms)
  const isFree = debtRelief(rule, terms)
  const binds = compileOnlyIf(rule)
  const countIn = countingOf(rule, compileCounted(rule, terms))
  const debtsOf = (scene: Scene) => (rule.scope === 'party+debt' ? scene.debts : ONE)
  const usedIn = (scene: Scene, clock: LocalClock): number => {
    let most = 0
    for (const debt of debtsOf(scene)) {
      if (isFree?.(scene, debt) !== true) most = Math.max(most, countIn(scene, clock, debt))
    }
    return most
  }
  // Each zone counts with its own dates, and has its own month: the one with the least left is told.
  const measure = (scene: Scene): Measure => {
    let used = 0
    let of = MORE_THAN_ANY_CAP
    for (const clock of scene.clocks) {
      const count = usedIn(scene, clock)
      const max = rule.max === 'days-in-month' ? daysOfMonth(clock) : rule.max
      if (max - count >= of - used) continue
      used = count
      of = max
    }
    return { used, of, isFull: used >= of && binds(scene) }
  }
  return {
    violated: (scene) => measure(scene).isFull,
    measure,
    ...('rollingSeconds' in rule.period ? {} : { stuckUntil: nextMidnight }),
    ...('rollingSeconds' in rule.period ? { rollingMs: rule.period.rollingSeconds * 1000 } : {}),
  }
}

const ONE = [undefined]
/** A small whole number, as caps are: a machine keeps those without a box. */
const MORE_THAN_ANY_CAP = 2 ** 30

/** Events in the period; where a rule is about days off, none unless today and all of them are such. */
function countingOf({ onlyIf, period }: RuleOf<'cap'>, counts: EventTest): Counter {
  const all = compileCounter(period, counts)
  if (onlyIf === undefined || !('allOnDaysOff' in onlyIf)) return all
  return (scene, clock, debt) => {
    if (!isDayOff(scene, clock.day)) return 0
    const isOn = (index: number) =>
      !isDayOff(scene, localDay(clock.zone, scene.prepared.log.timeOf(index)))
    const on = compileCounter(period, (_, index) => isOn(index) && counts(scene, index, debt))
    return on(scene, clock, debt) === 0 ? all(scene, clock, debt) : 0
  }
}

function daysOfMonth(clock: LocalClock): number {
  const { year, month } = civil(clock.day)
  return daysInMonth(year, month)
}

/** So many messages within so many hours after the party's own last message of the same kind. */
function checkInboundWindow(rule: RuleOf<'cap'>, hours: number, terms: Terms): Check {
  const counts = compileCounted(rule, terms)
  const max = rule.max === 'days-in-month' ? 0 : rule.max
  const after = (scene: Scene): number | null => {
    const vias = rule.events.via
    const inbound = eventsOf(scene).findLast(
      (event) =>
        event.direction === 'inbound' &&
        event.party !== undefined &&
        event.party === scene.party?.id &&
        (vias === undefined || (event.via !== undefined && vias.includes(event.via))),
    )
    return inbound === undefined || scene.t >= inbound.at + hours * 3_600_000 ? null : inbound.at
  }
  const used = (scene: Scene, since: number) =>
    eventsOf(scene).filter(({ at }, index) => at > since && counts(scene, index, undefined)).length
  const measure = (scene: Scene): Measure => {
    const since = after(scene)
    const count = since === null ? 0 : used(scene, since)
    return { used: count, of: max, isFull: since === null || count >= max }
  }
  return { violated: (scene) => measure(scene).isFull, measure }
}

/** A consent to more calls frees the debts it still covers, each apart; null when the rule knows none. */
function debtRelief(
  rule: RuleOf<'cap'> | RuleOf<'gap'>,
  terms: Terms,
): ((scene: Scene, debt: Debt | undefined) => boolean) | null {
  for (const exception of rule.unless) {
    if (!('forDays' in exception)) continue
    const { forDays: days } = exception
    return (scene, debt) =>
      hasFreshConsent(scene, { days, terms, debt, at: scene.t, talksUntil: Infinity })
  }
  return null
}

export function checkGap(rule: RuleOf<'gap'>, terms: Terms): Check {
  if (rule.after === 'notice') return checkNotice(rule.daysAfterEvent)
  const counts = compileCounted(rule, terms)
  const isFree = debtRelief(rule, terms)
  const days = rule.daysAfterEvent
  const isNear = (scene: Scene, at: number) =>
    scene.clocks.some((clock) => clock.day < localDay(clock.zone, at) + days)
  const blocks = (scene: Scene, index: number) =>
    scene.debts.some((debt) => counts(scene, index, debt) && isFree?.(scene, debt) !== true)
  return {
    violated: (scene) => {
      // No event so long ago can be near in any zone.
      const earliest = scene.t - (days + 2) * DAY_MS
      const { log } = scene.prepared
      for (let index = newestSince(scene, earliest); index >= 0; index -= 1) {
        const at = log.timeOf(index)
        if (at < earliest) return false
        if (isNear(scene, at) && blocks(scene, index)) return true
      }
      return false
    },
  }
}

/** Every debt must have had its written notice so many local dates before. */
function checkNotice(days: number): Check {
  return {
    violated: (scene) =>
      scene.debts.some((debt) => {
        const sentAt = debt?.noticeSentAt === undefined ? null : parseInstant(debt.noticeSentAt)
        if (sentAt === null) return true
        return scene.clocks.some(({ zone, day }) => day < localDay(zone, sentAt) + days)
      }),
  }
}

/** The instant until which an answer counts as one, where the pack counts in hours; null otherwise. */
export function replyEnds(scene: Scene, terms: Terms): number | null {
  if (scene.direction !== 'reply' || !('hours' in terms.reply)) return null
  const inbound = latestInbound(scene)
  return inbound === null ? null : inbound.at + terms.reply.hours * 3_600_000
}
