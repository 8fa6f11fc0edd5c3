import { LINES } from '@dunlin/policy'
import { z } from 'zod'
import { PARTY_OUTCOMES } from '../contact-requests.ts'
import { holdRequest, id, instant, localDate, minor } from '../requests.ts'
import { verdictResponse } from '../responses.ts'
import { changes, done, noQuery, reads } from './endpoint.ts'

// The agent's desk: who is next, and everything that is done with one case.

export const DESK_SCOPES = ['mine', 'team', 'all'] as const
const scope = z.enum(DESK_SCOPES)
export type DeskScope = z.infer<typeof scope>

/** Why somebody is on the worklist, most urgent first: this is its order. */
export const DESK_REASONS = [
  'callback',
  'answer',
  'promise-due',
  'promise-broken',
  'new',
  'ranked',
] as const

const text = z.strictObject({ zh: z.string(), en: z.string() })
const words = z.string().trim().min(1).max(1000)
const nullable = z.string().nullable()

const workItem = z.strictObject({
  caseId: z.string(),
  borrowerNo: z.string(),
  /** Masked. */
  name: z.string(),
  portfolio: z.string(),
  stage: nullable,
  dpd: z.int(),
  reason: z.enum(DESK_REASONS),
  /** When the reason came about: an instant, or a local day. */
  since: nullable,
  agent: nullable,
  /** Who works on the borrower now. */
  holder: nullable,
  isMine: z.boolean(),
})
export type WorkItem = z.infer<typeof workItem>

export const deskWorklist = reads('GET /console-api/desk/worklist', 'case.work', {
  /** Absent: an agent's own where they have any, else the team's and nobody's; others everything they reach. */
  query: z.strictObject({ scope: scope.optional() }),
  answer: z.strictObject({
    scope,
    items: z.array(workItem),
    /** Whether there is more of a reason than is shown. */
    isCut: z.boolean(),
    workedToday: z.int(),
  }),
})

export const deskNext = changes('POST /console-api/desk/next', 'case.work', {
  body: z.strictObject({
    scope: scope.optional(),
    /** Cases that were passed over just now. */
    not: z.array(id).max(100).default([]),
  }),
  /** Null: nobody is left. */
  answer: z.strictObject({ caseId: nullable }),
})

const lease = z.strictObject({
  /** Who works on the borrower now; null: nobody. */
  holder: nullable,
  isMine: z.boolean(),
  since: nullable,
})

export const deskTake = changes('POST /console-api/desk/cases/:caseId/lease', 'case.work', {
  body: z.strictObject({ takeOver: z.boolean().default(false) }),
  answer: lease,
})
export const deskRenew = changes('POST /console-api/desk/cases/:caseId/renew', 'case.work', {
  body: z.strictObject({}),
  answer: lease,
})
export const deskRelease = changes('POST /console-api/desk/cases/:caseId/release', 'case.work', {
  body: z.strictObject({}),
  answer: done,
})

/** What an answer is compared with; nothing of the record is shown for it. */
export const IDENTITY_BASES = ['id-last4', 'name'] as const
export const OPEN_REASONS = ['answer-message', 'borrower-wrote', 'prepare', 'review'] as const

export const deskIdentity = changes('POST /console-api/desk/cases/:caseId/identity', 'case.read', {
  body: z.union([
    z.strictObject({
      basis: z.enum(IDENTITY_BASES),
      answer: z.string().trim().min(1).max(60),
    }),
    z.strictObject({ reason: z.enum(OPEN_REASONS) }),
  ]),
  answer: z.strictObject({ isOpen: z.boolean(), triesLeft: z.int() }),
})

const amounts = {
  principalMinor: z.int(),
  interestMinor: z.int(),
  feeMinor: z.int(),
  penaltyMinor: z.int(),
}
const dueLine = z.strictObject({
  seq: z.int().nullable(),
  dueOn: z.string(),
  daysLate: z.int(),
  outstandingMinor: z.int(),
  ...amounts,
})
const owedLoan = z.strictObject({
  id: z.string(),
  loanNo: z.string(),
  arrearsMinor: z.int(),
  outstandingMinor: z.int(),
  creditMinor: z.int(),
  dpd: z.int(),
  /** Days that a pause takes out of the count. */
  pausedDays: z.int(),
  oldestUnpaidDueOn: nullable,
  nextDueOn: nullable,
  nextDueMinor: z.int(),
  ...amounts,
  /** Every part of the schedule that is open or ahead, the oldest first. */
  lines: z.array(dueLine),
})
const owed = z.strictObject({
  asOf: z.string(),
  arrearsMinor: z.int(),
  outstandingMinor: z.int(),
  ...amounts,
  loans: z.array(owedLoan),
})

export const TIMELINE_KINDS = [
  'contact',
  'message',
  'payment',
  'promise',
  'hold',
  'note',
  'matter',
  'case',
] as const
const timelineItem = z.strictObject({
  id: z.string(),
  at: z.string(),
  kind: z.enum(TIMELINE_KINDS),
  /** A word of the trade: a channel, an event, a state. */
  what: z.string(),
  state: nullable,
  by: nullable,
  text: nullable,
  /** Null where there is none, and before the identity is verified. */
  amountMinor: z.int().nullable(),
  /** The rule for which the gate did not permit it. */
  rule: nullable,
  isInbound: z.boolean(),
})
export type TimelineItem = z.infer<typeof timelineItem>

const lamp = z.strictObject({
  channel: z.string(),
  contactPointId: z.string(),
  point: z.string(),
  relation: z.string(),
  now: verdictResponse,
})

