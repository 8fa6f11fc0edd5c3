import { localDay, parseInstant, parseLocalDate } from '@dunlin/kernel'
import type { Check } from './check-time.ts'
import type { PastEvent } from './event-log.ts'
import type { RuleOf } from './pack.ts'
import { partyOf } from './prepare.ts'
import { eventsOf, type LocalClock, type Scene } from './scene.ts'
import { isVoice, type Line } from './vocabulary.ts'

export function checkParty(rule: RuleOf<'party'>): Check {
  const { condition } = rule
  if ('onlyAs' in condition) {
    return {
      violated: ({ party, purpose }) =>
        !condition.onlyAs.some(
          ({ relations, purposes }) =>
            (relations === undefined ||
              (party !== undefined && relations.includes(party.relation))) &&
            (purposes === undefined || purposes.includes(purpose)),
        ),
    }
  }
  if ('onceUnreachable' in condition) {
    return { violated: (scene) => !scene.clocks.every((clock) => isUnreachable(scene, clock)) }
  }
  return {
    violated: ({ intent }) =>
      intent.audience?.borrowers !== 1 || (intent.audience.others ?? 0) !== 0,
  }
}

const FAILED_DIALS: ReadonlySet<Line | undefined> = new Set<Line>([
  'no-answer',
  'busy',
  'not-connected',
  'voicemail',
  'failed',
  'invalid',
])
const FAILED_DIALS_MIN = 3
const SILENT_DAYS_MIN = 3

/** When a contact person may be asked where the debtor is (RULES.md section 4, the trigger's four cases). */
function isUnreachable(scene: Scene, clock: LocalClock): boolean {
  const { borrower } = scene.prepared.facts
  if (
    borrower.status === 'deceased' ||
    borrower.capacity === 'limited' ||
    borrower.capacity === 'none'
  ) {
    return true
  }
  const own = eventsOf(scene).filter((event) => isOfBorrower(scene, event))
  return (
    areAllNumbersDead(scene, own) || hasRunOfFailedDials(own, clock) || isSilent(scene, own, clock)
  )
}

/** Only events that name the borrower prove anything about him. */
function isOfBorrower(scene: Scene, event: PastEvent): boolean {
  if (event.party === undefined) return false
  return partyOf(scene.prepared, event.party)?.relation === 'borrower'
}

function areAllNumbersDead(scene: Scene, own: readonly PastEvent[]): boolean {
  const phones = scene.prepared.facts.points.filter(
    (point) =>
      point.kind === 'phone' && partyOf(scene.prepared, point.party)?.relation === 'borrower',
  )
  if (phones.length === 0) return false
  return phones.every((phone) => {
    const { health } = phone
    if (health === 'dead' || health === 'wrong-person' || health === 'recycled') return true
    const last = own.findLast((event) => isVoice(event.channel) && event.point === phone.id)
    return last !== undefined && last.direction !== 'inbound' && last.line === 'invalid'
  })
}

function hasRunOfFailedDials(own: readonly PastEvent[], clock: LocalClock): boolean {
  let run: PastEvent[] = []
  for (const event of own) {
    const isInbound = event.direction === 'inbound'
    if (!isVoice(event.channel) && !isInbound && !event.effective) continue
    if (isInbound || event.effective || !FAILED_DIALS.has(event.line)) run = []
    else run.push(event)
  }
  const third = run[FAILED_DIALS_MIN - 1]
  return third !== undefined && clock.day > localDay(clock.zone, third.at)
}

function isSilent(scene: Scene, own: readonly PastEvent[], { zone, day }: LocalClock): boolean {
  const since = scene.prepared.facts.borrower.unreachableSince
  if (since === undefined) return false
  const at = parseInstant(since)
  const on = at === null ? parseLocalDate(since) : localDay(zone, at)
  if (on === null || day < on + SILENT_DAYS_MIN) return false
  const isAfter = (event: PastEvent) =>
    at === null ? localDay(zone, event.at) >= on : event.at > at
  return !own.some((event) => isAfter(event) && (event.direction === 'inbound' || event.effective))
}
