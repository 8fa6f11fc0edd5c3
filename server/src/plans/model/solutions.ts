import { z } from 'zod'

/** What a household spends on, as norms and statements name it. */
export const EXPENSES = [
  'food',
  'clothing',
  'housing',
  'household',
  'transport',
  'education',
  'health',
  'other',
] as const
export type Expense = (typeof EXPENSES)[number]

/** Whoever proposes, approves or decides, from the least to the most that they may forgive. */
export const ROLES = ['agent', 'lead', 'manager'] as const
export type Role = (typeof ROLES)[number]

const MATTER_KINDS = [
  'hardship',
  'dispute',
  'complaint',
  'bereavement',
  'death',
  'third-party-stop',
  'breathing-space',
] as const
export type MatterKind = (typeof MATTER_KINDS)[number]

const percent = z.int().min(0).max(100)
const basis = z.enum(['quoted', 'secondary', 'lender'])
const source = z.string().min(1)

const norms = z.strictObject({
  source,
  publishedOn: z.iso.date(),
  basis,
  yearlyMajor: z.record(z.enum(EXPENSES), z.int().nonnegative()),
  essentialPercent: z.record(z.enum(EXPENSES), percent),
  scale: z.strictObject({ source, furtherAdultPercent: percent, childPercent: percent }),
})

const offers = z.strictObject({
  source,
  basis,
  /** Of what is left a month, so much may be asked for. */
  surplusPercent: percent,
  instalmentsMax: z.int().min(1).max(60),
  postponementDaysMax: z.int().min(1).max(366),
  settlementPartsMax: z.int().min(1).max(60),
  minimumPartMinor: z.int().positive(),
  yearlyRateBasisPoints: z.int().min(0).max(3_600),
  /** How long an offer may be accepted. */
  offerDays: z.int().min(1).max(60),
  /** How long a statement may be built on. */
  statementDays: z.int().min(1).max(366),
})

const limit = z.strictObject({
  role: z.enum(ROLES),
  fromDpd: z.int().min(0),
  toDpd: z.int().nullable(),
  penaltyPercent: percent,
  feePercent: percent,
  interestPercent: percent,
  principalPercent: percent,
})

const deadline = z.strictObject({
  workingDays: z.int().min(1).max(120),
  calendarDaysMax: z.int().min(1).max(366),
  source,
  basis,
})

const solutionsSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  country: z.string().nullable(),
  currency: z.string().nullable(),
  norms: norms.nullable(),
  offers: offers.nullable(),
  broken: z.strictObject({
    source,
    graceDays: z.int().min(0).max(30),
    /** A plan is broken once so many parts are missed, or its last one. */
    missedParts: z.int().min(1).max(12),
  }),
  authority: z.strictObject({ source, limits: z.array(limit) }),
  /** So many whole days after the day of its registration a breathing space ends by itself; null: when it is decided. */
  breathingSpace: z.strictObject({ days: z.int().min(1).max(366), source, basis }).nullable(),
  deadlines: z.record(z.enum([...MATTER_KINDS, 'appeal']), deadline),
  appealDays: z.int().min(1).max(366),
  /** An open case is forgotten when nothing happened to it for so long and nothing is planned. */
  forgottenDays: z.int().min(1).max(366),
  /** So long a plan may wait for its second person. */
  approvalDays: z.int().min(1).max(60),
})

/** What may be offered, by whom, and by when matters are decided: one file of `strategies/solutions`. */
export type Solutions = z.infer<typeof solutionsSchema>
export type Norms = NonNullable<Solutions['norms']>
export type OfferRules = NonNullable<Solutions['offers']>

/** Reads a file's content; throws an error that names the place. */
export function parseSolutions(value: unknown): Solutions {
  const parsed = solutionsSchema.safeParse(value)
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  return parsed.data
}
