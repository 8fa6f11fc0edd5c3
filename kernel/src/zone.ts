import { type EpochDay, epochDay } from './local-date.ts'
import { platformOffsets } from './zone-offsets.ts'

/** A time zone as a table of offsets: integers only once it is built. */
export type Zone = {
  readonly name: string
  /** Local time minus UTC, in milliseconds, at an instant in milliseconds since 1970. */
  readonly offsetAt: (epochMs: number) => number
  /** The first change of offset after an instant, or Infinity. */
  readonly nextChangeAfter: (epochMs: number) => number
}

const DAY_MS = 86_400_000
/** Changes are tabulated for these years; outside of them the platform is asked each time. */
const TABLE_FROM_MS = Date.UTC(1990, 0, 1)
const TABLE_UNTIL_MS = Date.UTC(2060, 0, 1)
const zones = new Map<string, Zone | null>()

/** The zone of an IANA name; null when there is no such zone. */
export function zoneNamed(name: string): Zone | null {
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = isZone(name) ? buildZone(name) : null
  zones.set(name, zone)
  return zone
}

/** The local calendar date at an instant. */
export function localDay(zone: Zone, epochMs: number): EpochDay {
  return epochDay(Math.floor((epochMs + zone.offsetAt(epochMs)) / DAY_MS))
}

/** Milliseconds since local midnight by the clock on the wall. */
export function localTimeMs(zone: Zone, epochMs: number): number {
  const local = epochMs + zone.offsetAt(epochMs)
  return local - Math.floor(local / DAY_MS) * DAY_MS
}

/**
 * The instants at which the wall clock shows `timeMs` after midnight of `day`: one, two where the
 * clock goes back over it, and the end of the gap where the clock jumps over it.
 */
export function instantsOfLocal(zone: Zone, day: number, timeMs: number): number[] {
  const local = day * DAY_MS + timeMs
  const before = zone.offsetAt(local - DAY_MS)
  const after = zone.offsetAt(local + DAY_MS)
  if (before === after && zone.offsetAt(local - before) === before) return [local - before]
  const candidates = [...new Set([local - before, local - after])]
  const exact = candidates.filter((at) => at + zone.offsetAt(at) === local)
  if (exact.length > 0) return exact.sort((a, b) => a - b)
  // The clock jumps over this time: the moment of the jump shows the end of the gap.
  return [zone.nextChangeAfter(Math.min(...candidates) - DAY_MS)]
}

/** An IANA name: an offset or a whole date with a zone in brackets is none. */
const NAME = /^[A-Za-z]{2}[A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/

function isZone(name: string): boolean {
  return NAME.test(name) && platformOffsets().isZone(name)
}

function buildZone(name: string): Zone {
  const { changes, offsets } = tabulate(name)
  let hit = 0
  const indexAt = (epochMs: number): number => {
    const from = changes[hit - 1] ?? Number.NEGATIVE_INFINITY
    const until = changes[hit] ?? Number.POSITIVE_INFINITY
    if (epochMs < from || epochMs >= until) hit = firstAbove(changes, epochMs)
    return hit
  }
  return {
    name,
    offsetAt: (epochMs) => {
      if (epochMs < TABLE_FROM_MS || epochMs >= TABLE_UNTIL_MS)
        return platformOffsets().offsetAt(name, epochMs)
      return offsets[indexAt(epochMs)] ?? 0
    },
    nextChangeAfter: (epochMs) => changes[indexAt(epochMs)] ?? Number.POSITIVE_INFINITY,
  }
}

function tabulate(name: string): { changes: number[]; offsets: number[] } {
  const { offsetAt, changesBetween } = platformOffsets()
  const changes = changesBetween(name, TABLE_FROM_MS, TABLE_UNTIL_MS)
  return { changes, offsets: [TABLE_FROM_MS, ...changes].map((at) => offsetAt(name, at)) }
}

/** Index of the first change after an instant. */
function firstAbove(changes: readonly number[], epochMs: number): number {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changes[middle] ?? 0) <= epochMs) low = middle + 1
    else high = middle
  }
  return low
}
