import {
  type EpochDay,
  localDay,
  localTimeMs,
  parseInstant,
  weekday,
  type Zone,
} from '@dunlin/kernel'
import type { Debt, Facts, Intent, Party, Point } from './facts.ts'
import { candidateZones, type PastEvent, type PreparedFacts, partyOf, pointOf } from './prepare.ts'
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
  readonly facts: Facts
  readonly intent: Intent
  /** `intent.at` in milliseconds. */
  readonly at: number
  readonly channel: Channel
  readonly purpose: Purpose
  readonly direction: 'outbound' | 'reply'
  readonly party: Party | undefined
  readonly point: Point | undefined
  readonly isObligor: boolean
  readonly isRepresentative: boolean
  readonly isThird: boolean
  /** The debts the contact is about; one unnamed debt when the facts have none. */
  readonly debts: readonly (Debt | undefined)[]
  /** Events up to `at`, ascending. */
  readonly events: readonly PastEvent[]
  readonly role: 'debt-collector' | 'original-creditor' | 'servicer-current'
  readonly clocks: readonly LocalClock[]
  t: number
}

export type SceneOrMissing = { readonly scene: Scene } | { readonly missing: readonly string[] }

/** Resolves an intent against the facts; the paths of missing core facts when it cannot be. */
export function setScene(
  prepared: PreparedFacts,
  intent: Intent,
  countryZones: ReadonlyMap<string, string>,
): SceneOrMissing {
  const { facts } = prepared
  const at = parseInstant(intent.at)
  const party = partyOf(prepared, intent.party)
  const point = pointOf(prepared, intent.point)
  const zones = candidateZones(prepared, party, countryZones)
  const missing = missingCore(prepared, intent, { at, party, point, zones })
  if (missing !== NOTHING || at === null || zones === null) return { missing }
  const debts = debtsOf(facts, intent)
  const isObligor = party !== undefined && isObligorOf(party, debts)
  const isRepresentative =
    party !== undefined && (party.relation === 'attorney' || party.relation === 'executor')
  const scene: Scene = {
    prepared,
    facts,
    intent,
    at,
    channel: intent.channel,
    purpose: intent.purpose ?? 'collect',
    direction: intent.direction ?? 'outbound',
    party,
    point,
    isObligor,
    isRepresentative,
    isThird: party !== undefined && !isObligor && !isRepresentative,
    debts,
    events:
      prepared.lastAt <= at ? prepared.events : prepared.events.filter((event) => event.at <= at),
    role: facts.collector?.role ?? 'debt-collector',
    clocks: clocksAt(zones, at),
    t: at,
  }
  return { scene }
}

/** Moves the clock of the scene. */
export function setTime(scene: Scene, t: number): void {
  scene.t = t
  for (const clock of scene.clocks) {
    clock.day = localDay(clock.zone, t)
    clock.timeMs = localTimeMs(clock.zone, t)
    clock.weekday = weekday(clock.day)
  }
}

function clocksAt(zones: readonly Zone[], t: number): LocalClock[] {
  const clocks: LocalClock[] = []
  for (const zone of zones) clocks.push(clockAt(zone, t))
  return clocks
}

function clockAt(zone: Zone, t: number): LocalClock {
  const day = localDay(zone, t)
  return { zone, day, timeMs: localTimeMs(zone, t), weekday: weekday(day) }
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
  const isPlain = isWhole && intent.debts === undefined && prepared.unreadable.length === 0
  if (isPlain && areWordsKnown(intent) && prepared.facts.borrower.country !== undefined)
    return NOTHING
  const missing = [...prepared.unreadable, ...missingOfIntent(prepared, intent, found)]
  if (prepared.facts.borrower.country === undefined) missing.push('borrower.country')
  if (zones === null) missing.push('borrower.zones')
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
  if (intent.debts?.some((id) => !hasDebt(prepared.facts, id)) === true)
    missing.push('intent.debts')
  return missing
}

function areWordsKnown(intent: Intent): boolean {
  return CHANNELS.includes(intent.channel) && isPurposeKnown(intent)
}

function isPurposeKnown({ purpose }: Intent): boolean {
  return purpose === undefined || PURPOSES.includes(purpose)
}

function hasDebt(facts: Facts, id: string): boolean {
  return facts.debts.some((debt) => debt.id === id)
}

const UNNAMED = [undefined]

function debtsOf(facts: Facts, intent: Intent): readonly (Debt | undefined)[] {
  if (intent.debts === undefined) return facts.debts.length === 0 ? UNNAMED : facts.debts
  const wanted = new Set(intent.debts)
  const debts = facts.debts.filter((debt) => wanted.has(debt.id))
  return debts.length === 0 ? UNNAMED : debts
}

function isObligorOf(party: Party, debts: readonly (Debt | undefined)[]): boolean {
  const { relation } = party
  if (relation === 'borrower' || relation === 'co-borrower' || relation === 'guarantor') return true
  return debts.every((debt) => debt?.jointWith?.includes(party.id) === true)
}

/** True when the event may have been with this party: absent party counts against the contact. */
export function isWithParty(event: PastEvent, scene: Scene): boolean {
  return event.party === undefined || event.party === scene.party?.id
}

/** The latest inbound event that an answer on this medium could reply to, or null. */
export function latestInbound(scene: Scene): PastEvent | null {
  for (let index = scene.events.length - 1; index >= 0; index -= 1) {
    const event = scene.events[index]
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
export function isAbout(event: PastEvent, scene: Scene, debt: Debt | undefined): boolean {
  if (event.debts === undefined || debt === undefined || event.debts.includes(debt.id)) return true
  if (debt.product !== 'student-loan' || debt.accountNumber === undefined) return false
  const twins = scene.facts.debts.filter(
    (other) => other.product === 'student-loan' && other.accountNumber === debt.accountNumber,
  )
  return twins.some((twin) => event.debts?.includes(twin.id) === true)
}
