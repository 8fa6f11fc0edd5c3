import { localDay, localTimeMs, parseLocalDate } from '@dunlin/kernel'
import { isWithin } from './clock-ranges.ts'
import type { PastEvent } from './event-log.ts'
import type { Debt } from './facts.ts'
import type { Pack, Unless } from './pack.ts'
import type { PreparedConsent } from './prepare.ts'
import {
  eventsOf,
  isAbout,
  isWithParty,
  type LocalClock,
  latestInbound,
  type Scene,
} from './scene.ts'
import { type ConsentKind, isSameMedium, isVoice } from './vocabulary.ts'

// What lifts a rule: a valid reply, a usable consent, a recorded fact (RULES.md section 4).

export type Terms = Pick<Pack, 'reply' | 'consentGivenTo'>

const HOUR_MS = 3_600_000

/** True while the intent answers the party's own message, as the pack counts answers. */
export function isValidReply(scene: Scene, terms: Terms): boolean {
  if (scene.direction !== 'reply') return false
  const inbound = latestInbound(scene)
  if (inbound === null) return false
  if ('hours' in terms.reply) return scene.t < inbound.at + terms.reply.hours * HOUR_MS
  const isSameDay = scene.clocks.every((clock) => localDay(clock.zone, inbound.at) === clock.day)
  return isSameDay && !eventsOf(scene).some((event) => isAnswerTo(event, inbound.at, scene))
}

function isAnswerTo(event: PastEvent, after: number, scene: Scene): boolean {
  return (
    event.at > after &&
    event.direction !== 'inbound' &&
    isWithParty(event, scene) &&
    isSameMedium(event.channel, scene.channel)
  )
}

/** Whether a consent of the kind covers this contact at the scene's instant; `clock` null: every zone. */
export function hasConsent(
  scene: Scene,
  kind: ConsentKind,
  { terms, clock }: { terms: Terms; clock: LocalClock | null },
): boolean {
  const { consents } = scene.prepared
  if (consents.length === 0) return false
  const clocks = clock === null ? scene.clocks : [clock]
  return consents.some((prepared) => isUsable(scene, prepared, { kind, terms, clocks }))
}

type Asked = {
  readonly kind: ConsentKind
  readonly terms: Terms
  readonly clocks: readonly LocalClock[]
}

/** Kind, taint, reliance, person, medium, dates and hours of a consent, at the scene's instant. */
function isUsable(
  scene: Scene,
  prepared: PreparedConsent,
  { kind, terms, clocks }: Asked,
): boolean {
  const { from, to, hours } = prepared
  return (
    isOfKind(scene, prepared, { kind, terms }) &&
    from <= scene.t &&
    scene.t < to &&
    (hours === null || clocks.every((local) => isWithin(hours, local.timeMs)))
  )
}

/** Kind, taint, reliance, person and medium: what does not change with time. */
function isOfKind(
  scene: Scene,
  { consent }: PreparedConsent,
  { kind, terms }: { kind: ConsentKind; terms: Terms },
): boolean {
  const { channel } = consent
  const isReliable =
    consent.tainted !== true &&
    (terms.consentGivenTo === undefined || consent.givenTo === terms.consentGivenTo)
  return (
    consent.kind === kind &&
    isReliable &&
    coversParty(scene, consent.party, kind) &&
    (channel === undefined || isSameMedium(channel, scene.channel))
  )
}

/** Whether a usable consent of the kind began no more than so many local days ago, in every zone. */
export function hasRecentConsent(
  scene: Scene,
  { kind, terms, days }: { kind: ConsentKind; terms: Terms; days: number },
): boolean {
  return scene.prepared.consents.some(
    (prepared) =>
      isUsableAt(scene, prepared, { kind, terms, at: scene.t }) &&
      scene.clocks.every(({ zone, day }) => day - localDay(zone, prepared.from) <= days),
  )
}

function coversParty(scene: Scene, party: string | undefined, kind: ConsentKind): boolean {
  if (party !== undefined) return party === scene.party?.id
  return kind === 'third-party' ? scene.isThird : scene.party?.relation === 'borrower'
}

/** Whether one of the rule's exceptions holds at the scene's instant. */
export function isLifted(scene: Scene, exceptions: readonly Unless[], terms: Terms): boolean {
  for (const exception of exceptions) if (holds(scene, exception, terms)) return true
  return false
}

function holds(scene: Scene, exception: Unless, terms: Terms): boolean {
  if ('reply' in exception) return isValidReply(scene, terms)
  if ('inboundEmailFromPoint' in exception) return hasInboundEmail(scene)
  if ('everyDebtPastDueDays' in exception) return areDebtsOld(scene, exception.everyDebtPastDueDays)
  if ('forDays' in exception) {
    const { forDays: days } = exception
    return scene.debts.every((debt) =>
      hasFreshConsent(scene, { days, terms, debt, at: scene.t, talksUntil: Infinity }),
    )
  }
  return hasConsent(scene, exception.consent, { terms, clock: null })
}

function hasInboundEmail(scene: Scene): boolean {
  return eventsOf(scene).some(
    (event) =>
      event.direction === 'inbound' &&
      event.channel === 'email' &&
      event.point !== undefined &&
      event.point === scene.intent.point,
  )
}

function areDebtsOld(scene: Scene, days: number): boolean {
  return scene.debts.every((debt) => {
    if (debt?.dueSince === undefined) return false
    const due = parseLocalDate(debt.dueSince)
    return due !== null && scene.clocks.every((clock) => clock.day - due > days)
  })
}

type Fresh = {
  readonly days: number
  readonly terms: Terms
  readonly debt: Debt | undefined
  /** The instant asked about: now, or that of a past call. */
  readonly at: number
  /** Talks before this instant end the consent; a call that becomes a talk is itself still covered. */
  readonly talksUntil: number
}

/** A consent to more calls lasts so many local dates, and until the first talk after it (12 CFR 1006.14(b)(3)(i)). */
export function hasFreshConsent(scene: Scene, fresh: Fresh): boolean {
  const { days, terms, debt, at, talksUntil: until } = fresh
  if (scene.prepared.consents.length === 0) return false
  return scene.prepared.consents.some(
    (prepared) =>
      isUsableAt(scene, prepared, { kind: 'more-calls', terms, at }) &&
      scene.clocks.every(({ zone }) => localDay(zone, at) < localDay(zone, prepared.from) + days) &&
      !hasTalked(scene, { from: prepared.from, until, debt }),
  )
}

/** The same as being usable now, but for the wall clocks of another instant. */
function isUsableAt(
  scene: Scene,
  prepared: PreparedConsent,
  { kind, terms, at }: { kind: ConsentKind; terms: Terms; at: number },
): boolean {
  const { hours, from, to } = prepared
  return (
    isOfKind(scene, prepared, { kind, terms }) &&
    Number.isFinite(from) &&
    from <= at &&
    at < to &&
    (hours === null || scene.clocks.every(({ zone }) => isWithin(hours, localTimeMs(zone, at))))
  )
}

function hasTalked(
  scene: Scene,
  { from, until, debt }: { from: number; until: number; debt: Debt | undefined },
): boolean {
  return eventsOf(scene).some(
    (event) =>
      event.at > from &&
      event.at < until &&
      isVoice(event.channel) &&
      isWithParty(event, scene) &&
      isAbout(event, scene, debt) &&
      event.agency === scene.intent.actor?.agency &&
      (event.effective || event.unknownFate),
  )
}
