import { z } from 'zod'
import { COMPONENTS, type Component } from './ledger-event.ts'

export type StageRange = readonly [name: string, from: number, to: number | null]

/** How one kind of loan is counted. */
export type ProductOptions = {
  /** The components in the order in which they are paid. */
  readonly allocation: readonly Component[]
  /** Whole lines oldest first, or one component over all lines before the next. */
  readonly strategy: 'instalment-first' | 'component-first'
  /** What money does when nothing due is left. */
  readonly prepayment: 'hold' | 'next' | 'last' | 'spread'
  /** Order of components for lines not yet due. */
  readonly prepaymentAllocation: readonly Component[]
  readonly graceDays: number
  /** `subtract` takes the grace off; `threshold` counts from the due date once it is exceeded. */
  readonly graceMode: 'subtract' | 'threshold'
  /** A line ages only while one of these is unpaid. */
  readonly dpdComponents: readonly Component[]
  /** First match; `to` null has no end; from 0 or below is before the due date. */
  readonly stages: readonly StageRange[]
  /** How an agreed plan acts on days past due: not at all, by a pause, or by moved due dates (rulings 17). */
  readonly planEffect: 'none' | 'pause' | 'amend'
}

export const DEFAULT_STAGES: readonly StageRange[] = [
  ['M1', 1, 30],
  ['M2', 31, 60],
  ['M3', 61, 90],
  ['M4', 91, 120],
  ['M5', 121, 150],
  ['M6', 151, 180],
  ['M7+', 181, null],
]

/** Given options over the defaults; `prepaymentAllocation` follows `allocation` unless given. */
export function productOptions(given: Partial<ProductOptions> = {}): ProductOptions {
  const allocation = given.allocation ?? COMPONENTS
  return {
    strategy: 'instalment-first',
    prepayment: 'hold',
    prepaymentAllocation: allocation,
    graceDays: 0,
    graceMode: 'subtract',
    dpdComponents: COMPONENTS,
    stages: DEFAULT_STAGES,
    planEffect: 'none',
    ...given,
    allocation,
  }
}

const components = z.array(z.enum(COMPONENTS)).length(4)
const given = z
  .strictObject({
    allocation: components,
    strategy: z.enum(['instalment-first', 'component-first']),
    prepayment: z.enum(['hold', 'next', 'last', 'spread']),
    prepaymentAllocation: components,
    graceDays: z.int().nonnegative(),
    graceMode: z.enum(['subtract', 'threshold']),
    dpdComponents: z.array(z.enum(COMPONENTS)),
    stages: z.array(z.tuple([z.string(), z.int(), z.int().nullable()])),
    planEffect: z.enum(['none', 'pause', 'amend']),
  })
  .partial()

/** Options as written in settings or a vector; throws a ZodError that names the field. */
export function parseProductOptions(value: unknown): ProductOptions {
  const { allocation, ...rest } = given.parse(value)
  const defined = Object.fromEntries(
    Object.entries(rest).filter(([, option]) => option !== undefined),
  )
  return productOptions(allocation === undefined ? defined : { ...defined, allocation })
}
