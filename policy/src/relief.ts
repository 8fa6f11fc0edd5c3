import { localDay, parseLocalDate } from '@dunlin/kernel'
import { isWithin } from './clock-ranges.ts'
import type { Pack, Unless } from './pack.ts'
import type { PreparedConsent } from './prepare.ts'
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
  const { consent, from, to, hours } = prepared
  const { channel } = consent
  const isReliable =
    consent.tainted !== true &&
    (terms.consentGivenTo === undefined || consent.givenTo === terms.consentGivenTo)
  return (
    consent.kind === kind &&
    isReliable &&
    coversParty(scene, consent.party, kind) &&
    (channel === undefined || isSameMedium(channel, scene.channel)) &&
    from <= scene.t &&
    scene.t < to &&
    (hours === null || clocks.every((local) => isWithin(hours, local.timeMs)))
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
    const due = parseLocalDate(debt.dueSince)
    return due !== null && scene.clocks.every((clock) => clock.day - due > days)
  })
}

/** A consent to more calls lasts so many local dates, and until the first talk after it (12 CFR 1006.14(b)(3)(i)). */
function hasFreshConsent(scene: Scene, days: number, terms: Terms): boolean {
  const asked: Asked = { kind: 'more-calls', terms, clocks: scene.clocks }
  return scene.prepared.consents.some(
    (prepared) =>
      Number.isFinite(prepared.from) &&
      isUsable(scene, prepared, asked) &&
      scene.clocks.every((clock) => clock.day < localDay(clock.zone, prepared.from) + days) &&
      !hasTalkedSince(scene, prepared.from),
  )
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
