import { knownPlace } from './applies.ts'
import type { Check } from './check-time.ts'
import { isWithin, weekdayWord } from './clock-ranges.ts'
import type { RuleOf } from './pack.ts'
import type { PreparedHold } from './prepare.ts'
import { hasConsent, isValidReply, type Terms } from './relief.ts'
import { eventsOf, isWithParty, type Scene } from './scene.ts'
import { isBroadcast, isElectronic, isSameMedium } from './vocabulary.ts'

type Match = { readonly name: string; readonly in: (text: string, language: string) => boolean }

/** A hold rule: violated while an open hold of its kind is in scope and the contact is not allowed in it. */
export function checkHold(rule: RuleOf<'hold'>, terms: Terms, offer: Match): Check {
  if (rule.hold === 'validation-dispute') return checkValidationDispute(rule, terms)
  return {
    stuckUntil: (scene) => heldUntil(scene, rule),
    violated: (scene) => {
      if (isBroadcast(scene.channel)) return false
      const isDead = rule.hold === 'deceased' && scene.prepared.facts.borrower.status === 'deceased'
      if (!isDead && !hasOpenHold(scene, rule)) return false
      if (isAllowedPerson(scene, rule.allow) || isAllowedByTerms(scene, rule.allow, terms))
        return false
      if (rule.allow.optOutConfirmation !== true) return true
      return scene.prepared.holds.some(
        (held) => isOpen(scene, held, rule) && !isOptOutConfirmation(scene, held, offer),
      )
    },
  }
}

/** A written dispute that the debt itself carries: no date in the facts ends it. */
function checkValidationDispute(rule: RuleOf<'hold'>, terms: Terms): Check {
  return {
    violated: (scene) =>
      scene.debts.some((debt) => debt?.validationDisputed === true) &&
      !isAllowedPerson(scene, rule.allow) &&
      !isAllowedByTerms(scene, rule.allow, terms),
  }
}

/** The contact stays forbidden at least until this instant: the longest open hold that no hour interrupts. */
function heldUntil(scene: Scene, rule: RuleOf<'hold'>): number {
  if (rule.hold === 'deceased' && scene.prepared.facts.borrower.status === 'deceased')
    return Number.POSITIVE_INFINITY
  const { consent, workPlaceConsent, optOutConfirmation } = rule.allow
  const mayBeLifted = consent !== undefined || workPlaceConsent === true
  if (mayBeLifted && scene.prepared.consents.length > 0) return scene.t
  const mayConfirm = scene.intent.content?.kind === 'opt-out-confirmation'
  if (optOutConfirmation === true && mayConfirm) return scene.t
  let until = scene.t
  for (const held of scene.prepared.holds) {
    const isSteady = held.hours === null && held.hold.scope?.days === undefined
    if (isSteady && isOpen(scene, held, rule)) until = Math.max(until, held.to)
  }
  return until
}

function isOpen(scene: Scene, prepared: PreparedHold, rule: RuleOf<'hold'>): boolean {
  const { hold, from, to } = prepared
  return hold.kind === rule.hold && from <= scene.t && scene.t < to && isInScope(scene, prepared)
}

function hasOpenHold(scene: Scene, rule: RuleOf<'hold'>): boolean {
  for (const held of scene.prepared.holds) if (isOpen(scene, held, rule)) return true
  return false
}

function isInScope(scene: Scene, prepared: PreparedHold): boolean {
  const { kind, scope = {} } = prepared.hold
  if (kind === 'third-party-stop' && !scene.isThird) return false
  if (scope.party !== undefined && scope.party !== scene.party?.id) return false
  if (scope.channel !== undefined && !isSameMedium(scope.channel, scene.channel)) return false
  if (scope.point !== undefined && scope.point !== scene.intent.point) return false
  if (scope.debts !== undefined && !sharesDebt(scene, scope.debts)) return false
  return isInHours(scene, prepared) && isInPlace(scene, prepared)
}

function sharesDebt(scene: Scene, debts: readonly string[]): boolean {
  return scene.debts.some((debt) => debt === undefined || debts.includes(debt.id))
}

function isInHours(scene: Scene, { hold, hours }: PreparedHold): boolean {
  const days = hold.scope?.days
  if (hours === null && days === undefined) return true
  return scene.clocks.some(
    (clock) =>
      (days === undefined || days.includes(weekdayWord(clock.weekday))) &&
      (hours === null || isWithin(hours, clock.timeMs)),
  )
}

function isInPlace(scene: Scene, { hold }: PreparedHold): boolean {
  if (hold.kind !== 'inconvenient-place') return true
  const place = knownPlace(scene)
  if (hold.scope?.place !== undefined) return hold.scope.place === place
  return hold.scope?.point !== undefined || place !== undefined
}

type Allow = RuleOf<'hold'>['allow']

function isAllowedPerson(scene: Scene, allow: Allow): boolean {
  const relation = scene.party?.relation
  if (allow.purposes?.includes(scene.purpose) === true) return true
  if (relation === undefined) return false
  if (allow.relations?.includes(relation) === true) return true
  return allow.locateOthers === true && scene.purpose === 'locate' && relation !== 'borrower'
}

function isAllowedByTerms(scene: Scene, allow: Allow, terms: Terms): boolean {
  if (allow.reply === true && isValidReply(scene, terms)) return true
  if (allow.consent !== undefined && hasConsent(scene, allow.consent, { terms, clock: null }))
    return true
  return (
    allow.workPlaceConsent === true &&
    knownPlace(scene) === 'work' &&
    hasConsent(scene, 'work-place', { terms, clock: null })
  )
}

/** One confirmation of an opt-out may go out, if it offers nothing. */
function isOptOutConfirmation(scene: Scene, hold: PreparedHold, offer: Match): boolean {
  const { content } = scene.intent
  if (content?.kind !== 'opt-out-confirmation' || !isElectronic(scene.channel)) return false
  const { text, language } = content
  if (language !== 'zh-CN' && language !== 'en') return false
  if (text !== undefined && offer.in(text, language)) return false
  return !eventsOf(scene).some(
    (event) =>
      event.at >= hold.from &&
      event.direction !== 'inbound' &&
      isWithParty(event, scene) &&
      isSameMedium(event.channel, scene.channel),
  )
}
