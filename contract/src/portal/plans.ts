import { z } from 'zod'
import { acts, done, minor, nothingGiven, reads } from './endpoint.ts'

// A plan that fits: what a household has and needs, what follows from it, and the borrower's word.

const part = z.strictObject({
  dueOn: z.string(),
  amountMinor: z.int(),
  interestMinor: z.int(),
})
const terms = {
  kind: z.enum(['postponement', 'instalments', 'settlement']),
  scope: z.enum(['arrears', 'outstanding']),
  amountMinor: z.int(),
  interestMinor: z.int(),
  waivedMinor: z.int(),
  parts: z.array(part),
}
const plan = z.strictObject({
  ...terms,
  id: z.string(),
  state: z.string(),
  offerUntilOn: z.string(),
  agreementSha256: z.string(),
})

export const recordStatement = acts('POST /portal-api/statements', {
  body: z.strictObject({
    adults: z.int().min(1).max(20),
    children: z.int().min(0).max(20),
    incomeMinor: minor,
    housingMinor: minor,
    livingMinor: minor,
    otherDebtsMinor: minor,
    availableMinor: minor,
  }),
  answer: done,
})

export const readOffers = reads(
  'GET /portal-api/offers',
  z.strictObject({
    currency: z.string(),
    /** Null: nothing was stated yet. */
    affordableMinor: z.int().nullable(),
    offers: z.array(z.strictObject({ ...terms, key: z.string() })),
    isHeld: z.boolean(),
  }),
)

export const choosePlan = acts('POST /portal-api/plans', {
  body: z.strictObject({ key: z.string().max(100) }),
  answer: plan,
})
export const readPlans = reads(
  'GET /portal-api/plans',
  z.strictObject({ currency: z.string(), plans: z.array(plan) }),
)
export const sendPlanCode = acts('POST /portal-api/plans/:id/code', {
  body: z.strictObject({ channel: z.enum(['sms', 'email']) }),
  answer: z.strictObject({ masked: z.string() }),
})
export const acceptPlan = acts('POST /portal-api/plans/:id/accept', {
  body: z.strictObject({
    code: z.string().regex(/^\d{6}$/, 'expected six digits'),
    agreementSha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  answer: done,
})
export const demoPlanCode = acts('POST /portal-api/demo/plan-code', {
  body: nothingGiven,
  answer: z.strictObject({ code: z.string().nullable() }),
})
