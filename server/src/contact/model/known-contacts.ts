import { formatInstant, type Instant, parseInstant } from '@dunlin/kernel'
import type { Facts } from '@dunlin/policy'
import type { AttemptFacts, Decided } from './decide-attempt.ts'

export type PastContact = Facts['history'][number]

/**
 * Facts as they must be read at `at`: with the contacts that the same batch permitted to the same person
 * before this one, and with no contact in the future. A machine whose clock is ahead may have stored a
 * contact later than our own now; it took place all the same, so it counts as of now.
 */
export function withKnownContacts(
  attempt: AttemptFacts,
  { earlier, at }: { earlier: readonly PastContact[]; at: Instant },
): AttemptFacts {
  const history = notAfter(attempt.facts.history, at)
  if (earlier.length === 0 && history === attempt.facts.history) return attempt
  return { ...attempt, facts: { ...attempt.facts, history: [...history, ...earlier] } }
}

/** The history is in order of time, so that its last contact tells whether there is anything to do. */
function notAfter(history: Facts['history'], at: Instant): Facts['history'] {
  const last = history.at(-1)
  if (last === undefined || !isAfter(last, at)) return history
  const now = formatInstant(at)
  return history.map((contact) => (isAfter(contact, at) ? { ...contact, at: now } : contact))
}

function isAfter(contact: PastContact, at: Instant): boolean {
  const then = parseInstant(contact.at)
  return then !== null && then > at
}

/** A permitted contact as the next decision on the same person sees it: made, its fate not known. */
export function contactOf({ attempt, intent }: Decided): PastContact {
  return {
    at: intent.at,
    channel: attempt.channel,
    direction: 'outbound',
    party: intent.party,
    point: attempt.pointId,
    actor: attempt.actor,
    ...(attempt.via === null ? {} : { via: attempt.via }),
  }
}
