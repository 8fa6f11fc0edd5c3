import { RELATIONS } from '@dunlin/policy'
import { z } from 'zod'
import { id } from './requests.ts'

// Matters: what somebody raised and is owed a decision on. Words of people are sealed where they are kept.

const words = z.string().trim().min(1).max(4_000)
const actor = z.string().trim().min(1).max(100)

export const MATTER_CHANNELS = [
  'call',
  'sms',
  'email',
  'wecom',
  'portal',
  'letter',
  'visit',
  'other',
] as const

/** A document by where it lies and by the SHA-256 of its bytes. */
export const documentRequest = z.strictObject({
  title: z.string().trim().min(1).max(200),
  reference: z.string().trim().min(1).max(500),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case'),
})

/** Taken in from anybody, on any channel: contact is held when it answers. */
export const matterRequest = z.strictObject({
  caseId: id,
  /** What was said. */
  reason: words,
  /** Absent: the whole case. */
  loanNo: z.string().min(1).max(100).optional(),
  channel: z.enum(MATTER_CHANNELS).default('other'),
  raisedBy: z.enum(RELATIONS).default('borrower'),
  /** Whom a stop protects; absent: everybody. */
  partyId: id.optional(),
  /** Whose work it is; absent: the caller's. */
  owner: actor.optional(),
  documents: z.array(documentRequest).max(20).default([]),
})

export const MATTER_OUTCOMES = ['upheld', 'partly-upheld', 'rejected', 'withdrawn'] as const
export const decisionRequest = z.strictObject({
  outcome: z.enum(MATTER_OUTCOMES),
  /** In words for the borrower. */
  reasons: words,
  /** Contact stays held although it is decided. */
  keepHold: z.boolean().default(false),
})
export const appealRequest = z.strictObject({ reason: words, owner: actor.optional() })
/** A person has told the decision and its reasons, this way. */
export const toldRequest = z.strictObject({ channel: z.enum(MATTER_CHANNELS) })
export const toldResponse = z.object({ toldAt: z.string() })
export const ownerRequest = z.strictObject({ owner: actor })

export const matterQuery = z.strictObject({
  caseId: id.optional(),
  kind: z.string().max(40).optional(),
  state: z.enum(['open', 'decided', 'appealed', 'closed']).optional(),
  owner: actor.optional(),
  /** `true`: only those whose deadline is over without a decision. */
  overdue: z.enum(['true', 'false']).optional(),
  /** `true`: only decided ones that no message may or can tell, until a person has. */
  untold: z.enum(['true', 'false']).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const matterOpenedResponse = z.object({
  id: z.string(),
  holdId: z.string(),
  owner: z.string(),
  /** By when it is decided. */
  dueOn: z.string(),
})
const matterItem = z.object({
  id: z.string(),
  caseId: z.string(),
  kind: z.string(),
  channel: z.string(),
  raisedBy: z.string(),
  loanNo: z.string().nullable(),
  state: z.enum(['open', 'decided', 'appealed', 'closed']),
  owner: z.string(),
  holdId: z.string(),
  receivedAt: z.string(),
  dueOn: z.string(),
  isOverdue: z.boolean(),
  outcome: z.enum(MATTER_OUTCOMES).nullable(),
  decidedAt: z.string().nullable(),
  decidedBy: z.string().nullable(),
  appealUntilOn: z.string().nullable(),
})
export type MatterItem = z.infer<typeof matterItem>
export const matterPage = z.object({
  items: z.array(matterItem),
  nextCursor: z.string().nullable(),
})
export const forgottenQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
/** What nobody looks after. */
export const forgottenResponse = z.object({
  items: z.array(
    z.object({
      caseId: z.string(),
      reason: z.enum(['silent', 'matter-late', 'approval-late']),
      /** The case, the matter or the plan. */
      subjectId: z.string(),
      /** Who owns the matter, or proposed the plan. */
      owner: z.string().nullable(),
      /** The last day of life, the deadline, or the day of the proposal. */
      sinceOn: z.string(),
      /** Days beyond what is allowed. */
      lateDays: z.number().int(),
    }),
  ),
})
export const documentResponse = z.object({ id: z.string() })
export const matterResponse = matterItem.extend({
  /** What was raised, in the words of whoever raised it. */
  text: z.string(),
  steps: z.array(
    z.object({
      kind: z.string(),
      at: z.string(),
      by: z.string(),
      text: z.string().nullable(),
      detail: z.record(z.string(), z.string().nullable()),
    }),
  ),
  documents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      reference: z.string(),
      sha256: z.string(),
      addedAt: z.string(),
      addedBy: z.string(),
    }),
  ),
})
export const decidedResponse = z.object({
  state: z.enum(['open', 'decided', 'appealed', 'closed']),
  /** Until when it may be appealed against; null when it may not. */
  appealUntilOn: z.string().nullable(),
})
export const assignedResponse = z.object({ owner: z.string() })
