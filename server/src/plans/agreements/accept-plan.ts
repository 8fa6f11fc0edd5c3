import { timingSafeEqual } from 'node:crypto'
import { formatInstant, ok, type Result } from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { recordPapers } from '../../platform/evidence/index.ts'
import type { PlanRefusal, Work } from '../context.ts'
import { type LockedCase, no } from '../find-case.ts'
import { listPayments } from '../ledgers.ts'
import { adherenceOf } from '../model/decide-plan.ts'
import { supersedeOpen } from '../promises/promise-store.ts'
import { readLedgers } from '../read-ledgers.ts'
import { lockPlan } from './change-plan.ts'
import { checkHeld } from './check-held.ts'
import { followPlan } from './follow-plan.ts'
import {
  countTry,
  findAgreement,
  findLastCode,
  hasOtherActive,
  noteUsed,
  updateAccepted,
} from './plan-change-store.ts'
import { draftEffects } from './plan-effects.ts'
import type { StoredPlan } from './plan-store.ts'
import { effectOf } from './preview-plan.ts'
import { owedBy, readDebt } from './scope.ts'
import { syncEffects } from './sync-effects.ts'

export type AcceptGiven = {
  readonly planId: string
  readonly code: string
  /** Of the agreement that the borrower has seen. */
  readonly agreementSha256: string
}

/** After so many tries a code is void. */
const TRIES_MAX = 5

/** Counts a try of the last code of a plan, for good: also when what follows is refused and undone. */
export function countCodeTry(db: Database, planId: string): Promise<void> {
  return countTry(db, planId)
}

/**
 * The borrower accepts: the code fits, the agreement is the one that was seen, and what is owed is still what
 * it says. From then on the plan runs, its effects stand in the ledger, and it takes the place of any promise.
 */
export async function acceptPlan(
  work: Work,
  given: AcceptGiven,
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { tx, at } = work
  const locked = await lockPlan(work, given.planId)
  if (!locked.ok) return locked
  const { plan, found } = locked.value
  const refusal = (await checkOffer(work, plan, found)) ?? (await checkCode(work, plan, given))
  if (refusal !== null) return refusal
  const code = await findLastCode(tx, plan, formatInstant(at))
  if (code !== null) await noteUsed(tx, plan, { codeId: code.codeId, usedAt: formatInstant(at) })
  await startPlan(work, { plan, found, by: `code ${code?.codeId ?? ''}` })
  const { borrowerId, caseId, planId: ref } = plan
  const paper = { borrowerId, caseId, kind: 'agreement-accepted', ref } as const
  await recordPapers(tx, [{ ...paper, sha256: given.agreementSha256 }], at)
  return tell(work, plan, given)
}

type Refused = Result<never, PlanRefusal> | null

async function checkOffer({ tx }: Work, plan: StoredPlan, found: LockedCase): Promise<Refused> {
  const { planId } = plan
  if (plan.state !== 'offered' || plan.offerUntilOn < found.today)
    return no('plan.not_on_offer', 'id', `plan ${planId} is ${plan.state}, or its days are over`)
  const held = await checkHeld(tx, found, 'id')
  if (held !== null) return held
  if (await hasOtherActive(tx, plan))
    return no('plan.running', 'id', 'another plan of the case runs: cancel it first')
  const debt = readDebt(await readLedgers(tx, found), found.today)
  if (owedBy(debt, plan.scope).owedMinor !== plan.owedMinor)
    return no('plan.not_on_offer', 'id', 'what is owed has changed: propose it anew')
  return null
}

async function checkCode(
  { tx, sealer, at }: Work,
  plan: StoredPlan,
  { code, agreementSha256, planId }: AcceptGiven,
): Promise<Refused> {
  const bad = (detail: string): Refused => no('plan.bad_code', 'code', detail)
  const last = await findLastCode(tx, plan, formatInstant(at))
  if (last === null || last.isExpired) return bad('the code is used or too old: ask for another')
  if (last.tries > TRIES_MAX) return bad('too many tries: ask for another code')
  const given = sealer.hash('plan_code', `${planId} ${code}`)
  if (!timingSafeEqual(given, last.codeHash)) return bad('this is not the code')
  const agreement = await findAgreement(tx, plan)
  if (agreement?.sha256 !== agreementSha256 || last.sha256 !== agreementSha256)
    return no('plan.bad_code', 'agreementSha256', 'this is not the agreement that is on offer')
  return null
}

async function startPlan(
  work: Work,
  { plan, found, by }: { plan: StoredPlan; found: LockedCase; by: string },
): Promise<void> {
  const { tx, at } = work
  const { today } = found
  const { borrowerId, caseId } = plan
  const ledgers = await readLedgers(tx, found)
  const given = { terms: plan, graceDays: plan.graceDays, startOn: today }
  const effects = draftEffects(ledgers, given)
  const knownBefore = listPayments(ledgers, { from: today, today }).map(({ id }) => id)
  const accepted = { at: formatInstant(at), on: today, by, knownBefore, effects }
  await supersedeOpen(tx, { borrowerId, caseId, on: today })
  await updateAccepted(tx, plan, { ...accepted, effect: effectOf(effects) })
  await syncEffects(work, { ...plan, effects }, { moment: { state: 'active' }, today })
  const { next } = adherenceOf(plan, { acceptedOn: today, today, payments: [] })
  await followPlan(work, plan, { next, today })
  await wakeCases(tx, [{ borrowerId, caseId, on: today }])
}

async function tell(
  { tx, reactions, at }: Work,
  plan: StoredPlan,
  { agreementSha256 }: AcceptGiven,
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { borrowerId, planId, caseId, kind, currency } = plan
  const payload = {
    ...{ planId, caseId, kind, currency, agreementSha256 },
    amountMinor: Number(plan.amountMinor),
    waivedMinor: Number(plan.waivedMinor),
  }
  await reactions.publish(tx, [{ name: 'plan.accepted', borrowerId, payload }], at)
  return ok({ borrowerId })
}
