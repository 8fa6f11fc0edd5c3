import { z } from 'zod'
import { acts, id, reads } from './endpoint.ts'

// What is owed, to the day, and the ways to pay it.

const components = z.strictObject({
  principalMinor: z.int(),
  interestMinor: z.int(),
  penaltyMinor: z.int(),
  feeMinor: z.int(),
})

/** What a reward is to its borrower: theirs to take, waiting for their word, given, not theirs any more, or with us. */
export const REWARD_STATES = [
  'earned',
  'waiting',
  'given',
  'ended',
  'kept-though-reversed',
  'failed',
] as const

export const readOwed = reads(
  'GET /portal-api/owed',
  z.strictObject({
    asOf: z.string(),
    currency: z.string(),
    arrearsMinor: z.int(),
    outstandingMinor: z.int(),
    dpd: z.int(),
    loans: z.array(
      z.strictObject({
        loanId: z.string(),
        loanNo: z.string(),
        dpd: z.int(),
        oldestUnpaidDueOn: z.string().nullable(),
        arrearsMinor: z.int(),
        arrears: components,
        outstandingMinor: z.int(),
        creditMinor: z.int(),
        nextDueOn: z.string().nullable(),
        nextDueMinor: z.int(),
        isSettled: z.boolean(),
        payments: z.array(
          z.strictObject({
            eventNo: z.string(),
            on: z.string(),
            amountMinor: z.int(),
            isReversed: z.boolean(),
          }),
        ),
      }),
    ),
    /** What kept promises earned, and what became of it; the newest first. */
    rewards: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(['transfer', 'waiver']),
        amountMinor: z.int(),
        currency: z.string(),
        /** The declared text: what it is for. */
        reward: z.string(),
        state: z.enum(REWARD_STATES),
      }),
    ),
    /** Where to transfer to; null where the lender has not said. */
    transfer: z
      .strictObject({ bank: z.string(), name: z.string(), account: z.string() })
      .nullable(),
    canPayByWechat: z.boolean(),
  }),
)

const order = z.strictObject({
  id: z.string(),
  state: z.enum(['new', 'open', 'paid', 'closed', 'failed', 'unknown']),
  amountMinor: z.int(),
  currency: z.string(),
  /** A page of WeChat Pay, or a text for its QR code; null while there is none. */
  h5Url: z.string().nullable(),
  codeUrl: z.string().nullable(),
})

export const makeOrder = acts('POST /portal-api/orders', {
  body: z.strictObject({
    amountMinor: z.int().min(1).max(2_147_483_647),
    currency: z.literal('CNY'),
    way: z.enum(['h5', 'native']),
  }),
  answer: order,
})
export const readOrder = reads('GET /portal-api/orders/:id', order)

/** In a demo only: pays an order as the made-up borrower would on the phone. */
export const demoPay = acts('POST /portal-api/demo/pay', {
  body: z.strictObject({ id }),
  answer: z.strictObject({ done: z.literal(true) }),
})
