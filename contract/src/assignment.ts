import { z } from 'zod'
import { id, localDate } from './requests.ts'

// Who works which case, and batches that outside agencies work.

const words = z.string().trim().min(1).max(200)
const stages = z.array(z.string().min(1).max(20)).min(1).max(20)

export const assignmentRequest = z.strictObject({
  portfolio: words,
  /** Absent: every stage. */
  stages: stages.optional(),
  /** Logins; absent: everybody who may. */
  agents: z.array(words).min(1).max(1000).optional(),
  /** Bounds between bands of arrears in minor units: cases of one stage and band are dealt evenly. */
  amountBands: z.array(z.int().positive()).max(20).default([100_000, 500_000, 2_000_000]),
  /** Whether an agent needs a skill named as the case's language, or as its stage. */
  byLanguage: z.boolean().default(false),
  byStage: z.boolean().default(false),
  /** Whether an agent needs a skill named as what holds the case: hardship, dispute, complaint, bereavement. */
  byMatter: z.boolean().default(false),
  /** The same seed deals the same book alike; absent: drawn, and told. */
  seed: z.int().min(0).max(4_294_967_295).optional(),
})
export const dealResponse = z.object({
  id: z.string(),
  seed: z.int(),
  assigned: z.array(z.object({ agent: z.string(), cases: z.int() })),
  left: z.int(),
  /** Whether more cases wait than one deal takes (100,000): deal again. */
  isCut: z.boolean(),
})
export const moveRequest = z.strictObject({
  caseId: id,
  /** Null: nobody. */
  agent: words.nullable(),
  reason: words,
})
export const moveResponse = z.object({ caseId: z.string(), agent: z.string().nullable() })
export const assignmentsResponse = z.object({
  items: z.array(
    z.object({
      /** Null: the case was given back to nobody. */
      agent: z.string().nullable(),
      from: z.string(),
      to: z.string().nullable(),
      reason: z.string(),
      by: z.string(),
    }),
  ),
})

export const placementRequest = z.strictObject({
  name: words,
  agency: words,
  portfolio: words,
  /** The day on which it is taken back. */
  recallOn: localDate,
  stages: stages.optional(),
  caseIds: z.array(id).min(1).max(10_000).optional(),
})
export const placementResponse = z.object({ id: z.string(), cases: z.int() })
export const recallRequest = z.strictObject({ reason: words })
export const placementsResponse = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      agency: z.string(),
      portfolio: z.string(),
      placedAt: z.string(),
      recallOn: z.string(),
      recalledAt: z.string().nullable(),
      cases: z.int(),
      open: z.int(),
      placedMinor: z.number(),
      collectedMinor: z.number(),
    }),
  ),
})
