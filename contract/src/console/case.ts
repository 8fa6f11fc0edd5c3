import { z } from 'zod'
import { verdictResponse } from '../responses.ts'
import { caseItem } from './cases.ts'
import { noQuery, reads } from './endpoint.ts'

/** What is past due of a loan, split as the law asks it to be told. */
const loan = z.strictObject({
  id: z.string(),
  loanNo: z.string(),
  principalMinor: z.int(),
  interestMinor: z.int(),
  feeMinor: z.int(),
  penaltyMinor: z.int(),
  outstandingMinor: z.int(),
  oldestUnpaidDueOn: z.string().nullable(),
  /** The day whose close the amounts describe. */
  asOf: z.string().nullable(),
})

export const readCase = reads('GET /console-api/cases/:caseId', 'case.read', {
  query: noQuery,
  answer: z.strictObject({ case: caseItem, loans: z.array(loan) }),
})

/** The lamp of each channel and contact point: what the gate says now, and from when it would permit. */
export const readLamps = reads('GET /console-api/cases/:caseId/lamps', 'case.read', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        channel: z.string(),
        contactPointId: z.string(),
        point: z.string(),
        relation: z.string(),
        now: verdictResponse,
      }),
    ),
  }),
})

export const readTimeline = reads('GET /console-api/cases/:caseId/timeline', 'case.read', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        at: z.string(),
        event: z.string(),
        channel: z.string().nullable(),
      }),
    ),
  }),
})
