import { z } from 'zod'
import { id, localDate } from './requests.ts'

// What is affordable, what may be offered, plans and what becomes of them. Amounts in minor units.

const currency = z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as CNY')
const amount = z.int().nonnegative()
const words = z.string().trim().min(1).max(500)

export const EXPENSE_KINDS = [
  'food',
  'clothing',
  'housing',
  'household',
  'transport',
  'education',
  'health',
  'other',
] as const
export const INCOME_KINDS = ['wages', 'business', 'pension', 'benefits', 'family', 'other'] as const

/** A month's income and expenses of the borrower's household. What is left out is nothing. */
export const statementRequest = z.strictObject({
  caseId: id,
  currency,
  adults: z.int().min(1).max(20),
  children: z.int().min(0).max(20).default(0),
  incomeMinor: z.partialRecord(z.enum(INCOME_KINDS), amount),
  expensesMinor: z.partialRecord(z.enum(EXPENSE_KINDS), amount).default({}),
  /** What goes a month to other creditors. */
  otherDebtsMinor: amount.default(0),
  /** What can be paid at once, beside the income. */
  availableMinor: amount.default(0),
  evidence: z
    .array(
      z.strictObject({
        title: z.string().trim().min(1).max(200),
        reference: z.string().trim().min(1).max(500),
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case'),
      }),
    )
    .max(20)
    .default([]),
})
export type StatementRequest = z.infer<typeof statementRequest>

const expenseLine = z.object({
  kind: z.enum(EXPENSE_KINDS),
  statedMinor: z.int(),
  /** What the norm takes a household of this size to need at least. */
  normMinor: z.int(),
  /** The larger of both. */
  countedMinor: z.int(),
})
export const statementResponse = z.object({
  id: z.string(),
  caseId: z.string(),
  currency: z.string(),
  incomeMinor: z.int(),
  expenses: z.array(expenseLine),
  otherDebtsMinor: z.int(),
  /** Below zero when the expenses exceed the income. */
  surplusMinor: z.int(),
  /** The share of the surplus that may be asked for a month. */
  affordableMinor: z.int(),
  availableMinor: z.int(),
  norms: z.object({ id: z.string(), source: z.string(), publishedOn: z.string() }),
  evidence: z.array(z.object({ title: z.string(), reference: z.string(), sha256: z.string() })),
  madeOn: z.string(),
  validUntilOn: z.string(),
})
export type StatementResponse = z.infer<typeof statementResponse>

export const PLAN_KINDS = ['postponement', 'instalments', 'settlement'] as const
export const PLAN_SCOPES = ['arrears', 'outstanding'] as const

const part = z.object({
  seq: z.int(),
  dueOn: z.string(),
  amountMinor: z.int(),
  /** The part of it that is the plan's own interest. */
  interestMinor: z.int(),
})
const byComponent = z.object({
  feeMinor: z.int(),
  penaltyMinor: z.int(),
  interestMinor: z.int(),
  principalMinor: z.int(),
})
const numbers = z.object({
  asOf: z.string(),
  dpd: z.int(),
  arrearsMinor: z.int(),
  outstandingMinor: z.int(),
  creditMinor: z.int(),
})
/** The ledger of the case as it is, and as it would be: folded with the events that the plan would record. */
const preview = z.object({
  effect: z.enum(['none', 'pause', 'amend']),
  now: numbers,
  /** Right after acceptance. */
  accepted: numbers,
  /** At the close of the day on which the last part is paid, everything paid as agreed. */
  kept: numbers,
  events: z.array(
    z.object({
      loanNo: z.string(),
      kind: z.string(),
      effectiveOn: z.string(),
      amountMinor: z.int().nullable(),
      seq: z.int().nullable(),
      toOn: z.string().nullable(),
      untilOn: z.string().nullable(),
    }),
  ),
})
const terms = {
  kind: z.enum(PLAN_KINDS),
  scope: z.enum(PLAN_SCOPES),
  currency: z.string(),
  /** What its scope comes to today. */
  owedMinor: z.int(),
  /** The sum of the parts. */
  amountMinor: z.int(),
  interestMinor: z.int(),
  waivedMinor: z.int(),
  waived: byComponent,
  parts: z.array(part),
}
export const offersResponse = z.object({
  caseId: z.string(),
  currency: z.string(),
  asOf: z.string(),
  statementId: z.string().nullable(),
  affordableMinor: z.int().nullable(),
  offers: z.array(z.object({ ...terms, needsApproval: z.boolean(), preview })),
  /** What cannot be offered, and why. */
  refused: z.array(
    z.object({ kind: z.enum(PLAN_KINDS), scope: z.enum(PLAN_SCOPES), why: z.string() }),
  ),
})

