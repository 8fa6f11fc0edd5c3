import { localDate } from './local-date.ts'

/** What a platform knows of time zones: asked while a zone's table is built, and outside of its years. */
export type ZoneOffsets = {
  readonly isZone: (name: string) => boolean
  /** Local time minus UTC, in milliseconds. */
  readonly offsetAt: (name: string, epochMs: number) => number
  /** The instants in (from, until) at which the offset changes, ascending. */
  readonly changesBetween: (name: string, from: number, until: number) => number[]
}

/** By `Temporal` where the platform has it, else by `Intl`: both read the same tables of zones. */
export function platformOffsets(): ZoneOffsets {
  return 'Temporal' in globalThis ? temporalOffsets : intlOffsets
}

const temporalOffsets: ZoneOffsets = {
  isZone: (name) => isAccepted(() => zoned(name, 0)),
  offsetAt: (name, epochMs) => zoned(name, epochMs).offsetNanoseconds / 1_000_000,
  changesBetween: (name, from, until) => {
    const changes: number[] = []
    let next = zoned(name, from).getTimeZoneTransition('next')
    while (next !== null && next.epochMilliseconds < until) {
      changes.push(next.epochMilliseconds)
      next = next.getTimeZoneTransition('next')
    }
    return changes
  },
}

function zoned(name: string, epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(name)
}

/** No zone has changed its offset and changed it back within so short a time since 1990. */
const STEP_MS = 4 * 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** The same without `Temporal`: offsets are looked at every few days, and the seconds of a change are halved out. */
export const intlOffsets: ZoneOffsets = {
  isZone: (name) => isAccepted(() => formatOf(name)),
  offsetAt: readOffset,
  changesBetween: (name, from, until) => {
    const changes: number[] = []
    let offset = readOffset(name, from)
    for (let at = from; at < until; at += STEP_MS) {
      const end = Math.min(at + STEP_MS, until)
      const after = readOffset(name, end)
      if (after !== offset) changes.push(firstWith(name, after, { low: at, high: end }))
      offset = after
    }
    return changes.filter((change) => change < until)
  },
}

/** The first whole second in (low, high] from which the offset is the one at `high`. */
function firstWith(name: string, offset: number, span: { low: number; high: number }): number {
  let { low, high } = span
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (readOffset(name, middle) === offset) high = middle
    else low = middle
  }
  return high
}

function readOffset(name: string, epochMs: number): number {
  const seconds = Math.floor(epochMs / 1000) * 1000
  const shown: Record<string, number> = {}
  for (const { type, value } of formatOf(name).formatToParts(seconds)) shown[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown
  const date = localDate(year, month, day)
  if (date === null) throw new RangeError(`no local date in ${name} at ${epochMs}`)
  return date * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000 - seconds
}

function formatOf(name: string): Intl.DateTimeFormat {
  const known = formats.get(name)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(name, made)
  return made
}

/** Platforms tell an unknown zone by a RangeError. */
function isAccepted(ask: () => unknown): boolean {
  try {
    ask()
    return true
  } catch {
    return false
  }
}
