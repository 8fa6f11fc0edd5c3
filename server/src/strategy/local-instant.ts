import {
  type EpochDay,
  formatInstant,
  instant,
  instantsOfLocal,
  required,
  zoneNamed,
} from '@dunlin/kernel'

/** A step's local time of day (`10:00`) on a day in a zone, as an instant; the first where the clock shows it twice. */
export function localInstant(zoneName: string, day: EpochDay, time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const zone = required(zoneNamed(zoneName), `zone ${zoneName}`)
  const [first] = instantsOfLocal(zone, day, (hours * 60 + minutes) * 60_000)
  return formatInstant(instant(required(first, 'instant')))
}