/** Terms by what the borrower chooses: the server computes the parts. */
export const planRequest = z.strictObject({
  caseId: id,
  kind: z.enum(PLAN_KINDS),
  scope: z.enum(PLAN_SCOPES).default('arrears'),
  currency,
  /** How many parts; a postponement has one. */
  count: z.int().min(1).max(60).default(1),
  /** The first due date; the others follow month by month. */
  firstDueOn: localDate,
  /** For a settlement: what is forgiven once it is kept. */
  waive: z
    .strictObject({
      feeMinor: amount.default(0),
      penaltyMinor: amount.default(0),
      interestMinor: amount.default(0),
      principalMinor: amount.default(0),
    })
    .optional(),
  statementId: id.optional(),
  reason: words,
})
export type PlanRequest = z.infer<typeof planRequest>

export const previewResponse = z.object({
  ...terms,
  /** Whether the caller's role may agree it alone. */
  needsApproval: z.boolean(),
  affordableMinor: z.int().nullable(),
  preview,
})

export const PLAN_STATES = [
  'awaiting-approval',
  'offered',
  'active',
  'kept',
  'broken',
  'cancelled',
  'declined',
  'expired',
] as const
export const planResponse = z.object({
  id: z.string(),
  caseId: z.string(),
  ...terms,
  parts: z.array(
    part.extend({
      /** By the ledger: `paid`, `open`, or `missed` once its grace is over. */
      state: z.enum(['open', 'paid', 'missed']),
    }),
  ),
  state: z.enum(PLAN_STATES),
  effect: z.enum(['none', 'pause', 'amend']),
  graceDays: z.int(),
  brokenAfterParts: z.int(),
  reason: z.string(),
  proposedBy: z.string(),
  proposedAt: z.string(),
  offerUntilOn: z.string(),
  approvedBy: z.string().nullable(),
  acceptedAt: z.string().nullable(),
  acceptedBy: z.string().nullable(),
  /** What the ledger counts for it. */
  paidMinor: z.int(),
  /** The next part that is not paid yet. */
  nextDueOn: z.string().nullable(),
  nextDueMinor: z.int(),
  /** What would complete the plan today; null while it does not run. */
  earlySettlementMinor: z.int().nullable(),
  endReason: z.string().nullable(),
  agreement: z.object({ sha256: z.string(), bytes: z.int() }),
})
export type PlanResponse = z.infer<typeof planResponse>
export const planPage = z.object({ items: z.array(planResponse) })
export const planQuery = z.strictObject({ caseId: id })
export const offersQuery = z.strictObject({ caseId: id, statementId: id.optional() })

export const approvalRequest = z.strictObject({ approve: z.boolean(), reason: words })
/** Where the one-time code goes; absent: the borrower's first healthy phone. */
export const codeRequest = z.strictObject({
  channel: z.enum(['sms', 'email']).default('sms'),
  contactPointId: id.optional(),
})
export const codeResponse = z.object({
  /** Masked. */
  point: z.string(),
  attemptId: z.string(),
  expiresAt: z.string(),
})
/** The hash is of the agreement that the borrower has seen. */
export const acceptRequest = z.strictObject({
  code: z.string().regex(/^\d{6}$/, 'expected six digits'),
  agreementSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
})
export const cancelRequest = z.strictObject({ reason: words })

export const PROMISE_STATES = [
  'open',
  'kept',
  'part-kept',
  'broken',
  'superseded',
  'cancelled',
] as const
export const promiseItem = z.object({
  id: z.string(),
  caseId: z.string(),
  amountMinor: z.int(),
  currency: z.string(),
  parts: z.array(z.object({ seq: z.int(), dueOn: z.string(), amountMinor: z.int() })),
  graceDays: z.int(),
  keepsAtPercent: z.int(),
  source: z.string(),
  state: z.enum(PROMISE_STATES),
  madeAt: z.string(),
  decidedOn: z.string().nullable(),
  /** The lesser of what was promised and what was in arrears then (capped value). */
  cappedMinor: z.int(),
  isReadBack: z.boolean(),
  endReason: z.string().nullable(),
})
export const promisePage = z.object({ items: z.array(promiseItem) })
export const promiseQuery = z.strictObject({ caseId: id })
export const cancelledResponse = z.object({ state: z.literal('cancelled') })
