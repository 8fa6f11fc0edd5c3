import { z } from 'zod'
import {
  appealRequest,
  decidedResponse,
  decisionRequest,
  forgottenResponse,
  matterResponse,
  ownerRequest,
  toldRequest,
} from '../matter-requests.ts'
import { changes, done, noQuery, reads } from './endpoint.ts'

// What waits for a person: matters by their deadline, holds, and cases that nobody looks after.

export const QUEUE_MATTER_KINDS = [
  'hardship',
  'dispute',
  'complaint',
  'bereavement',
  'death',
  'third-party-stop',
  'breathing-space',
] as const
export const QUEUE_STATES = ['waiting', 'decided', 'closed'] as const

const cursor = z.string().max(60).optional()
const limit = z.coerce.number().int().min(1).max(200).default(100)
const flag = z.literal('true').optional()

const queuedMatter = z.strictObject({
  id: z.string(),
  caseId: z.string(),
  borrowerNo: z.string(),
  portfolio: z.string(),
  kind: z.string(),
  channel: z.string(),
  raisedBy: z.string(),
  state: z.enum(['open', 'decided', 'appealed', 'closed']),
  owner: z.string(),
  isMine: z.boolean(),
  receivedAt: z.string(),
  dueOn: z.string(),
  /** Working days until the deadline where the portfolio is, below zero past it; null: nothing waits. */
  daysLeft: z.int().nullable(),
  outcome: z.string().nullable(),
  decidedBy: z.string().nullable(),
})
export type QueuedMatter = z.infer<typeof queuedMatter>

/** Those past their deadline first, then by deadline. */
export const listMatterQueue = reads('GET /console-api/matters', 'queue.work', {
  query: z.strictObject({
    kind: z.enum(QUEUE_MATTER_KINDS).optional(),
    state: z.enum(QUEUE_STATES).default('waiting'),
    mine: flag,
    late: flag,
    /** Decided ones that a person must tell. */
    untold: flag,
    cursor,
    limit,
  }),
  answer: z.strictObject({
    items: z.array(queuedMatter),
    nextCursor: z.string().nullable(),
    /** Of everything that waits for a decision, whatever is filtered. */
    counts: z.strictObject({ waiting: z.int(), late: z.int(), mine: z.int() }),
  }),
})

export const readMatterFile = reads('GET /console-api/matters/:matterId', 'queue.work', {
  query: noQuery,
  answer: queuedMatter.extend({
    ...matterResponse.pick({ text: true, steps: true, documents: true, loanNo: true }).shape,
    appealUntilOn: z.string().nullable(),
    /** Whether contact is still held because of it. */
    isHeld: z.boolean(),
    /** Whether a person must still tell the decision. */
    isUntold: z.boolean(),
    /** Who may be given it. */
    owners: z.array(z.strictObject({ email: z.string(), name: z.string() })),
  }),
})

const at = 'POST /console-api/matters/:matterId'
export const giveMatter = changes(`${at}/owner`, 'queue.work', { body: ownerRequest, answer: done })
export const decideMatterRequest = changes(`${at}/decision`, 'queue.work', {
  body: decisionRequest,
  answer: decidedResponse,
})
export const tellMatter = changes(`${at}/told`, 'queue.work', { body: toldRequest, answer: done })
export const appealMatterRequest = changes(`${at}/appeal`, 'queue.work', {
  body: appealRequest.omit({ owner: true }),
  answer: done,
})

export const listHoldQueue = reads('GET /console-api/holds', 'queue.work', {
  query: z.strictObject({ kind: z.string().max(40).optional(), cursor, limit }),
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        caseId: z.string(),
        borrowerNo: z.string(),
        portfolio: z.string(),
        kind: z.string(),
        /** Channels, loans, hours and the like that it is limited to; empty: everything. */
        scope: z.array(z.string()),
        from: z.string(),
        to: z.string().nullable(),
        reason: z.string(),
        source: z.string(),
        /** The matter that it waits for; it ends with the decision. */
        matterId: z.string().nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
    /** Kinds that are in force, with how many. */
    kinds: z.array(z.strictObject({ kind: z.string(), count: z.int() })),
  }),
})

export const endHoldRequest = changes('POST /console-api/holds/:holdId/end', 'case.hold', {
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  answer: done,
})

export const listForgottenQueue = reads('GET /console-api/forgotten', 'queue.work', {
  query: noQuery,
  answer: forgottenResponse,
})

export const QUEUE_ENDPOINTS = [
  listMatterQueue,
  readMatterFile,
  giveMatter,
  decideMatterRequest,
  tellMatter,
  appealMatterRequest,
  listHoldQueue,
  endHoldRequest,
  listForgottenQueue,
] as const
