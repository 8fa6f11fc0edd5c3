import { LINES } from '@dunlin/policy'
import { z } from 'zod'
import { id, localDate, minor } from './requests.ts'

// Requests about contacts and what came of them.

const reason = z.string().trim().min(1).max(500)

/** Asks for one message now: the gate answers, and only what it permits is sent. */
export const contactRequest = z.strictObject({
  caseId: id,
  channel: z.enum(['sms', 'email']),
  template: z.string().regex(/^[a-z0-9-]{1,60}$/, 'expected the id of a template'),
  /** Absent: the borrower's first healthy point of the channel's kind. */
  contactPointId: id.optional(),
})
export type ContactRequest = z.infer<typeof contactRequest>

export const PARTY_OUTCOMES = ['right-party', 'third-party', 'wrong-person', 'nobody'] as const

/** What became of a contact, in three fields that never mix: the network, who it was, what was said. */
export const outcomeRequest = z.strictObject({
  line: z.enum(LINES),
  /** `right-party` means that the person's identity was verified. */
  party: z.enum(PARTY_OUTCOMES).optional(),
  talk: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'expected a code such as promised')
    .optional(),
  delayReason: z.string().trim().min(1).max(200).optional(),
})
export type OutcomeRequest = z.infer<typeof outcomeRequest>

export const PROMISE_SOURCES = ['agent', 'robot', 'portal', 'message'] as const
/** One sum by one day (`amountMinor`, `dueOn`), or several (`parts`, in the order of their days). */
export const promiseRequest = z.strictObject({
  caseId: id,
  amountMinor: minor.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as CNY'),
  dueOn: localDate.optional(),
  parts: z
    .array(z.strictObject({ amountMinor: minor, dueOn: localDate }))
    .min(1)
    .max(12)
    .optional(),
  graceDays: z.int().min(0).max(30).default(0),
  /** The share of the amount that keeps the promise, in percent. */
  keepsAtPercent: z.int().min(1).max(100).default(100),
  source: z.enum(PROMISE_SOURCES),
  /** The contact in which it was made; its outcome must name the right party. */
  attemptId: z
    .string()
    .regex(/^\d{1,18}-\d{1,18}$/, 'expected an attempt id such as 12-345')
    .optional(),
  /** Whether its terms were read back to the borrower. */
  readBack: z.boolean().default(false),
})
export type PromiseRequest = z.infer<typeof promiseRequest>

export const settlementRequest = z.strictObject({
  fate: z.enum(['delivered', 'sent', 'failed']),
  reason,
})

export const attemptQuery = z.strictObject({
  state: z.literal('unknown'),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

/** What a payment provider tells us, in our own words; a payment or the reversal of one. */
export const paymentCallback = z.strictObject({
  portfolio: z.string().min(1).max(100).optional(),
  loanNo: z.string().min(1).max(100),
  eventNo: z.string().min(1).max(64),
  kind: z.enum(['paid', 'reversed']),
  effectiveOn: localDate,
  amountMinor: minor.optional(),
  currency: z.string().max(3).optional(),
  reverses: z.string().min(1).max(64).optional(),
})
