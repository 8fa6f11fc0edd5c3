import { z } from 'zod'
import { id, localDate } from './requests.ts'

// Reports: KPIs of a period, their definitions, and the cases behind a number.

const text = z.strictObject({ zh: z.string(), en: z.string() })
export const COHORT_NAMES = ['none', 'portfolio', 'month', 'channel', 'agent'] as const

export const reportParams = z.object({ name: z.string().regex(/^[a-z0-9_]{1,60}$/) })
export const reportQuery = z.strictObject({
  /** Local days, both inside the period; at most ten years. */
  from: localDate,
  to: localDate,
  /** Reports that are replayed from the ledger have cohorts of their own. */
  by: z.enum(COHORT_NAMES).default('none'),
  portfolio: z.string().min(1).max(100).optional(),
})
export const behindQuery = reportQuery.extend({
  cohort: z.string().min(1).max(100),
  part: z.enum(['numerator', 'denominator']).default('numerator'),
  /** The borrower of the last line seen. */
  cursor: id.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

export const kpiResponse = z.object({
  name: z.string(),
  title: text,
  numerator: text,
  /** Null: the figure is the numerator. */
  denominator: text.nullable(),
  unit: z.enum(['ratio', 'per-case', 'per-thousand', 'count', 'minor']),
  from: z.enum(['tables', 'replay']),
})
export const kpisResponse = z.object({ items: z.array(kpiResponse) })
const sums = { numerator: z.number(), denominator: z.number(), value: z.number().nullable() }
export const reportResponse = z.object({
  kpi: kpiResponse,
  from: z.string(),
  to: z.string(),
  lines: z.array(z.object({ cohort: z.string(), ...sums })),
  total: z.object(sums).nullable(),
})
export const behindResponse = z.object({
  items: z.array(
    z.object({
      borrowerId: z.string(),
      caseId: z.string().nullable(),
      numerator: z.number(),
      denominator: z.number(),
    }),
  ),
  nextCursor: z.string().nullable(),
})
