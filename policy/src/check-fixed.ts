import { addMonths, localDay, parseInstant, parseLocalDate } from '@dunlin/kernel'
import type { Check } from './check-time.ts'
import type { Rule, RuleOf } from './pack.ts'
import { hasConsent, hasRecentConsent, type Terms } from './relief.ts'
import { eventsOf, type Scene } from './scene.ts'

// Conditions that waiting does not clear: the point and the actor.

export function checkPoint(rule: RuleOf<'point'>, terms: Terms): Check {
  const { condition } = rule
  if ('belongsToParty' in condition) {
    return { violated: ({ point, party }) => point !== undefined && point.party !== party?.id }
  }
  if ('notHealth' in condition) {
    return {
      violated: ({ point }) =>
        point?.health !== undefined && condition.notHealth.includes(point.health),
    }
  }
  if ('source' in condition) {
    return {
      violated: ({ point }) =>
        point !== undefined && !condition.source.includes(point.source ?? 'contract'),
    }
  }
  if ('providerTakesCollection' in condition) {
    // An absent fact is reported as missing, not as a refusal of the provider's.
    return { violated: ({ intent }) => intent.provider?.collectionContent === false }
  }
  if ('consentAtPlaces' in condition) {
    return {
      violated: (scene) => {
        const { place } = scene.intent
        return place !== undefined && condition.consentAtPlaces.some((named) => named === place)
      },
    }
  }
  if ('consent' in condition) {
    return { violated: (scene) => !hasConsent(scene, condition.consent, { terms, clock: null }) }
  }
  if ('notEmployerForbidden' in condition) {
    return { violated: ({ point }) => point?.employerForbids === true }
  }
  if ('answeredWithinDays' in condition) {
    const days = condition.answeredWithinDays
    return {
      violated: (scene) =>
        !hasRecentAnswer(scene, days) &&
        !hasRecentConsent(scene, { kind: 'electronic', terms, days }),
    }
  }
  return { violated: ({ point }) => point?.work === true }
}

/** Whether no plain point can break the rule, so that it need not be asked about one. */
export function isKeptByPlainPoint(rule: Rule): boolean {
  if (rule.kind !== 'point') return false
  const { condition } = rule
  if ('notHealth' in condition) return !condition.notHealth.includes('ok')
  if ('source' in condition) return condition.source.includes('contract')
  return (
    'belongsToParty' in condition || 'notEmployerForbidden' in condition || 'notWork' in condition
  )
}

/** The point itself wrote to us no more than so many local days ago, in every zone. */
function hasRecentAnswer(scene: Scene, days: number): boolean {
  return eventsOf(scene).some(
    (event) =>
      event.direction === 'inbound' &&
      event.channel === scene.channel &&
      event.point !== undefined &&
      event.point === scene.intent.point &&
      scene.clocks.every(({ zone, day }) => day - localDay(zone, event.at) <= days),
  )
}

export function checkActor(rule: RuleOf<'actor'>): Check {
  const { condition } = rule
  if ('certified' in condition)
    return { violated: ({ intent }) => intent.actor?.certified === false }
  if ('listed' in condition) return { violated: ({ intent }) => intent.actor?.listed === false }
  if ('companyDevice' in condition) {
    return { violated: ({ intent }) => intent.actor?.device === 'private' }
  }
  if ('personsMin' in condition) {
    return { violated: ({ intent }) => (intent.actor?.persons ?? 1) < condition.personsMin }
  }
  return { violated: (scene) => isTrainingOver(scene, condition.trainedWithinYears) }
}

/** A date, or the local date of an instant, plus so many years; 29 February becomes the 28th. */
function isTrainingOver(scene: Scene, years: number): boolean {
  const trainedAt = scene.intent.actor?.trainedAt
  if (trainedAt === undefined) return false
  const date = parseLocalDate(trainedAt)
  const at = date === null ? parseInstant(trainedAt) : null
  for (const { zone, day } of scene.clocks) {
    const trainedOn = date ?? (at === null ? null : localDay(zone, at))
    // No year is shorter than 365 days: the calendar is only asked after them.
    if (trainedOn === null) return true
    if (day > trainedOn + DAYS_IN_YEAR_MIN * years && day > addMonths(trainedOn, 12 * years))
      return true
  }
  return false
}

const DAYS_IN_YEAR_MIN = 365
