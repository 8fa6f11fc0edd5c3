import {
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  instantsOfLocal,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'

/** The day that it is in a zone, and the instant at which it began. */
export function dayOf(zoneName: string, at: Instant): { today: string; dayFrom: string } {
  const zone = required(zoneNamed(zoneName), `zone ${zoneName}`)
  const day = localDay(zone, at)
  const [midnight = at] = instantsOfLocal(zone, day, 0)
  return { today: formatLocalDate(day), dayFrom: formatInstant(instant(midnight)) }
}
