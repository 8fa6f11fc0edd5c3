import { randomInt } from 'node:crypto'
import { formatInstant, instant, ok, type Result, required } from '@dunlin/kernel'
import { askService, type Gate } from '../../contact/index.ts'
import type { PlanRefusal, Work } from '../context.ts'
import { no } from '../find-case.ts'
import { lockPlan } from './change-plan.ts'
import { countCodes, findAgreement, insertCode } from './plan-change-store.ts'

export type CodeAsked = {
  readonly planId: string
  readonly channel: 'sms' | 'email'
  readonly contactPointId: string | null
}
export type CodeSent = {
  readonly borrowerId: string
  readonly attemptId: string
  /** Masked. */
  readonly point: string
  readonly expiresAt: string
}

const CODE_DIGITS = 6
const CODE_LIFE_MS = 10 * 60_000
/** How many codes a plan may have in a day. */
const CODES_A_DAY_MAX = 5
const DAY_MS = 86_400_000
const TEMPLATES = { sms: 'cn-plan-code-sms', email: 'cn-plan-code-email' } as const

/**
 * Makes a one-time code to accept a plan and asks dispatch to send it to the borrower's own point, as a
 * service that this plan triggers. Only its keyed hash is kept beside the plan; a new one voids the last.
 */
export async function sendPlanCode(
  work: Work,
  gate: Gate,
  asked: CodeAsked,
): Promise<Result<CodeSent, PlanRefusal>> {
  const { tx, sealer, at } = work
  const locked = await lockPlan(work, asked.planId)
  if (!locked.ok) return locked
  const { plan, found } = locked.value
  const { borrowerId, planId, caseId } = plan
  if (plan.state !== 'offered' || plan.offerUntilOn < found.today)
    return no('plan.not_on_offer', 'id', `plan ${planId} is ${plan.state}, or its days are over`)
  const made = await countCodes(tx, plan, formatInstant(instant(at - DAY_MS)))
  if (made >= CODES_A_DAY_MAX)
    return no('plan.bad_code', 'id', `at most ${CODES_A_DAY_MAX} codes a day`)
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
  const planned = await askService(tx, gate, {
    caseId,
    channel: asked.channel,
    template: TEMPLATES[asked.channel],
    contactPointId: asked.contactPointId,
    trigger: `plan ${planId}`,
    reference: planId,
    code,
    at,
  })
  if (!planned.ok)
    return no('plan.no_point', 'contactPointId', `the borrower has no usable ${asked.channel}`)
  const { attemptId, point, verdict } = planned.value
  if (verdict?.verdict === 'refuse')
    return no('plan.no_point', 'channel', `the gate refuses: ${verdict.reasons[0]?.rule ?? ''}`)
  const agreement = required(await findAgreement(tx, plan), `agreement of plan ${planId}`)
  const expiresAt = formatInstant(instant(at + CODE_LIFE_MS))
  await insertCode(tx, plan, {
    codeHash: sealer.hash('plan_code', `${planId} ${code}`),
    sha256: agreement.sha256,
    attemptId,
    at: formatInstant(at),
    expiresAt,
  })
  return ok({ borrowerId, attemptId, point, expiresAt })
}
