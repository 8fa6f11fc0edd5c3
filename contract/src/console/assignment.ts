import { z } from 'zod'
import { assignmentRequest, moveRequest } from '../assignment.ts'
import { changes, done, noQuery, reads } from './endpoint.ts'

// Who works which case: agents and their room, deals that are tried before they are made, moves and their undoing.

const id = z.string().regex(/^\d{1,18}$/, 'expected an id')
const reason = z.string().trim().min(1).max(200)
const because = z.strictObject({ reason })

const agent = z.strictObject({
  login: z.string(),
  name: z.string(),
  team: z.string().nullable(),
  agency: z.string().nullable(),
  capacity: z.int(),
  /** Open cases that they have. */
  held: z.int(),
  skills: z.array(z.string()),
  certifiedUntil: z.string().nullable(),
  /** Why a deal gives them nothing; null: it may. */
  barredBy: z.enum(['inactive', 'uncertified', 'full']).nullable(),
})
export type FloorAgent = z.infer<typeof agent>

/** A team lead sees their own team. */
export const listFloor = reads('GET /console-api/agents', 'case.assign', {
  query: noQuery,
  answer: z.strictObject({ items: z.array(agent) }),
})

/** Until the settings file is applied again, which says it anew. */
export const changeAgent = changes('POST /console-api/agents/:login', 'case.deal', {
  body: z.strictObject({
    capacity: z.int().min(0).max(100_000),
    skills: z.array(z.string().trim().min(1).max(40)).max(50),
  }),
  answer: done,
})

/** Open cases that nobody has, by what makes them alike. */
export const listWaitingCases = reads('GET /console-api/waiting', 'case.deal', {
  query: z.strictObject({ portfolio: z.string().max(200).optional() }),
  answer: z.strictObject({
    /** Bounds between the bands, in minor units, rising. */
    bands: z.array(z.int()),
    items: z.array(
      z.strictObject({
        portfolio: z.string(),
        currency: z.string(),
        /** The agency that they are placed with; its agents alone get them. */
        agency: z.string().nullable(),
        stage: z.string().nullable(),
        band: z.int(),
        cases: z.int(),
        arrearsMinor: z.int(),
      }),
    ),
  }),
})

const rule = assignmentRequest.omit({ seed: true })
const seed = z.int().min(0).max(4_294_967_295)

/** Nothing is kept. Without a seed one is drawn. */
export const previewDealOf = changes('POST /console-api/deals/preview', 'case.deal', {
  body: rule.extend({ seed: seed.optional() }),
  answer: z.strictObject({
    seed,
    /** Stands for what is shown: the deal is held to it. */
    digest: z.string(),
    currency: z.string().nullable(),
    cases: z.int(),
    left: z.int(),
    isCut: z.boolean(),
    agents: z.array(
      z.strictObject({
        agent: z.string(),
        held: z.int(),
        capacity: z.int(),
        cases: z.int(),
        arrearsMinor: z.int(),
      }),
    ),
    strata: z.array(
      z.strictObject({
        stage: z.string().nullable(),
        band: z.int(),
        cases: z.int(),
        arrearsMinor: z.int(),
        left: z.int(),
        /** How many each agent gets, in the order of the agents. */
        shares: z.array(z.int()),
      }),
    ),
  }),
})

/** Deals what the preview with this seed and digest showed, or nothing. */
export const makeDeal = changes('POST /console-api/deals', 'case.deal', {
  body: rule.extend({ seed, digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: z.strictObject({ id: z.string(), cases: z.int(), left: z.int() }),
})

const cursor = id.optional()
const limit = z.coerce.number().int().min(1).max(200).default(100)

const deal = z.strictObject({
  id: z.string(),
  portfolio: z.string(),
  /** The rule by which it was made, whole. */
  rule: z.record(z.string(), z.unknown()),
  seed: z.int(),
  digest: z.string(),
  cases: z.int(),
  left: z.int(),
  /** How many of them its agents still have. */
  held: z.int(),
  by: z.string(),
  at: z.string(),
  undoneBy: z.string().nullable(),
  undoneAt: z.string().nullable(),
})
export type PastDeal = z.infer<typeof deal>

export const listPastDeals = reads('GET /console-api/deals', 'case.deal', {
  query: z.strictObject({ cursor, limit }),
  answer: z.strictObject({ items: z.array(deal), nextCursor: z.string().nullable() }),
})

export const undoPastDeal = changes('POST /console-api/deals/:dealId/undo', 'case.deal', {
  body: because,
  answer: z.strictObject({ cases: z.int() }),
})

const move = z.strictObject({
  id: z.string(),
  caseId: z.string(),
  borrowerNo: z.string(),
  portfolio: z.string(),
  /** Who had it before, and who has it by this move; null: nobody. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  dealId: z.string().nullable(),
  /** Whether nothing happened to the case since: it can be undone. */
  isLatest: z.boolean(),
})
export type CaseMove = z.infer<typeof move>

export const listMoves = reads('GET /console-api/moves', 'case.assign', {
  query: z.strictObject({
    agent: z.string().max(200).optional(),
    caseId: id.optional(),
    dealId: id.optional(),
    /** By hand alone. */
    hand: z.literal('true').optional(),
    cursor,
    limit,
  }),
  answer: z.strictObject({ items: z.array(move), nextCursor: z.string().nullable() }),
})

export const moveOneCase = changes('POST /console-api/moves', 'case.assign', {
  body: moveRequest,
  answer: done,
})

export const undoOneMove = changes('POST /console-api/moves/:moveId/undo', 'case.assign', {
  body: because,
  answer: done,
})

export const ASSIGNMENT_ENDPOINTS = [
  listFloor,
  changeAgent,
  listWaitingCases,
  previewDealOf,
  makeDeal,
  listPastDeals,
  undoPastDeal,
  listMoves,
  moveOneCase,
  undoOneMove,
] as const
