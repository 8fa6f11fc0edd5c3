import { type EpochDay, parseInstant, parseLocalDate, type Zone, zoneNamed } from '@dunlin/kernel'
import { type ClockRange, parseRange } from './clock-ranges.ts'
import { EventLog } from './event-log.ts'
import type { Consent, Debt, Facts, HistoryEvent, Hold, Party, Point } from './facts.ts'
import { HOLD_KINDS, type HoldKind, RELATIONS } from './vocabulary.ts'

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
  // What every question reads stands first, side by side and small: a borrower's facts are cold memory when
  // it is asked, and to follow one more reference into them takes as long as to ask several rules.
  readonly isReadable: boolean
  /** What is asked of the first person and the first point, mostly the borrower and the usual number, without a look at them. */
  readonly firstPartyId: string | undefined
  readonly firstParty: Party | undefined
  readonly firstRelation: number
  readonly doesFirstOwe: boolean
  readonly firstZones: readonly Zone[] | null
  readonly firstPointId: string | undefined
  readonly firstPoint: Point | undefined
  readonly isFirstPlain: boolean
  /** The kinds of holds on record, open or not, one bit each, and a death: most borrowers have none. */
  readonly heldKinds: number
  readonly eventCount: number
  /** The whole second by which every event had happened. */
  readonly lastAtSeconds: number
  /** Whom we were first in touch with, and by which whole second; −1 while there was nobody. */
  readonly firstOursParty: string | undefined
  readonly firstOursAtSeconds: number
  /** One unnamed debt when the facts have none. */
  readonly debts: readonly (Debt | undefined)[]
  readonly role: NonNullable<NonNullable<Facts['collector']>['role']>
  readonly log: EventLog
  readonly facts: Facts
  readonly parties: readonly Party[]
  readonly points: readonly Point[]
  /** The borrower's zones, else the country's one; null when none is given or one is unknown. */
  readonly zones: readonly Zone[] | null
  readonly consents: readonly PreparedConsent[]
  readonly holds: readonly PreparedHold[]
  readonly holidays: ReadonlySet<EpochDay>
  /** Paths of facts of the borrower that are missing or could not be read: the gate refuses. */
  readonly unreadable: readonly string[]
}

const NONE: readonly never[] = []
const NO_HOLIDAYS: ReadonlySet<EpochDay> = new Set()

/** A person of the facts; a handful, so that looking is quicker than an index. */
export function partyOf(
  { parties, firstParty, firstPartyId }: PreparedFacts,
  id: string | undefined,
): Party | undefined {
  if (id === undefined) return undefined
  if (firstPartyId === id) return firstParty
  for (const party of parties) if (party.id === id) return party
  return undefined
}

export function pointOf(
  { points, firstPoint, firstPointId }: PreparedFacts,
  id: string | undefined,
): Point | undefined {
  if (id === undefined) return undefined
  if (firstPointId === id) return firstPoint
  for (const point of points) if (point.id === id) return point
  return undefined
}

/** Reads instants, dates and hours of the facts. What cannot be read is named and refuses later. */
export function prepareFacts(facts: Facts): PreparedFacts {
  const unreadable: string[] = []
  const log = readHistory(facts.history, unreadable)
  readDebtDates(facts.debts, unreadable)
  const { country, unreachableSince } = facts.borrower
  if (unreachableSince !== undefined && !isMoment(unreachableSince))
    unreadable.push('borrower.unreachableSince')
  const firstOurs = log.given.findIndex(
    ({ direction, party }) => direction !== 'inbound' && party !== undefined,
  )
  const consents = readConsents(facts.consents, unreadable)
  const holds = readHolds(facts.holds, unreadable)
  const holidays = readHolidays(facts.borrower.holidays, unreadable)
  if (country === undefined) unreadable.push('borrower.country')
  const [firstParty] = facts.parties
  const [firstPoint] = facts.points
  const zones = zonesOf(facts.borrower)
  return {
    isReadable: unreadable.length === 0,
    firstPartyId: firstParty?.id,
    firstParty,
    firstRelation: relationPlace(firstParty),
    doesFirstOwe: owes(firstParty),
    firstZones: zonesOfParty(zones, firstParty),
    firstPointId: firstPoint?.id,
    firstPoint,
    isFirstPlain: isPlain(firstPoint, firstParty),
    heldKinds: heldKinds(facts),
    eventCount: log.length,
    lastAtSeconds: log.length === 0 ? -1 : secondBy(log.timeOf(log.length - 1)),
    firstOursParty: log.given[firstOurs]?.party,
    firstOursAtSeconds: firstOurs < 0 ? -1 : secondBy(log.timeOf(firstOurs)),
    debts: facts.debts.length === 0 ? UNNAMED : facts.debts,
    role: facts.collector?.role ?? 'debt-collector',
    log,
    facts,
    parties: facts.parties,
    points: facts.points,
    zones,
    consents,
    holds,
    holidays,
    unreadable,
  }
}

