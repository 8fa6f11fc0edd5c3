import { localDay } from '@dunlin/kernel'
import { DAY_MS, isWithin } from './clock-ranges.ts'
import type { Pack, Unless } from './pack.ts'
import { isWithParty, type LocalClock, latestInbound, type Scene } from './scene.ts'
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
  return isSameDay && !scene.events.some((event) => isAnswerTo(event, inbound.at, scene))
}

function isAnswerTo(event: Scene['events'][number], after: number, scene: Scene): boolean {
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
  for (const { consent, from, to, hours } of scene.prepared.consents) {
    if (consent.kind !== kind || consent.tainted === true) continue
    if (terms.consentGivenTo !== undefined && consent.givenTo !== terms.consentGivenTo) continue
    if (!coversParty(scene, consent.party, kind)) continue
    if (consent.channel !== undefined && !isSameMedium(consent.channel, scene.channel)) continue
    if (scene.t < from || scene.t >= to) continue
    if (hours === null) return true
    const clocks = clock === null ? scene.clocks : [clock]
    if (clocks.every((local) => isWithin(hours, local.timeMs))) return true
  }
  return false
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
  if ('forDays' in exception) return hasFreshConsent(scene, exception.forDays, terms)
  return hasConsent(scene, exception.consent, { terms, clock: null })
}

function hasInboundEmail(scene: Scene): boolean {
  return scene.events.some(
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
    const due = Date.parse(`${debt.dueSince}T00:00:00Z`) / DAY_MS
    return scene.clocks.every((clock) => clock.day - due > days)
  })
}

/** A consent to more calls lasts so many local dates, and until the first talk after it (12 CFR 1006.14(b)(3)(i)). */
function hasFreshConsent(scene: Scene, days: number, terms: Terms): boolean {
  return scene.prepared.consents.some((prepared) => {
    const { consent, from, to } = prepared
    if (consent.kind !== 'more-calls' || consent.tainted === true) return false
    if (terms.consentGivenTo !== undefined && consent.givenTo !== terms.consentGivenTo) return false
    if (!coversParty(scene, consent.party, 'more-calls')) return false
    if (consent.channel !== undefined && !isSameMedium(consent.channel, scene.channel)) return false
    if (scene.t < from || scene.t >= to || !Number.isFinite(from)) return false
    const isInDays = scene.clocks.every((clock) => clock.day < localDay(clock.zone, from) + days)
    const hours = prepared.hours
    const isInHours = hours === null || scene.clocks.every((clock) => isWithin(hours, clock.timeMs))
    return isInDays && isInHours && !hasTalkedSince(scene, from)
  })
}

function hasTalkedSince(scene: Scene, from: number): boolean {
  return scene.events.some(
    (event) =>
      event.at > from &&
      isVoice(event.channel) &&
      isWithParty(event, scene) &&
      event.agency === scene.intent.actor?.agency &&
      (event.effective || (event.direction === 'outbound' && event.unknownFate)),
  )
}
