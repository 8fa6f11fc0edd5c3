import { z } from 'zod'
import { id } from './requests.ts'

// Strategies as people change them: drafts, reviews, releases, trials on today's book.

const strategyName = z.string().regex(/^[a-z0-9-]{1,60}$/, 'expected the name of a strategy')
const note = z.string().trim().min(1).max(1000)

export const strategyParams = z.object({ name: strategyName })
export const draftParams = z.object({ id })
export const draftRequest = z.strictObject({
  /** The ladder in YAML, as `strategies/NAME.yaml`. */
  source: z.string().min(1).max(200_000),
  /** What is changed and why. */
  note,
})
export const reviewRequest = z.strictObject({ verdict: z.enum(['released', 'rejected']), note })
export const rollBackRequest = z.strictObject({ versionId: id, reason: note })
export const trialRequest = z.strictObject({
  /** A ladder in YAML; absent: what is in force. */
  source: z.string().min(1).max(200_000).optional(),
  /** Absent: every portfolio that follows the strategy. */
  portfolio: z.string().min(1).max(100).optional(),
})

export const draftResponse = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  note: z.string(),
  state: z.enum(['draft', 'released', 'rejected']),
  writtenBy: z.string(),
  writtenAt: z.string(),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.string().nullable(),
  reviewNote: z.string().nullable(),
})
export const strategiesResponse = z.object({
  items: z.array(z.object({ name: z.string(), portfolios: z.array(z.string()) })),
})
export const strategyResponse = z.object({
  name: z.string(),
  /** What is in force: the ladder as it was read. */
  document: z.record(z.string(), z.unknown()),
  hash: z.string(),
  versions: z.array(
    z.object({
      versionId: z.string(),
      hash: z.string(),
      firstUsedAt: z.string(),
      openCases: z.int(),
      releases: z.array(z.object({ by: z.string(), at: z.string(), reason: z.string() })),
    }),
  ),
  drafts: z.array(draftResponse),
})
export const trialResponse = z.object({
  asOf: z.string(),
  cases: z.int(),
  /** Whether the book has more open cases than a trial looks at. */
  isSample: z.boolean(),
  counts: z.array(
    z.object({
      stage: z.string().nullable(),
      channel: z.string(),
      verdict: z.enum(['permit', 'defer', 'refuse', 'unreachable']),
      rule: z.string().nullable(),
      count: z.int(),
    }),
  ),
  /** The first contacts, refusals first. */
  contacts: z.array(
    z.object({
      caseId: z.string(),
      stage: z.string().nullable(),
      step: z.string(),
      channel: z.string(),
      template: z.string(),
      at: z.string(),
      verdict: z.enum(['permit', 'defer', 'refuse', 'unreachable']),
      until: z.string().nullable(),
      rules: z.array(z.string()),
    }),
  ),
})
