import { addDays, type EpochDay, formatInstant } from '@dunlin/kernel'
import { type Gate, tryContacts } from '../contact/index.ts'
import { type Database, rolledBack, type Tx } from '../platform/db/index.ts'
import { type DueCase, listOpenCases, listPortfolioStrategies } from './cycle-store.ts'
import { localInstant } from './local-instant.ts'
import { nextStep } from './model/next-step.ts'
import type { Step, Strategy } from './model/strategy.ts'

export type TrialOptions = {
  readonly gate: Gate
  readonly strategy: Strategy
  /** The portfolio whose book it is tried on; absent: every one that follows a strategy of its name. */
  readonly portfolio?: string | undefined
  readonly asOf: EpochDay
  /** Channels with an account that may carry collection content. */
  readonly carriers: ReadonlySet<string>
}

/** One contact that the strategy would plan today, and the gate's word on it. */
export type TrialContact = {
  readonly caseId: string
  readonly stage: string | null
  readonly step: string
  readonly channel: string
  readonly template: string
  readonly at: string
  /** `unreachable`: the borrower has no point of the channel. */
  readonly verdict: 'permit' | 'defer' | 'refuse' | 'unreachable'
  readonly until: string | null
  readonly rules: readonly string[]
}
export type Trial = {
  /** Open cases looked at; `isSample` when the book has more. */
  readonly cases: number
  readonly isSample: boolean
  readonly contacts: readonly TrialContact[]
}

const CASES_MAX = 20_000

/**
 * What a strategy would do today on the real book: who would get what, when, and every refusal. The same
 * planning and the same gate as the cycle and dispatch, in a transaction that keeps nothing.
 */
export async function tryStrategy(db: Database, options: TrialOptions): Promise<Trial> {
  const { asOf, strategy, portfolio } = options
  const portfolios = (await listPortfolioStrategies(db)).filter((each) =>
    portfolio === undefined
      ? each.strategy === strategy.document.name
      : each.portfolio === portfolio,
  )
  const portfolioIds = portfolios.map(({ portfolioId }) => portfolioId)
  return rolledBack(db, async (tx) => {
    const found = await listOpenCases(tx, { asOf, portfolioIds, limit: CASES_MAX + 1 })
    const cases = found.slice(0, CASES_MAX)
    const planned = cases.flatMap((each) => stepsOf(each, strategy, asOf))
    return {
      cases: cases.length,
      isSample: found.length > CASES_MAX,
      contacts: await judge(tx, planned, options),
    }
  })
}

type Planned = {
  readonly found: DueCase
  readonly stage: string | null
  readonly step: Step
  readonly at: string
}

/** As if nothing had been planned today yet. */
function stepsOf(found: DueCase, strategy: Strategy, asOf: EpochDay): Planned[] {
  const { lastStepOn } = found.facts
  const before = addDays(asOf, -1)
  const facts = {
    ...found.facts,
    lastStepOn: lastStepOn !== null && lastStepOn > before ? before : lastStepOn,
  }
  const { stage, now } = nextStep(strategy, facts, asOf)
  return now.map((step) => ({
    found,
    stage,
    step,
    at: localInstant(found.zone, asOf, step.time),
  }))
}

async function judge(
  tx: Tx,
  planned: readonly Planned[],
  { gate, carriers }: TrialOptions,
): Promise<TrialContact[]> {
  const contacts = planned.map(({ found, step, at }) => ({
    borrowerId: found.borrowerId,
    caseId: found.caseId,
    portfolioId: found.portfolioId,
    channel: step.channel,
    template: step.template,
    at,
  }))
  const answers = await tryContacts(tx, gate, { contacts, carriers })
  return planned.map(({ found, stage, step, at }, index) => {
    const verdict = answers[index]?.verdict ?? null
    return {
      caseId: found.caseId,
      ...{ stage, step: step.key, channel: step.channel, template: step.template, at },
      verdict: verdict?.verdict ?? 'unreachable',
      until: verdict?.verdict === 'defer' ? formatInstant(verdict.until) : null,
      rules:
        verdict === null || verdict.verdict === 'permit'
          ? []
          : verdict.reasons.map(({ rule }) => rule),
    }
  })
}
