import { z } from 'zod'
import { id, instant } from './requests.ts'

// The audit trail, and wishes to delete a person's data.

export const auditQuery = z.strictObject({
  actor: z.string().min(1).max(200).optional(),
  /** A whole action, or the part before its dot: `strategy`. */
  action: z.string().min(1).max(100).optional(),
  subject: z.string().min(1).max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
  /** The id of the last entry seen. */
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
export const auditResponse = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().nullable(),
})
/** How often each person looked at what, in a period: the report of access to personal data. */
export const accessQuery = auditQuery.pick({ action: true, from: true, to: true })
export const accessResponse = z.object({
  items: z.array(
    z.object({
      actor: z.string(),
      action: z.string(),
      times: z.int(),
      subjects: z.int(),
      lastAt: z.string(),
    }),
  ),
})

export const erasureRequest = z.strictObject({ caseId: id })
export const erasureQuery = z.strictObject({
  state: z.enum(['waiting', 'done', 'refused']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
export const erasureDecisionRequest = z.strictObject({
  verdict: z.enum(['done', 'refused']),
  reason: z.string().trim().min(1).max(500),
})
export const erasureResponse = z.object({
  id: z.string(),
  /** The day before which nothing may go. */
  earliestOn: z.string(),
})
export const erasureDecisionResponse = z.object({ state: z.enum(['done', 'refused']) })
export const erasuresResponse = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      borrowerNo: z.string(),
      askedBy: z.string(),
      askedAt: z.string(),
      earliestOn: z.string(),
      state: z.enum(['waiting', 'done', 'refused']),
      decidedBy: z.string().nullable(),
      decidedAt: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
})
