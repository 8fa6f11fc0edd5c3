import { addDays, type EpochDay, localDay, required, utcDate, zoneNamed } from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import { lockBorrowers } from '../../loanbook/index.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { Work } from '../context.ts'
import { type CaseLedger, listPayments } from '../ledgers.ts'
import { adherenceOf, decidePlan, type PlanDecision, type PlanFacts } from '../model/decide-plan.ts'
import { readLedgers } from '../read-ledgers.ts'
import { followPlan } from './follow-plan.ts'
import { hasOpenMatter, hasOtherActive, updateState } from './plan-change-store.ts'
import type { PlanMoment } from './plan-effects.ts'
import { listAcceptedOf, listExpired, listPlansOverdue, type StoredPlan } from './plan-store.ts'
import { syncEffects } from './sync-effects.ts'

type JudgeWork = Pick<Work, 'tx' | 'reactions' | 'at'>

const BATCH_BORROWERS = 200
const BATCH_OFFERS = 500

/**
 * Judges every accepted plan of these borrowers by the ledger, in the caller's transaction: whatever order
 * payments and reversals become known in, state and effects on the ledger come out the same.
 */
export async function judgePlans(work: JudgeWork, borrowerIds: readonly string[]): Promise<number> {
  let changed = 0
  for (const plan of await listAcceptedOf(work.tx, [...new Set(borrowerIds)]))
    if (await judgePlan(work, plan)) changed += 1
  return changed
}

/** The payments that count for a plan, as of the day that it is where its portfolio is. */
export function factsOf(
  plan: StoredPlan,
  ledgers: readonly CaseLedger[],
  at: Work['at'],
): PlanFacts {
  const today = localDay(required(zoneNamed(plan.zone), `zone ${plan.zone}`), at)
  const acceptedOn = plan.acceptedOn ?? today
  const known = new Set(plan.knownBefore)
  const payments = listPayments(ledgers, { from: acceptedOn, today }).filter(
    ({ id }) => !known.has(id),
  )
  return { acceptedOn, today, payments: plan.acceptedOn === null ? [] : payments }
}

async function judgePlan(work: JudgeWork, plan: StoredPlan): Promise<boolean> {
  const { tx, reactions, at } = work
  const facts = factsOf(plan, await readLedgers(tx, plan), at)
  const decided = await spareTheDead(tx, plan, decidePlan(plan, facts))
  const decision = await stayBehind(tx, plan, { decided, today: facts.today })
  const { state, on } = decision
  const { today } = facts
  const isSame = state === plan.state && (state === 'active' || on === plan.decidedOn)
  if (!isSame) {
    // First what it is, then what follows: the ledger's own news finds the plan decided.
    await updateState(tx, plan, { state, decidedOn: on, endReason: null })
    await syncEffects(work, plan, { moment: toMoment(decision, today), today })
  }
  const next = state === 'active' ? adherenceOf(plan, facts).next : null
  if (state === 'active' || plan.state === 'active') await followPlan(work, plan, { next, today })
  if (state === plan.state) return false
  const { borrowerId, planId, caseId } = plan
  await wakeCases(tx, [{ borrowerId, caseId, on: today }])
  await reactions.publish(
    tx,
    [{ name: EVENT_OF[state], borrowerId, payload: { planId, caseId } }],
    at,
  )
  return true
}

const EVENT_OF = { active: 'plan.reopened', kept: 'plan.kept', broken: 'plan.broken' } as const

/** While a death is looked into, a running plan is not broken by it. */
async function spareTheDead(
  tx: Tx,
  { borrowerId, caseId, state }: StoredPlan,
  decision: PlanDecision,
): Promise<PlanDecision> {
  if (decision.state !== 'broken' || state !== 'active') return decision
  const kinds = ['death', 'bereavement']
  const isSpared = await hasOpenMatter(tx, { borrowerId, caseId, kinds })
  return isSpared ? { state: 'active', on: null } : decision
}

/** A plan that would run again while a newer one runs stays behind it, broken. */
async function stayBehind(
  tx: Tx,
  plan: StoredPlan,
  { decided, today }: { decided: PlanDecision; today: EpochDay },
): Promise<PlanDecision> {
  if (decided.state !== 'active' || plan.state === 'active') return decided
  if (!(await hasOtherActive(tx, plan))) return decided
  return { state: 'broken', on: plan.state === 'broken' ? plan.decidedOn : today }
}

function toMoment({ state, on }: PlanDecision, today: EpochDay): PlanMoment {
  return state === 'kept' ? { state, on: on ?? today } : { state }
}

/** Judges every running plan of which a deadline is over, and ends offers that nobody took; how many changed. */
export async function judgeOverduePlans(
  db: Database,
  options: Pick<Work, 'reactions' | 'at'>,
): Promise<number> {
  const before: EpochDay = addDays(utcDate(options.at), 1)
  let changed = await expireOffers(db, options)
  let after = '0'
  for (;;) {
    const ids = await db.transaction(async (tx) => {
      const found = await listPlansOverdue(tx, { before, after, limit: BATCH_BORROWERS })
      if (found.length === 0) return found
      await lockBorrowers(tx, found)
      changed += await judgePlans({ tx, ...options }, found)
      return found
    })
    const last = ids.at(-1)
    if (last === undefined) return changed
    after = last
  }
}

/** An offer stands through its last day everywhere on earth. */
function expireOffers(
  db: Database,
  { reactions, at }: Pick<Work, 'reactions' | 'at'>,
): Promise<number> {
  const before = addDays(utcDate(at), -1)
  return db.transaction(async (tx) => {
    const found = await listExpired(tx, before, BATCH_OFFERS)
    await lockBorrowers(
      tx,
      found.map(({ borrowerId }) => borrowerId),
    )
    for (const plan of await listExpired(tx, before, BATCH_OFFERS)) {
      const { borrowerId, planId, caseId } = plan
      await updateState(tx, plan, { state: 'expired', decidedOn: utcDate(at), endReason: null })
      await reactions.publish(
        tx,
        [{ name: 'plan.expired', borrowerId, payload: { planId, caseId } }],
        at,
      )
    }
    return found.length
  })
}