/** A relation as a small number: 0 for a word that is none of ours, one more than the last where there is nobody. */
export function relationPlace(party: Party | undefined): number {
  return party === undefined ? RELATIONS.length + 1 : RELATIONS.indexOf(party.relation) + 1
}

/** Whether the person owes every debt by the relation alone. */
export function owes(party: Party | undefined): boolean {
  if (party === undefined) return false
  const { relation } = party
  return relation === 'borrower' || relation === 'co-borrower' || relation === 'guarantor'
}

/** A person's own point, in order, from the contract and private: nearly every one. */
export function isPlain(point: Point | undefined, party: Party | undefined): boolean {
  if (point === undefined || point.party !== party?.id) return false
  const { health = 'ok', source = 'contract', work, employerForbids } = point
  return health === 'ok' && source === 'contract' && work !== true && employerForbids !== true
}

const UNNAMED = [undefined]

/** One bit for a kind of hold. */
export function holdBit(kind: HoldKind): number {
  return 1 << HOLD_KINDS.indexOf(kind)
}

function heldKinds({ holds, borrower }: Facts): number {
  let kinds = borrower.status === 'deceased' ? holdBit('deceased') : 0
  for (const { kind } of holds) kinds |= holdBit(kind)
  return kinds
}

function secondBy(ms: number): number {
  return Math.ceil(ms / 1000)
}

function readConsents(
  consents: readonly Consent[],
  unreadable: string[],
): readonly PreparedConsent[] {
  if (consents.length === 0) return NONE
  return consents.map((consent, index) => ({
    consent,
    ...readSpan(consent, `consents[${index}]`, unreadable),
    hours: readHours(consent.hours, `consents[${index}].hours`, unreadable),
  }))
}

function readHolds(holds: readonly Hold[], unreadable: string[]): readonly PreparedHold[] {
  if (holds.length === 0) return NONE
  return holds.map((hold, index) => ({
    hold,
    ...readSpan(hold, `holds[${index}]`, unreadable),
    hours: readHours(hold.scope?.hours, `holds[${index}].scope.hours`, unreadable),
  }))
}

function readHistory(history: readonly HistoryEvent[], unreadable: string[]): EventLog {
  const cells: number[] = Array(2 * history.length)
  let isInOrder = true
  let last = Number.NEGATIVE_INFINITY
  for (let index = 0; index < history.length; index += 1) {
    const at = parseInstant(history[index]?.at ?? '')
    if (at === null) unreadable.push(`history[${index}].at`)
    if (at === null || at < last) isInOrder = false
    last = at ?? last
    cells[2 * index] = at ?? Number.NaN
    cells[2 * index + 1] = 0
  }
  return isInOrder ? new EventLog(cells, history) : putInOrder(cells, history)
}

/** What cannot be placed in time is left out: the gate refuses anyway. */
function putInOrder(cells: readonly number[], history: readonly HistoryEvent[]): EventLog {
  const placed = history
    .map((given, index) => ({ given, at: cells[2 * index] ?? Number.NaN }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at)
  return new EventLog(
    placed.flatMap(({ at }) => [at, 0]),
    placed.map(({ given }) => given),
  )
}

/** An instant, or a local date, which begins at midnight in each zone. */
function isMoment(text: string): boolean {
  return parseInstant(text) !== null || parseLocalDate(text) !== null
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

/** The candidate zones of a person: own, else the borrower's; null when one is unknown or there is none. */
export function zonesOfParty(
  zones: readonly Zone[] | null,
  party: Party | undefined,
): readonly Zone[] | null {
  return party?.zones === undefined ? zones : zonesNamed(party.zones)
}

/** Countries with one zone, for borrowers whose zone is not given (RULES.md section 2). */
const COUNTRY_ZONES: ReadonlyMap<string | undefined, string> = new Map([
  ['CN', 'Asia/Shanghai'],
  ['IN', 'Asia/Kolkata'],
  ['PH', 'Asia/Manila'],
  ['GB', 'Europe/London'],
])

function zonesOf({ zones, country }: Facts['borrower']): readonly Zone[] | null {
  if (zones !== undefined) return zonesNamed(zones)
  const only = COUNTRY_ZONES.get(country)
  return only === undefined ? null : zonesNamed([only])
}

const alone = new Map<string, readonly Zone[]>()

function zonesNamed(names: readonly string[]): readonly Zone[] | null {
  const [only] = names
  return names.length === 1 && only !== undefined ? zoneAlone(only) : everyZone(names)
}

/** Nearly everybody has one zone: its list is made once. */
function zoneAlone(name: string): readonly Zone[] | null {
  const known = alone.get(name)
  if (known !== undefined) return known
  const zones = everyZone([name])
  if (zones !== null) alone.set(name, zones)
  return zones
}

function everyZone(names: readonly string[]): readonly Zone[] | null {
  const zones: Zone[] = []
  for (const name of names) {
    const zone = zoneNamed(name)
    if (zone === null) return null
    zones.push(zone)
  }
  return zones.length === 0 ? null : zones
}
