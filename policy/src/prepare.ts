import { type EpochDay, parseInstant, parseLocalDate, type Zone, zoneNamed } from '@dunlin/kernel'
import { type ClockRange, parseRange } from './clock-ranges.ts'
import type { Consent, Facts, HistoryEvent, Hold, Party, Point } from './facts.ts'
import type { Channel, Line } from './vocabulary.ts'

/** A past contact with its instant read; absent fields stay absent because absence has a meaning. */
export class PastEvent {
  readonly at: number
  readonly given: HistoryEvent

  constructor(at: number, given: HistoryEvent) {
    this.at = at
    this.given = given
  }

  get channel(): Channel {
    return this.given.channel
  }

  get direction(): 'outbound' | 'inbound' | 'reply' {
    return this.given.direction ?? 'outbound'
  }

  get party(): string | undefined {
    return this.given.party
  }

  get point(): string | undefined {
    return this.given.point
  }

  get debts(): readonly string[] | undefined {
    return this.given.debts
  }

  get line(): Line | undefined {
    return this.given.line
  }

  get effective(): boolean {
    return this.given.effective === true
  }

  /** Sent, fate not known: always read against the contact. */
  get unknownFate(): boolean {
    const { line, direction, effective } = this.given
    return (line === undefined || line === 'unknown') && direction !== 'inbound' && !effective
  }

  get via(): HistoryEvent['via'] {
    return this.given.via
  }

  get actorId(): string | undefined {
    return this.given.actor?.id
  }

  get agency(): string | undefined {
    return this.given.actor?.agency
  }
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

const NONE: readonly never[] = []
const NO_HOLIDAYS: ReadonlySet<EpochDay> = new Set()

/** A person of the facts; a handful, so that looking is quicker than an index. */
export function partyOf({ facts }: PreparedFacts, id: string | undefined): Party | undefined {
  if (id === undefined) return undefined
  for (const party of facts.parties) if (party.id === id) return party
  return undefined
}

export function pointOf({ facts }: PreparedFacts, id: string | undefined): Point | undefined {
  if (id === undefined) return undefined
  for (const point of facts.points) if (point.id === id) return point
  return undefined
}

/** Reads instants, dates and hours of the facts. What cannot be read is named and refuses later. */
export function prepareFacts(facts: Facts): PreparedFacts {
  const unreadable: string[] = []
  const events = readHistory(facts.history, unreadable)
  readDebtDates(facts.debts, unreadable)
  const { zones } = facts.borrower
  return {
    facts,
    events,
    lastAt: events[events.length - 1]?.at ?? Number.NEGATIVE_INFINITY,
    zones: zones === undefined ? null : zonesNamed(zones),
    consents:
      facts.consents.length === 0
        ? NONE
        : facts.consents.map((consent, index) => ({
            consent,
            ...readSpan(consent, `consents[${index}]`, unreadable),
            hours: readHours(consent.hours, `consents[${index}].hours`, unreadable),
          })),
    holds:
      facts.holds.length === 0
        ? NONE
        : facts.holds.map((hold, index) => ({
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
    events.push(new PastEvent(at, event))
  }
  return isSorted ? events : events.sort((a, b) => a.at - b.at)
}

/** Dates of debts are read where a rule asks; here only whether they can be read. */
function readDebtDates(debts: Facts['debts'], unreadable: string[]): void {
  for (const [index, { validationSentAt, noticeSentAt, dueSince }] of debts.entries()) {
    if (validationSentAt !== undefined && parseInstant(validationSentAt) === null)
      unreadable.push(`debts[${index}].validationSentAt`)
    if (noticeSentAt !== undefined && parseInstant(noticeSentAt) === null)
      unreadable.push(`debts[${index}].noticeSentAt`)
    if (dueSince !== undefined && parseLocalDate(dueSince) === null)
      unreadable.push(`debts[${index}].dueSince`)
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