export const deskCase = reads('GET /console-api/desk/cases/:caseId', 'case.read', {
  query: noQuery,
  answer: z.strictObject({
    case: z.strictObject({
      id: z.string(),
      borrowerNo: z.string(),
      name: z.string(),
      portfolio: z.string(),
      lender: z.string(),
      currency: z.string(),
      state: z.string(),
      stage: nullable,
      dpd: z.int(),
      today: z.string(),
      agent: nullable,
    }),
    lease,
    identity: z.strictObject({
      isOpen: z.boolean(),
      how: z.enum(['verified', 'opened']).nullable(),
      /** What can be asked for; empty: the record holds nothing to compare with. */
      bases: z.array(z.enum(IDENTITY_BASES)),
      triesLeft: z.int(),
    }),
    /** Null before the identity is verified. */
    owed: owed.nullable(),
    lamps: z.array(lamp),
    script: z.strictObject({
      id: z.string(),
      title: text,
      lines: z.array(
        z.strictObject({
          key: z.string(),
          /** Null before the identity is verified. */
          text: text.nullable(),
          must: z.boolean(),
          isAfterIdentity: z.boolean(),
        }),
      ),
    }),
    /** A call of the asker's that has no outcome yet. */
    openCall: z
      .strictObject({ attemptId: z.string(), contactPointId: z.string(), at: z.string() })
      .nullable(),
    promise: z
      .strictObject({ id: z.string(), dueOn: z.string(), amountMinor: z.int().nullable() })
      .nullable(),
    holds: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        channel: nullable,
        from: z.string(),
        to: nullable,
        reason: z.string(),
      }),
    ),
    callbacks: z.array(z.strictObject({ id: z.string(), dueAt: z.string(), reason: z.string() })),
    timeline: z.array(timelineItem),
    templates: z.array(
      z.strictObject({
        id: z.string(),
        channel: z.enum(['sms', 'email', 'wecom']),
        title: text,
        /** Of a ready answer: its words, to be changed; null: a message that goes as it is. */
        text: text.nullable(),
      }),
    ),
  }),
})

export const deskCall = changes('POST /console-api/desk/cases/:caseId/calls', 'case.work', {
  body: z.strictObject({ contactPointId: id }),
  answer: z.strictObject({ attemptId: z.string(), now: verdictResponse }),
})

export const TALKS = [
  'promised',
  'will-pay',
  'cannot-pay',
  'refuses',
  'paid-already',
  'disputes',
  'call-back',
  'wants-plan',
  'hung-up',
] as const
export const DELAY_REASONS = [
  'forgot',
  'salary-late',
  'unemployed',
  'income-fell',
  'illness',
  'family',
  'business',
  'technical',
  'other',
] as const

const callback = z.strictObject({ at: instant, contactPointId: id, reason: words })
const promise = z.strictObject({
  amountMinor: minor,
  dueOn: localDate,
  /** The terms were read back and the borrower said yes. */
  readBack: z.literal(true),
})

/** What came of a call in three fields, and everything that was agreed in it, kept together or not at all. */
export const deskWrap = changes('POST /console-api/desk/cases/:caseId/wrap', 'case.work', {
  body: z.strictObject({
    attemptId: id,
    line: z.enum(LINES),
    party: z.enum(PARTY_OUTCOMES).optional(),
    talk: z.enum(TALKS).optional(),
    delayReason: z.enum(DELAY_REASONS).optional(),
    said: z
      .array(z.string().regex(/^[a-z0-9-]{1,40}$/))
      .max(30)
      .default([]),
    note: words.optional(),
    promise: promise.optional(),
    callback: callback.optional(),
    scope: scope.optional(),
    not: z.array(id).max(100).default([]),
  }),
  answer: z.strictObject({ nextCaseId: nullable }),
})

export const deskHold = changes('POST /console-api/desk/cases/:caseId/holds', 'case.hold', {
  body: holdRequest.pick({ kind: true, reason: true, to: true }).extend({
    channel: z.enum(['call', 'sms', 'email', 'wecom']).optional(),
  }),
  answer: z.strictObject({ id: z.string() }),
})

export const deskNote = changes('POST /console-api/desk/cases/:caseId/notes', 'case.work', {
  body: z.strictObject({ text: words }),
  answer: z.strictObject({ id: z.string() }),
})

export const deskCallback = changes('POST /console-api/desk/cases/:caseId/callbacks', 'case.work', {
  body: callback,
  answer: z.strictObject({ id: z.string() }),
})

export const deskLint = changes('POST /console-api/desk/cases/:caseId/lint', 'case.work', {
  body: z.strictObject({
    channel: z.enum(['sms', 'email', 'wecom']),
    text: z.string().max(2000),
  }),
  answer: z.strictObject({
    findings: z.array(
      z.strictObject({
        rule: z.string(),
        blocks: z.boolean(),
        start: z.int(),
        end: z.int(),
        title: text,
        mend: text,
        source: z.string(),
      }),
    ),
  }),
})

export const deskReply = changes('POST /console-api/desk/cases/:caseId/replies', 'case.work', {
  body: z.strictObject({
    channel: z.enum(['sms', 'email', 'wecom']),
    /** The person's own words, or the id of a message that goes as it is. */
    text: z.string().trim().min(1).max(2000).optional(),
    template: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/)
      .optional(),
  }),
  answer: z.strictObject({ attemptId: z.string(), now: verdictResponse.nullable() }),
})

export const DESK_ENDPOINTS = [
  deskWorklist,
  deskNext,
  deskTake,
  deskRenew,
  deskRelease,
  deskIdentity,
  deskCase,
  deskCall,
  deskWrap,
  deskHold,
  deskNote,
  deskCallback,
  deskLint,
  deskReply,
] as const
