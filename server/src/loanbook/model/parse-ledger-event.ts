import {
  type EpochDay,
  ok,
  parseInstant,
  parseLocalDate,
  type Result,
  refused,
} from '@dunlin/kernel'
import { z } from 'zod'
import type { ByComponent, LedgerEvent } from './ledger-event.ts'
import { COMPONENTS } from './ledger-event.ts'

/** Why an event does not enter the ledger: which field, and what it should have been. */
export type EventRefusal = {
  readonly code: 'ledger.invalid_event'
  readonly field: string
  readonly detail: string
}

const localDate = z.string().transform((text, context): EpochDay => {
  const day = parseLocalDate(text)
  if (day !== null) return day
  context.addIssue({ code: 'custom', message: 'expected a date YYYY-MM-DD' })
  return z.NEVER
})

const recordedAt = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at !== null) return at
  context.addIssue({ code: 'custom', message: 'expected an instant with offset (RFC 3339)' })
  return z.NEVER
})

/** Whole minor units: a JSON integer up to 2^53 − 1, or a bigint from a column. */
const minor = z.union([
  z.bigint().nonnegative(),
  z
    .int()
    .nonnegative()
    .transform((value) => BigInt(value)),
])
const positiveMinor = minor.refine((value) => value > 0n, 'expected an amount above 0')
const seq = z.int().positive()

const common = {
  // Printable ASCII, so that the order by code point is the same everywhere.
  id: z.string().regex(/^[\x21-\x7e]{1,64}$/, 'expected 1 to 64 printable ASCII characters'),
  effectiveOn: localDate,
  recordedAt: recordedAt.nullish().transform((at) => at ?? null),
}
const overdue = z
  .object({
    principalMinor: minor.optional(),
    interestMinor: minor.optional(),
    feeMinor: minor.optional(),
    penaltyMinor: minor.optional(),
  })
  .transform(
    (given): ByComponent => [
      given.feeMinor ?? 0n,
      given.penaltyMinor ?? 0n,
      given.interestMinor ?? 0n,
      given.principalMinor ?? 0n,
    ],
  )
const optionalDate = localDate.nullish().transform((day) => day ?? null)
const optionalSeq = seq.nullish().transform((value) => value ?? null)
const optionalMinor = minor.nullish().transform((value) => value ?? 0n)
const amount = { ...common, amountMinor: positiveMinor }
const chargeFields = { ...amount, seq: optionalSeq, dueOn: optionalDate }

const event = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('disbursed'), ...amount }),
    z.object({
      kind: z.literal('scheduled'),
      ...common,
      effectiveOn: optionalDate,
      seq,
      dueOn: localDate,
      principalMinor: optionalMinor,
      interestMinor: optionalMinor,
      feeMinor: optionalMinor,
    }),
    z.object({ kind: z.literal('due-moved'), ...common, seq, toOn: localDate }),
    z.object({ kind: z.literal('fee'), ...chargeFields }),
    z.object({ kind: z.literal('penalty'), ...chargeFields }),
    z.object({
      kind: z.literal('waived'),
      ...amount,
      component: z
        .enum(COMPONENTS)
        .nullish()
        .transform((value) => value ?? null),
      seq: optionalSeq,
    }),
    z.object({ kind: z.literal('paid'), ...amount }),
    z.object({ kind: z.literal('reversed'), ...common, reverses: z.string().min(1) }),
    z.object({ kind: z.literal('paused'), ...common, untilOn: optionalDate }),
    z.object({ kind: z.literal('resumed'), ...common }),
    z.object({ kind: z.literal('written-off'), ...common }),
    z.object({
      kind: z.literal('snapshot'),
      ...common,
      principalOutstandingMinor: minor,
      overdue,
      oldestUnpaidDueOn: optionalDate,
      creditMinor: optionalMinor,
    }),
  ])
  .superRefine((given, context) => {
    if (given.kind === 'paused' && given.untilOn !== null && given.untilOn < given.effectiveOn) {
      context.addIssue({
        code: 'custom',
        path: ['untilOn'],
        message: 'expected a date from effectiveOn on',
      })
    }
    if (
      given.kind === 'snapshot' &&
      given.oldestUnpaidDueOn !== null &&
      given.oldestUnpaidDueOn > given.effectiveOn
    ) {
      context.addIssue({
        code: 'custom',
        path: ['oldestUnpaidDueOn'],
        message: 'expected a date up to effectiveOn',
      })
    }
  })

/** JSON-shaped event (dates and instants as text, amounts in minor units) → event, or the field that is wrong. */
export function parseLedgerEvent(given: unknown): Result<LedgerEvent, EventRefusal> {
  const parsed = event.safeParse(given)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return refused({
    code: 'ledger.invalid_event',
    field: issue?.path.join('.') ?? '',
    detail: issue?.message ?? 'not a ledger event',
  })
}
