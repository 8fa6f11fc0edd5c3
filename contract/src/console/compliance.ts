import { CHANNELS } from '@dunlin/policy'
import { z } from 'zod'
import { auditQuery, auditResponse } from '../compliance.ts'
import { id, instant, localDate } from '../requests.ts'
import { decisionExplanationResponse, explanationResponse } from '../responses.ts'
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

/** How far ahead the gate may be asked. */
export const AHEAD_DAYS_MAX = 60
export const askGate = reads('GET /console-api/gate/questions', 'compliance.read', {
  query: z.strictObject({
    borrower: z.string().trim().min(1).max(100),
    /** Absent: now. */
    at: instant.optional(),
    /** With a point: what is told in full. */
    channel: z.enum(CHANNELS).optional(),
    point: id.optional(),
  }),
  answer: z.strictObject({
    caseId: z.string(),
    at: z.string(),
    contacts: z.array(
      z.strictObject({
        channel: z.enum(CHANNELS),
        point: z.string(),
        masked: z.string(),
        relation: z.string(),
        verdict: z.enum(VERDICTS),
        until: z.string().nullable(),
      }),
    ),
    told: explanationResponse.nullable(),
  }),
})

export const listAudited = reads('GET /console-api/audit', 'compliance.read', {
  query: auditQuery,
  answer: auditResponse,
})
export type AuditItem = z.infer<typeof auditResponse>['items'][number]

export const COMPLIANCE_ENDPOINTS = [
  listRules,
  listDecided,
  readDecided,
  askGate,
  listAudited,
] as const
