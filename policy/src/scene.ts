import { type EpochDay, epochDay, parseInstant, weekday, type Zone } from '@dunlin/kernel'
import { DAY_MS } from './clock-ranges.ts'
import type { PastEvent } from './event-log.ts'
import type { Debt, Intent, Party, Point } from './facts.ts'
import {
  isPlain,
  owes,
  type PreparedFacts,
  partyOf,
  pointOf,
  relationPlace,
  zonesOfParty,
} from './prepare.ts'
import {
  CHANNELS,
  type Channel,
  isBroadcast,
  isSameMedium,
  PURPOSES,
  type Purpose,
} from './vocabulary.ts'

/** One candidate zone and what its wall shows at the instant tested. */
export type LocalClock = { readonly zone: Zone; day: EpochDay; timeMs: number; weekday: number }

/**
 * Facts and intent brought together, with a clock that can be moved: everything but `t` and
 * `clocks` is fixed by the intent, because waiting changes nothing but the time.
 */
export type Scene = {
  readonly prepared: PreparedFacts
  readonly intent: Intent
  /** `intent.at` in milliseconds. */
  readonly at: number
  readonly channel: Channel
  readonly purpose: Purpose
  readonly direction: 'outbound' | 'reply'
  readonly party: Party | undefined
  readonly point: Point | undefined
  /** The relation of the party as a small number. */
  readonly relation: number
  readonly isPointPlain: boolean
  readonly isObligor: boolean
  readonly isRepresentative: boolean
  readonly isThird: boolean
  /** The debts the contact is about; one unnamed debt when the facts have none. */
  readonly debts: readonly (Debt | undefined)[]
  /** How many events of the log had happened by `at`: later ones are ignored. */
  readonly known: number
  readonly role: 'debt-collector' | 'original-creditor' | 'servicer-current'
  readonly clocks: readonly LocalClock[]
  t: number
}

export type SceneOrMissing = { readonly scene: Scene } | { readonly missing: readonly string[] }

/** Resolves an intent against the facts; the paths of missing core facts when it cannot be. */
export function setScene(prepared: PreparedFacts, intent: Intent): SceneOrMissing {
  const at = parseInstant(intent.at)
  const party = partyOf(prepared, intent.party)
  const point = pointOf(prepared, intent.point)
  const isFirst = party === prepared.firstParty
  const zones = isFirst ? prepared.firstZones : zonesOfParty(prepared.zones, party)
  const missing = missingCore(prepared, intent, { at, party, point, zones })
  if (missing !== NOTHING || at === null || zones === null) return { missing }
  const debts = debtsOf(prepared.debts, intent)
  const doesOwe = isFirst ? prepared.doesFirstOwe : owes(party)
  const isObligor = doesOwe || (party !== undefined && areAllJoint(party, debts))
  const isRepresentative = !doesOwe && doesRepresent(party)
  const scene: Scene = {
    prepared,
    intent,
    at,
    channel: intent.channel,
    purpose: intent.purpose ?? 'collect',
    direction: intent.direction ?? 'outbound',
    party,
    point,
    relation: isFirst ? prepared.firstRelation : relationPlace(party),
    isPointPlain: isPlainOf(prepared, party, point),
    isObligor,
    isRepresentative,
    isThird: party !== undefined && !isObligor && !isRepresentative,
    debts,
    known: at >= prepared.lastAtSeconds * 1000 ? prepared.eventCount : prepared.log.knownAt(at),
    role: prepared.role,
    clocks: clocksAt(zones, at),
    t: at,
  }
  return { scene }
}

/** Events up to the moment asked about, ascending. */
export function eventsOf({ prepared, known }: Scene): readonly PastEvent[] {
  const all = prepared.log.all()
  return known === all.length ? all : all.slice(0, known)
}

/** Moves the clock of the scene. */
export function setTime(scene: Scene, t: number): void {
  scene.t = t
  for (const clock of scene.clocks) {
    const local = t + clock.zone.offsetAt(t)
    clock.day = epochDay(Math.floor(local / DAY_MS))
    clock.timeMs = local - clock.day * DAY_MS
    clock.weekday = weekday(clock.day)
  }
}

function clocksAt(zones: readonly Zone[], t: number): LocalClock[] {
  const [first] = zones
  return zones.length === 1 && first !== undefined
    ? [clockAt(first, t)]
    : zones.map((zone) => clockAt(zone, t))
}

