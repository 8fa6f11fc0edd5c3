import { z } from 'zod'
import { noQuery, reads } from './endpoint.ts'

const text = z.strictObject({ zh: z.string(), en: z.string() })

export const readBoard = reads('GET /console-api/board', 'board.read', {
  query: noQuery,
  answer: z.strictObject({
    now: z.string(),
    totals: z.strictObject({
      borrowers: z.int(),
      loans: z.int(),
      open: z.int(),
      outstandingMinor: z.int(),
    }),
    stages: z.array(z.strictObject({ stage: z.string(), cases: z.int(), arrearsMinor: z.int() })),
    verdicts: z.array(
      z.strictObject({
        verdict: z.enum(['permit', 'defer', 'refuse']),
        rule: z.string().nullable(),
        title: text.nullable(),
        count: z.int(),
      }),
    ),
    channels: z.array(z.strictObject({ channel: z.string(), state: z.string(), count: z.int() })),
  }),
})
