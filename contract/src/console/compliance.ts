import { z } from 'zod'
import { auditQuery, auditResponse } from '../compliance.ts'
import { localDate } from '../requests.ts'
import { decisionExplanationResponse } from '../responses.ts'
import { noQuery, reads } from './endpoint.ts'

// The compliance officer's desk: the rules in force, what the gate answered and why, and who looked at what.

const text = z.strictObject({ zh: z.string(), en: z.string() })

const ruleItem = z.strictObject({
  id: z.string(),
  pack: z.string(),
  kind: z.string(),
  severity: z.string(),
  title: text,
  /** What it demands, in a sentence with its figures. */
  says: text,
  source: z.strictObject({
    instrument: z.string(),
    basis: z.string(),
    note: z.string().nullable(),
  }),
  from: z.string().nullable(),
  to: z.string().nullable(),
})
export type RuleItem = z.infer<typeof ruleItem>

export const listRules = reads('GET /console-api/rules', 'compliance.read', {
  query: noQuery,
  answer: z.strictObject({
    packs: z.array(
      z.strictObject({
        id: z.string(),
        title: text,
        version: z.string(),
        /** Portfolios that are worked under it. */
        portfolios: z.array(z.string()),
      }),
    ),
    items: z.array(ruleItem),
  }),
})

export const VERDICTS = ['permit', 'defer', 'refuse'] as const
const decisionItem = z.strictObject({
  id: z.string(),
  at: z.string(),
  verdict: z.enum(VERDICTS),
  rules: z.array(z.string()),
  until: z.string().nullable(),
  channel: z.string(),
  borrowerNo: z.string(),
  caseId: z.string().nullable(),
})
export type DecisionItem = z.infer<typeof decisionItem>

export const listDecided = reads('GET /console-api/decisions', 'compliance.read', {
  query: z.strictObject({
    verdict: z.enum(VERDICTS).optional(),
    rule: z.string().max(100).optional(),
    borrower: z.string().trim().max(100).optional(),
    /** Local days in Shanghai; absent: today. */
    from: localDate.optional(),
    to: localDate.optional(),
    cursor: z
      .string()
      .regex(/^\d{1,18}-\d{1,9}$/)
      .optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  answer: z.strictObject({ items: z.array(decisionItem), nextCursor: z.string().nullable() }),
})

export const readDecided = reads('GET /console-api/decisions/:decisionId', 'compliance.read', {
  query: noQuery,
  answer: decisionExplanationResponse,
})

export const listAudited = reads('GET /console-api/audit', 'compliance.read', {
  query: auditQuery,
  answer: auditResponse,
})
export type AuditItem = z.infer<typeof auditResponse>['items'][number]

export const COMPLIANCE_ENDPOINTS = [listRules, listDecided, readDecided, listAudited] as const
