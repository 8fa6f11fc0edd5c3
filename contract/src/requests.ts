import { CHANNELS, HOLD_KINDS } from '@dunlin/policy'
import { z } from 'zod'

// Requests of the HTTP API. Unknown fields are refused: a misspelt one must not pass unseen.

export const id = z.string().regex(/^\d{1,18}$/, 'expected an id')
const YEARS = /^(19|20|21)\d\d-/
export const localDate = z.iso
  .date()
  .refine((day) => YEARS.test(day), 'expected a day between 1900 and 2199')
export const instant = z.iso
  .datetime({ offset: true })
  .refine((at) => YEARS.test(at), 'expected an instant between 1900 and 2199')
/** Whole minor units up to 2^53 − 1 (rulings 18). */
export const minor = z.int().positive()

/** One event of a loan; `portfolio` may be left out while the loan number is unique. */
export const ledgerEventRequest = z.strictObject({
  portfolio: z.string().max(100).optional(),
  loanNo: z.string().min(1).max(100),
  eventNo: z.string().min(1).max(64),
  kind: z.enum([
    'paid',
    'reversed',
    'waived',
    'fee',
    'penalty',
    'paused',
    'resumed',
    'due-moved',
    'disbursed',
    'written-off',
  ]),
  effectiveOn: localDate,
  amountMinor: minor.optional(),
  currency: z.string().max(3).optional(),
  seq: z.int().positive().optional(),
  component: z.enum(['fee', 'penalty', 'interest', 'principal']).optional(),
  dueOn: localDate.optional(),
  toOn: localDate.optional(),
  untilOn: localDate.optional(),
  reverses: z.string().max(64).optional(),
})
export type LedgerEventRequest = z.infer<typeof ledgerEventRequest>

const HOURS = /^(([01]\d|2[0-3]):[0-5]\d|24:00)-(([01]\d|2[0-3]):[0-5]\d|24:00)$/

export const holdRequest = z.strictObject({
  caseId: id,
  kind: z.enum(HOLD_KINDS),
  scope: z
    .strictObject({
      partyId: id.optional(),
      channel: z.enum(CHANNELS).optional(),
      contactPointId: id.optional(),
      hours: z.array(z.string().regex(HOURS, 'expected HH:MM-HH:MM')).optional(),
      days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).optional(),
    })
    .default({}),
  from: instant.optional(),
  to: instant.optional(),
  reason: z.string().min(1).max(500),
})

export const importRequest = z.strictObject({
  kind: z.enum(['loans', 'schedule', 'ledger', 'contacts', 'consents', 'history']),
  portfolio: z.string().min(1),
  asOf: localDate.optional(),
  dryRun: z.boolean().default(false),
  /** The file's text, UTF-8 CSV. */
  csv: z.string().min(1),
})

/** The fields beside the file of a `multipart/form-data` import. */
export const importFields = importRequest
  .omit({ csv: true, dryRun: true })
  .extend({ dryRun: z.stringbool().default(false) })

export const gateRequest = z.strictObject({
  policy: z
    .array(z.string().regex(/^[a-z0-9-]{1,60}$/, 'expected the id of a pack'))
    .min(1)
    .max(20),
  facts: z.unknown(),
  intent: z.unknown(),
})

export const pageQuery = z.strictObject({
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  stage: z.string().max(60).optional(),
  state: z.enum(['open', 'closed']).optional(),
})

/** Which events are sent again: those learned of in a period, both ends included. */
export const replayRequest = z.strictObject({
  from: instant,
  /** Absent: until now. */
  until: instant.optional(),
})
