import { Environment } from '@marcbachmann/cel-js'
import { z } from 'zod'

// A strategy is a ladder of steps as data. Stages are DPD ranges of its own (rulings 16).

const text = z.strictObject({ zh: z.string(), en: z.string() })
const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a local time such as 10:00')

const trigger = z.union([
  /** On the day the case has this DPD; 0 or below counts the days before the next due date. */
  z.strictObject({ dpd: z.int() }),
  /** So many days after a talk with this outcome. */
  z.strictObject({ daysAfterOutcome: z.int().nonnegative(), outcome: z.string() }),
  z.strictObject({ daysBeforePromise: z.int().nonnegative() }),
  z.strictObject({ daysAfterPromise: z.int().positive() }),
])

const step = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected lower-case letters, digits and hyphens'),
  trigger,
  channel: z.enum(['sms', 'email', 'wecom', 'letter', 'robot-call']),
  template: z.string(),
  /** Preferred local time of the borrower. */
  time: clockTime.default('10:00'),
  /** A CEL condition on the case; absent: always. */
  when: z.string().optional(),
})
export type Step = z.infer<typeof step>

const strategySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,60}$/),
  title: text,
  stages: z
    .array(z.strictObject({ name: z.string(), from: z.int(), to: z.int().nullable() }))
    .min(1),
  steps: z.array(step).min(1),
  /** While one of these holds, no step is taken. */
  stop: z.array(z.strictObject({ when: z.string(), because: text })).default([]),
})
export type StrategyDocument = z.infer<typeof strategySchema>

/** What a condition may ask about a case. Amounts in major units. */
export type ConditionFacts = {
  readonly dpd: number
  readonly stage: string
  readonly arrears: number
  readonly due: number
  readonly outcome: string
  readonly promise: string
  readonly language: string
}
export type Condition = (facts: ConditionFacts) => boolean

/** A strategy ready to be asked: conditions compiled once. */
export type Strategy = {
  readonly document: StrategyDocument
  readonly steps: readonly (Step & { readonly isWanted: Condition })[]
  readonly isStopped: Condition
  /** Days before a due date on which the strategy first speaks; 0 when it does not. */
  readonly preDueDays: number
}

/** Compiles a strategy; throws an error that names the place and what was expected. */
export function compileStrategy(value: unknown): Strategy {
  const parsed = strategySchema.safeParse(value)
  if (!parsed.success) throw new Error(`strategy: ${z.prettifyError(parsed.error)}`)
  const document = parsed.data
  refuseDoubleKeys(document)
  const environment = conditionEnvironment()
  const stops = document.stop.map(({ when }, index) =>
    compileCondition(environment, when, `stop[${index}]`),
  )
  const dpds = document.steps.flatMap(({ trigger: on }) => ('dpd' in on ? [on.dpd] : []))
  return {
    document,
    steps: document.steps.map((each) => ({
      ...each,
      isWanted:
        each.when === undefined ? () => true : compileCondition(environment, each.when, each.key),
    })),
    isStopped: (facts) => stops.some((stop) => stop(facts)),
    preDueDays: Math.max(0, ...dpds.map((dpd) => -dpd)),
  }
}

/** JSON Schema of a strategy file, for editors. */
export function strategyJsonSchema(): unknown {
  return z.toJSONSchema(strategySchema, { io: 'input' })
}

function refuseDoubleKeys({ steps }: StrategyDocument): void {
  const seen = new Set<string>()
  for (const { key } of steps) {
    if (seen.has(key)) throw new Error(`strategy: step ${key} appears twice`)
    seen.add(key)
  }
}

function conditionEnvironment(): Environment {
  return new Environment()
    .registerVariable('dpd', 'int')
    .registerVariable('stage', 'string')
    .registerVariable('arrears', 'double')
    .registerVariable('due', 'double')
    .registerVariable('outcome', 'string')
    .registerVariable('promise', 'string')
    .registerVariable('language', 'string')
}

function compileCondition(environment: Environment, source: string, place: string): Condition {
  try {
    const evaluate = environment.parse(source)
    const check = evaluate.check()
    if (!check.valid || check.type !== 'bool')
      throw new Error(`expected true or false, got ${check.type ?? check.error?.message}`)
    return (facts) => evaluate({ ...facts, dpd: BigInt(facts.dpd) }) === true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`strategy: condition of ${place}: ${reason}`, { cause: error })
  }
}
