import {
  addDays,
  type EpochDay,
  instant,
  instantsOfLocal,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { endHold, startHold, wakeCases } from '../../cases/index.ts'
import type { Work } from '../context.ts'
import type { Adherence } from '../model/decide-plan.ts'
import { updateAsked, updateHold } from './plan-change-store.ts'
import type { StoredPlan } from './plan-store.ts'

/** Collection speaks of a plan's part from so many days before it is due. */
const QUIET_UNTIL_DAYS_BEFORE = 3

/**
 * What follows from how far a running plan is: collection asks for its next part instead of the arrears, and
 * rests until shortly before that is due. A plan that does not run leaves neither behind.
 */
export async function followPlan(
  work: Pick<Work, 'tx' | 'reactions' | 'at'>,
  plan: StoredPlan,
  { next, today }: { next: Adherence['next']; today: EpochDay },
): Promise<void> {
  const { tx } = work
  const { borrowerId, lender, currency } = plan
  const asked = next === null ? null : { amountMinor: next.amountMinor, dueOn: next.dueOn }
  await updateAsked(tx, { borrowerId, lender, currency, asked })
  const quietUntil = next === null ? null : addDays(next.dueOn, -QUIET_UNTIL_DAYS_BEFORE)
  const untilOn = quietUntil !== null && quietUntil > today ? quietUntil : null
  if (untilOn === plan.holdUntilOn) return
  if (plan.holdId !== null) await endHold(work, { borrowerId, holdId: plan.holdId })
  const holdId = untilOn === null ? null : await startRest(work, plan, untilOn)
  await updateHold(tx, plan, { holdId, untilOn })
  await wakeCases(tx, [{ borrowerId, caseId: plan.caseId, on: untilOn ?? today }])
}

function startRest(
  work: Pick<Work, 'tx' | 'reactions' | 'at'>,
  { borrowerId, zone, planId }: StoredPlan,
  untilOn: EpochDay,
): Promise<string> {
  const [midnight] = instantsOfLocal(required(zoneNamed(zone), `zone ${zone}`), untilOn, 0)
  return startHold(work, {
    borrowerId,
    kind: 'plan-active',
    scope: {},
    from: work.at,
    to: instant(required(midnight, 'midnight')),
    reason: `plan ${planId}`,
    source: 'plan',
  })
}
