import {
  formatInstant,
  type Instant,
  localDay,
  ok,
  type Result,
  refused,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { wakeCases } from '../cases/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { findAttempt, insertOutcome } from './ask-store.ts'
import { markHealth } from './mark-health.ts'

export type Outcome = {
  readonly borrowerId: string
  readonly attemptId: string
  /** What the network said. */
  readonly line: string
  /** Who it was; `right-party` only when the identity was verified. */
  readonly party: 'right-party' | 'third-party' | 'wrong-person' | 'nobody' | null
  /** What was said, as a code. */
  readonly talk: string | null
  readonly delayReason: string | null
  /** Lines of the script that were ticked as said; absent where nobody read from one. */
  readonly said?: readonly string[]
  readonly by: string
}
export type OutcomeRefusal = {
  readonly code: 'resource.not_found' | 'outcome.not_made'
  readonly detail: string
}

/** States of an attempt that took place, as far as anybody knows. */
const MADE: readonly string[] = ['permitted', 'sent', 'unknown', 'received', 'recorded']

/**
 * Records what became of a contact in three fields, under its borrower's lock. A talk with anybody makes it
 * effective, which the caps count; a wrong person or a dead number marks the point; the case is looked at again.
 */
export async function recordOutcome(
  { tx, reactions, at }: { tx: Tx; reactions: Reactions; at: Instant },
  outcome: Outcome,
): Promise<Result<{ outcomeId: string; isEffective: boolean }, OutcomeRefusal>> {
  const { borrowerId, attemptId, line, party, talk } = outcome
  await lockBorrowers(tx, [borrowerId])
  const attempt = await findAttempt(tx, outcome)
  if (attempt === null) {
    const detail = `there is no attempt ${borrowerId}-${attemptId}`
    return refused({ code: 'resource.not_found', detail })
  }
  if (!MADE.includes(attempt.state)) {
    const detail = `the attempt is ${attempt.state}: it did not take place, so nothing can have come of it`
    return refused({ code: 'outcome.not_made', detail })
  }
  const isEffective = talk !== null || (party !== null && party !== 'nobody')
  const outcomeId = await insertOutcome(tx, attempt, {
    ...outcome,
    at: formatInstant(at),
    isEffective,
  })
  const health = healthAfter(outcome)
  if (health !== null && attempt.contactPointId !== null)
    await markHealth(
      { tx, reactions, at },
      { borrowerId, contactPointId: attempt.contactPointId, health, reason: 'outcome' },
    )
  if (attempt.caseId !== null) {
    const on = localDay(required(zoneNamed(attempt.zone), `zone ${attempt.zone}`), at)
    await wakeCases(tx, [{ borrowerId, caseId: attempt.caseId, on }])
  }
  const payload = { attemptId, caseId: attempt.caseId, line, party, talk }
  await reactions.publish(tx, [{ name: 'outcome.recorded', borrowerId, payload }], at)
  return ok({ outcomeId, isEffective })
}

function healthAfter({ line, party }: Outcome): 'dead' | 'wrong-person' | null {
  if (party === 'wrong-person') return 'wrong-person'
  return line === 'invalid' && party !== 'right-party' ? 'dead' : null
}