function clockAt(zone: Zone, t: number): LocalClock {
  const local = t + zone.offsetAt(t)
  const day = epochDay(Math.floor(local / DAY_MS))
  return { zone, day, timeMs: local - day * DAY_MS, weekday: weekday(day) }
}

/** The usual answer, told by identity. */
const NOTHING: readonly string[] = []

type Found = {
  readonly at: number | null
  readonly party: Party | undefined
  readonly point: Point | undefined
  readonly zones: readonly Zone[] | null
}

/** Paths of the core facts that are missing (RULES.md section 3). */
function missingCore(prepared: PreparedFacts, intent: Intent, found: Found): readonly string[] {
  const { at, party, point, zones } = found
  const isWhole = at !== null && party !== undefined && point !== undefined && zones !== null
  const isPlain = isWhole && intent.debts === undefined && prepared.isReadable
  if (isPlain && areWordsKnown(intent)) return NOTHING
  const missing = [...prepared.unreadable, ...missingOfIntent(prepared, intent, found)]
  if (zones === null)
    missing.push(party?.zones === undefined ? 'borrower.zones' : `parties.${party.id}.zones`)
  return missing.length === 0 ? NOTHING : missing
}

function missingOfIntent(prepared: PreparedFacts, intent: Intent, found: Found): string[] {
  const missing: string[] = []
  if (found.at === null) missing.push('intent.at')
  if (!CHANNELS.includes(intent.channel)) missing.push('intent.channel')
  if (!isPurposeKnown(intent)) missing.push('intent.purpose')
  if (!isBroadcast(intent.channel)) {
    const mayLackPoint = intent.channel === 'wecom-group' && intent.point === undefined
    if (found.party === undefined) missing.push('intent.party')
    if (!mayLackPoint && found.point === undefined) missing.push('intent.point')
  }
  if (intent.debts?.some((id) => !prepared.debts.some((debt) => debt?.id === id)) === true)
    missing.push('intent.debts')
  return missing
}

function areWordsKnown(intent: Intent): boolean {
  return CHANNELS.includes(intent.channel) && isPurposeKnown(intent)
}

function isPurposeKnown({ purpose }: Intent): boolean {
  return purpose === undefined || PURPOSES.includes(purpose)
}

const UNNAMED = [undefined]

function debtsOf(known: Scene['debts'], { debts }: Intent): Scene['debts'] {
  if (debts === undefined) return known
  const meant = known.filter((debt) => debt !== undefined && debts.includes(debt.id))
  return meant.length === 0 ? UNNAMED : meant
}

function doesRepresent(party: Party | undefined): boolean {
  return party?.relation === 'attorney' || party?.relation === 'executor'
}

function isPlainOf(
  prepared: PreparedFacts,
  party: Party | undefined,
  point: Point | undefined,
): boolean {
  const isFirst = party === prepared.firstParty && point === prepared.firstPoint
  return isFirst ? prepared.isFirstPlain : isPlain(point, party)
}

function areAllJoint(party: Party, debts: readonly (Debt | undefined)[]): boolean {
  return debts.every((debt) => debt?.jointWith?.includes(party.id) === true)
}

/** True when the event may have been with this party: absent party counts against the contact. */
export function isWithParty(event: { readonly party?: string | undefined }, scene: Scene): boolean {
  return event.party === undefined || event.party === scene.party?.id
}

/** The latest inbound event that an answer on this medium could reply to, or null. */
export function latestInbound(scene: Scene): PastEvent | null {
  const events = eventsOf(scene)
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (
      event?.direction === 'inbound' &&
      event.party !== undefined &&
      event.party === scene.party?.id &&
      isSameMedium(event.channel, scene.channel) &&
      (event.point === undefined || event.point === scene.intent.point)
    ) {
      return event
    }
  }
  return null
}

/** Student loans with one account number are one debt (12 CFR 1006.14(b)(4)). */
export function isAbout(
  event: { readonly debts?: readonly string[] | undefined },
  scene: Scene,
  debt: Debt | undefined,
): boolean {
  if (event.debts === undefined || debt === undefined || event.debts.includes(debt.id)) return true
  if (debt.product !== 'student-loan' || debt.accountNumber === undefined) return false
  const twins = scene.prepared.debts.filter(
    (other) => other?.product === 'student-loan' && other.accountNumber === debt.accountNumber,
  )
  return twins.some((twin) => twin !== undefined && event.debts?.includes(twin.id) === true)
}
