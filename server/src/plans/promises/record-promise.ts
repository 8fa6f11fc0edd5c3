import {
  addDays,
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  ok,
  type Result,
  refused,
} from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../../platform/events/index.ts'
import { lockCase } from '../find-case.ts'
import { foldCase, listPayments } from '../ledgers.ts'
import { amountOf, dueOf, type PromisePart, type PromiseTerms } from '../model/decide-promise.ts'
import { readLedgers } from '../read-ledgers.ts'
import { hasRightParty, insertPromise } from './promise-store.ts'

export type PromiseGiven = PromiseTerms & {
  readonly caseId: string
  readonly currency: string
  /** `agent` and `robot` spoke to somebody; `portal` and `message` are the borrower's own words. */
  readonly source: 'agent' | 'robot' | 'portal' | 'message'
  readonly attemptId: string | null
  /** Whether its terms were read back to the borrower. */
  readonly isReadBack: boolean
}
export type PromiseRefusal = {
  readonly code:
    | 'resource.not_found'
    | 'case.not_open'
    | 'promise.no_right_party'
    | 'promise.bad_date'
    | 'promise.bad_parts'
    | 'promise.currency_mismatch'
  readonly field: string
  readonly detail: string
}

/** How far ahead a promise may lie; beyond it a plan is the honest form. */
const DAYS_AHEAD_MAX = 62
/** How long after a conversation its promise may still be recorded, when no attempt is named. */
const RIGHT_PARTY_HOURS = 24
const HOUR_MS = 3_600_000

/**
 * Records a promise on an open case under its borrower's lock; it replaces the open one. What a person of
 * ours heard needs a contact whose outcome names the right party (kpi.md: only such a contact may create one).
 */
export async function recordPromise(
  { tx, reactions, at }: { tx: Tx; reactions: Reactions; at: Instant },
  given: PromiseGiven,
): Promise<Result<{ promiseId: string; borrowerId: string }, PromiseRefusal>> {
  const locked = await lockCase({ tx, at }, given.caseId)
  if (!locked.ok) return no('resource.not_found', 'caseId', locked.refusal.detail)
  const found = locked.value
  const { borrowerId, today } = found
  const refusal = checkTerms(given, found)
  if (refusal !== null) return refused(refusal)
  if (found.isDeceased) return no('promise.no_right_party', 'caseId', 'the borrower has died')
  const since = formatInstant(instant(at - RIGHT_PARTY_HOURS * HOUR_MS))
  const isOwnWord = given.source === 'portal' || given.source === 'message'
  if (!isOwnWord && !(await hasRightParty(tx, { ...given, borrowerId, since }))) {
    const detail =
      'a promise needs a contact with the right party: record its outcome first (POST /attempts/{id}/outcome)'
    return no('promise.no_right_party', 'attemptId', detail)
  }
  const ledgers = await readLedgers(tx, found)
  const { promiseId, superseded } = await insertPromise(tx, {
    ...given,
    borrowerId,
    madeAt: formatInstant(at),
    madeOn: today,
    knownBefore: listPayments(ledgers, { from: today, today }).map(({ id }) => id),
    arrearsMinor: foldCase(ledgers, today).arrearsMinor,
  })
  await wakeCases(tx, [{ borrowerId, caseId: given.caseId, on: today }])
  await reactions.publish(tx, eventsOf({ ...given, borrowerId, promiseId, superseded }), at)
  return ok({ promiseId, borrowerId })
}

function eventsOf(
  made: PromiseGiven & { borrowerId: string; promiseId: string; superseded: readonly string[] },
): DomainEvent[] {
  const { borrowerId, promiseId, caseId, currency, graceDays, source } = made
  const amountMinor = Number(amountOf(made.parts))
  const dueOn = formatLocalDate(dueOf(made.parts))
  const payload = { promiseId, caseId, amountMinor, currency, dueOn, graceDays, source }
  return [
    ...made.superseded.map(
      (replaced): DomainEvent => ({
        ...{ name: 'promise.superseded', borrowerId, payload: { promiseId: replaced, caseId } },
      }),
    ),
    { name: 'promise.recorded', borrowerId, payload },
  ]
}

function checkTerms(
  given: PromiseGiven,
  found: { state: string; currency: string; today: EpochDay },
): PromiseRefusal | null {
  if (found.state !== 'open')
    return { code: 'case.not_open', field: 'caseId', detail: `case ${given.caseId} is closed` }
  if (given.currency !== found.currency)
    return {
      code: 'promise.currency_mismatch',
      field: 'currency',
      detail: `the case is in ${found.currency}`,
    }
  return checkDays(given.parts, found.today)
}

function checkDays(parts: readonly PromisePart[], today: EpochDay): PromiseRefusal | null {
  const last = addDays(today, DAYS_AHEAD_MAX)
  if (parts.some(({ dueOn }) => dueOn < today || dueOn > last))
    return {
      code: 'promise.bad_date',
      field: 'dueOn',
      detail: `a promise is for today or one of the next ${DAYS_AHEAD_MAX} days`,
    }
  const isOrdered = parts.every((part, index) => {
    const before = parts[index - 1]
    return before === undefined || before.dueOn < part.dueOn
  })
  if (isOrdered) return null
  return {
    code: 'promise.bad_parts',
    field: 'parts',
    detail: 'the parts of a promise come in the order of their days, one a day',
  }
}

function no(
  code: PromiseRefusal['code'],
  field: string,
  detail: string,
): Result<never, PromiseRefusal> {
  return refused({ code, field, detail })
}
