import { type EpochDay, parseInstant, parseLocalDate, type Zone, zoneNamed } from '@dunlin/kernel'
import { type ClockRange, parseRange } from './clock-ranges.ts'
import type { Consent, Facts, HistoryEvent, Hold, Party, Point } from './facts.ts'
import type { Channel, Line } from './vocabulary.ts'

/** A past contact with its instant read; absent fields stay absent because absence has a meaning. */
export type PastEvent = {
  readonly at: number
  readonly channel: Channel
  readonly direction: 'outbound' | 'inbound' | 'reply'
  readonly party: string | undefined
  readonly point: string | undefined
  readonly debts: readonly string[] | undefined
  readonly line: Line | undefined
  readonly effective: boolean
  /** Sent, fate not known: always read against the contact. */
  readonly unknownFate: boolean
  readonly via: 'mass' | 'kf' | 'chat' | undefined
  readonly actorId: string | undefined
  readonly agency: string | undefined
}

export type OpenSpan = { readonly from: number; readonly to: number }
export type PreparedConsent = OpenSpan & {
  readonly consent: Consent
  readonly hours: readonly ClockRange[] | null
}
export type PreparedHold = OpenSpan & {
  readonly hold: Hold
  readonly hours: readonly ClockRange[] | null
}

/** Facts read once, for any number of intents about the same borrower. */
export type PreparedFacts = {
  readonly facts: Facts
  readonly parties: ReadonlyMap<string, Party>
  readonly points: ReadonlyMap<string, Point>
  /** Ascending by instant. */
  readonly events: readonly PastEvent[]
  /** The instant of the last event, −Infinity when there is none. */
  readonly lastAt: number
  /** The borrower's own zones; null when none is given or one is unknown. */
  readonly zones: readonly Zone[] | null
  readonly consents: readonly PreparedConsent[]
  readonly holds: readonly PreparedHold[]
  readonly holidays: ReadonlySet<EpochDay>
  /** Paths of facts that could not be read: the gate refuses. */
  readonly unreadable: readonly string[]
}

const NO_HOLIDAYS: ReadonlySet<EpochDay> = new Set()

/** Reads instants, dates and hours of the facts. What cannot be read is named and refuses later. */
export function prepareFacts(facts: Facts): PreparedFacts {
  const unreadable: string[] = []
  const events = readHistory(facts.history, unreadable)
  const { zones } = facts.borrower
  return {
    facts,
    parties: new Map(facts.parties.map((party) => [party.id, party])),
    points: new Map(facts.points.map((point) => [point.id, point])),
    events,
    lastAt: events[events.length - 1]?.at ?? Number.NEGATIVE_INFINITY,
    zones: zones === undefined ? null : zonesNamed(zones),
    consents: facts.consents.map((consent, index) => ({
      consent,
      ...readSpan(consent, `consents[${index}]`, unreadable),
      hours: readHours(consent.hours, `consents[${index}].hours`, unreadable),
    })),
    holds: facts.holds.map((hold, index) => ({
      hold,
      ...readSpan(hold, `holds[${index}]`, unreadable),
      hours: readHours(hold.scope?.hours, `holds[${index}].scope.hours`, unreadable),
    })),
    holidays: readHolidays(facts.borrower.holidays, unreadable),
    unreadable,
  }
}

function readHistory(history: readonly HistoryEvent[], unreadable: string[]): PastEvent[] {
  const events: PastEvent[] = []
  let isSorted = true
  let last = Number.NEGATIVE_INFINITY
  for (let index = 0; index < history.length; index += 1) {
    const event = history[index]
    if (event === undefined) continue
    const at = parseInstant(event.at)
    if (at === null) {
      unreadable.push(`history[${index}].at`)
      continue
    }
    if (at < last) isSorted = false
    last = at
    events.push(toPastEvent(event, at))
  }
  return isSorted ? events : events.sort((a, b) => a.at - b.at)
}

function toPastEvent(event: HistoryEvent, at: number): PastEvent {
  const direction = event.direction ?? 'outbound'
  const effective = event.effective === true
  return {
    at,
    channel: event.channel,
    direction,
    party: event.party,
    point: event.point,
    debts: event.debts,
    line: event.line,
    effective,
    unknownFate:
      direction !== 'inbound' &&
      !effective &&
      (event.line === undefined || event.line === 'unknown'),
    via: event.via,
    actorId: event.actor?.id,
    agency: event.actor?.agency,
  }
}

function readSpan(
  given: { from?: string | undefined; to?: string | undefined },
  path: string,
  unreadable: string[],
): OpenSpan {
  const from = given.from === undefined ? Number.NEGATIVE_INFINITY : readMoment(given.from)
  const to = given.to === undefined ? Number.POSITIVE_INFINITY : readMoment(given.to)
  if (from === null) unreadable.push(`${path}.from`)
  if (to === null) unreadable.push(`${path}.to`)
  return { from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }
}

function readMoment(text: string): number | null {
  return parseInstant(text)
}

function readHours(
  texts: readonly string[] | undefined,
  path: string,
  unreadable: string[],
): ClockRange[] | null {
  if (texts === undefined) return null
  return texts.flatMap((text) => {
    const range = parseRange(text)
    if (range === null) unreadable.push(path)
    return range ?? []
  })
}

function readHolidays(
  dates: readonly string[] | undefined,
  unreadable: string[],
): ReadonlySet<EpochDay> {
  if (dates === undefined || dates.length === 0) return NO_HOLIDAYS
  const days = new Set<EpochDay>()
  for (const date of dates) {
    const day = parseLocalDate(date)
    if (day === null) unreadable.push('borrower.holidays')
    else days.add(day)
  }
  return days
}

/**
 * The candidate zones of the person contacted: own, else the borrower's, else the country's one
 * zone; null when there is none or one of them is unknown.
 */
export function candidateZones(
  { facts, zones }: PreparedFacts,
  party: Party | undefined,
  countryZones: ReadonlyMap<string, string>,
): readonly Zone[] | null {
  if (party?.zones !== undefined) return zonesNamed(party.zones)
  if (facts.borrower.zones !== undefined) return zones
  const zone = countryZones.get(facts.borrower.country ?? '')
  return zone === undefined ? null : zonesNamed([zone])
}

function zonesNamed(names: readonly string[]): readonly Zone[] | null {
  const zones: Zone[] = []
  for (const name of names) {
    const zone = zoneNamed(name)
    if (zone === null) return null
    zones.push(zone)
  }
  return zones.length === 0 ? null : zones
}
