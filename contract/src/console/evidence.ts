import { z } from 'zod'
import { id, localDate } from '../requests.ts'
import { changes, noQuery, reads } from './endpoint.ts'

// The log of decisions: its chain, its verifications, and what may be taken away of it.

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
const head = z.strictObject({ sequence: z.number(), hash: z.string() })

const evidenceCheck = z.strictObject({
  id: z.string(),
  kind: z.enum(['log', 'case', 'period']),
  caseId: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  portfolio: z.string().nullable(),
  anchor: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed']),
  askedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  total: z.number(),
  decisions: z.number(),
  /** Decisions whose facts were erased at the end of their retention. */
  erased: z.number(),
  /** What it vouches for, and no further. */
  head: head.nullable(),
  problemCount: z.int(),
  /** The first of them. */
  problems: z.array(z.string()),
})
export type EvidenceCheckItem = z.infer<typeof evidenceCheck>

const checkpoint = z.strictObject({
  sequence: z.number(),
  hash: z.string(),
  root: z.string(),
  leaves: z.int(),
  decidedAt: z.string(),
  sealedAt: z.string(),
})
export type CheckpointItem = z.infer<typeof checkpoint>

export const readEvidence = reads('GET /console-api/evidence', 'compliance.read', {
  query: noQuery,
  answer: z.strictObject({
    head: checkpoint.nullable(),
    decisions: z.number(),
    /** Batches without a place in the chain yet. */
    waiting: z.int(),
    publicKey: z.string(),
    /** SHA-256 of the key's file: what a stranger compares. */
    keyHash: z.string(),
    exportMax: z.int(),
    /** The last of the whole log that came to an end. */
    lastOfLog: evidenceCheck.nullable(),
    /** The latest first. */
    checks: z.array(evidenceCheck),
    portfolios: z.array(z.string()),
  }),
})

export const listEvidenceBatches = reads('GET /console-api/evidence/batches', 'compliance.read', {
  query: z.strictObject({
    cursor: id.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  answer: z.strictObject({ items: z.array(checkpoint), nextCursor: z.string().nullable() }),
})

/** Cases of a borrower, to choose one from. */
export const findEvidenceCases = reads('GET /console-api/evidence/cases', 'compliance.read', {
  query: z.strictObject({ borrower: z.string().trim().min(1).max(100) }),
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        caseId: z.string(),
        portfolio: z.string(),
        state: z.string(),
        openedOn: z.string(),
        decisions: z.int(),
      }),
    ),
  }),
})

const period = { from: localDate, to: localDate, portfolio: z.string().max(200).optional() }
const anchor = hash.optional()

export const startEvidenceCheck = changes('POST /console-api/evidence/checks', 'evidence.verify', {
  body: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('log'), anchor }),
    z.strictObject({ kind: z.literal('case'), caseId: id, anchor }),
    z.strictObject({ kind: z.literal('period'), ...period, anchor }),
  ]),
  answer: z.strictObject({ id: z.string() }),
})

export const readEvidenceCheck = reads(
  'GET /console-api/evidence/checks/:checkId',
  'compliance.read',
  { query: noQuery, answer: evidenceCheck },
)

export const EVIDENCE_PURPOSES = ['complaint', 'mediation', 'legal', 'regulator', 'audit'] as const

/** What `GET /console-api/evidence/archive` takes; it answers a ZIP. A case, or days. */
export const evidenceArchiveQuery = z.union([
  z.strictObject({ caseId: id, purpose: z.enum(EVIDENCE_PURPOSES) }),
  z.strictObject({ ...period, purpose: z.enum(EVIDENCE_PURPOSES) }),
])

export const EVIDENCE_ENDPOINTS = [
  readEvidence,
  listEvidenceBatches,
  findEvidenceCases,
  startEvidenceCheck,
  readEvidenceCheck,
] as const
