import { z } from 'zod'
import { changes } from './endpoint.ts'

/** To contact somebody is none of them: that goes through the gate, which needs no eye on the number. */
export const UNMASK_REASONS = ['inbound', 'correct', 'complaint', 'review', 'authority'] as const

/** The audit keeps these words in plain, so they may not themselves tell a number or an address. */
const words = z
  .string()
  .trim()
  .min(4)
  .max(300)
  .refine((text) => !/\p{Nd}{5}|[@＠]/u.test(text), 'no number and no address: these words stay')

/** A contact point in the clear, for a reason that is kept first. */
export const deskUnmask = changes(
  'POST /console-api/desk/cases/:caseId/points/:contactPointId/unmask',
  'person.unmask',
  {
    body: z.strictObject({ reason: z.enum(UNMASK_REASONS), words }),
    answer: z.strictObject({ value: z.string(), shownSeconds: z.int() }),
  },
)
