import {
  type EpochDay,
  formatInstant,
  type Instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { syncDueCases } from '../cases/index.ts'
import { refoldDueLoans } from '../loanbook/index.ts'
import type { Database, Sql, Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import {
  type CaseUpdate,
  claimDueCases,
  type DueCase,
  ensureMonths,
  insertPlanned,
  listPortfolioStrategies,
  type PlannedAttempt,
  saveStrategyVersion,
  updateCases,
} from './cycle-store.ts'
import { localInstant } from './local-instant.ts'
import { type NextStep, nextStep } from './model/next-step.ts'
import type { Step, Strategy } from './model/strategy.ts'
import { contentOf, strategyInForce } from './strategy-in-force.ts'

export type CycleOptions = {
  readonly db: Database
  readonly reactions: Reactions
  readonly asOf: EpochDay
  readonly at: Instant
  /** Absent: every portfolio. */
  readonly portfolioIds?: readonly string[]
  readonly strategyFolder?: string
  readonly onProgress?: (cases: number) => void
}

export type CycleSummary = {
  readonly folded: number
  readonly cases: { opened: number; updated: number; cured: number; closed: number }
  readonly looked: number
  /** Attempts planned, by `stage channel`. */
  readonly planned: Readonly<Record<string, number>>
  /** Steps without a contact point to take them to. */
  readonly unreachable: number
}

type Published = { readonly strategy: Strategy; readonly versionId: string }

const BATCH_CASES = 10_000

/**
 * The daily cycle: fold loans whose day has come, bring cases in line, plan the steps that are due
 * and materialise them as attempts. Each batch is one transaction, so a kill loses nothing, and a
 * second run on the same day finds nothing to do.
 */
export async function runCycle(options: CycleOptions): Promise<CycleSummary> {
  const { db, reactions, asOf, at } = options
  await ensureMonths(db, asOf)
  const published = await publishStrategies(options)
  const preDue = new Map([...published].map(([id, { strategy }]) => [id, strategy.preDueDays]))
  const portfolioIds = options.portfolioIds ?? null
  const folded = await refoldDueLoans(db, asOf, portfolioIds)
  const cases = await syncDueCases(db, { reactions, asOf, at, preDue }, portfolioIds)
  const tally: Tally = { planned: {}, unreachable: 0, looked: 0 }
  for (;;) {
    const before = tally.looked
    await planDueCases(options, { published, tally })
    if (tally.looked === before) return { folded, cases, ...tally }
  }
}

type Tally = { planned: Record<string, number>; unreachable: number; looked: number }
type Run = { readonly published: ReadonlyMap<string, Published>; readonly tally: Tally }

/** While one lane writes its batch the other claims and plans the next. */
const LANES = 2

/** One pass over the cases due, in the order of their days; cases locked by others are left for the next pass. */
async function planDueCases(options: CycleOptions, run: Run): Promise<void> {
  let last: DueCase | null = null
  let claimed: Promise<unknown> = Promise.resolve()
  const claimNext = async (tx: Tx) => {
    const due = await claimDueCases(tx, options.asOf, {
      after: last,
      limit: BATCH_CASES,
      portfolioIds: options.portfolioIds ?? null,
    })
    last = due.at(-1) ?? last
    return due
  }
  const inTurn = (tx: Tx): Promise<DueCase[]> => {
    const due = claimed.then(() => claimNext(tx))
    claimed = due.catch(() => undefined)
    return due
  }
  const lane = async () => {
    for (let count = 1; count > 0; options.onProgress?.(run.tally.looked)) {
      count = await options.db.transaction(async (tx) =>
        planBatch(tx, options, { ...run, due: await inTurn(tx) }),
      )
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** The cycle of the day that it is, at `at`, in each portfolio's own zone; one summary a day. */
export async function runCycleToday(
  options: Omit<CycleOptions, 'asOf' | 'portfolioIds'>,
): Promise<CycleSummary[]> {
  const portfolios = await listPortfolioStrategies(options.db)
  const summaries: CycleSummary[] = []
  for (const [name, group] of Map.groupBy(portfolios, ({ zone }) => zone)) {
    const asOf = localDay(required(zoneNamed(name), `zone ${name}`), options.at)
    const portfolioIds = group.map(({ portfolioId }) => portfolioId)
    summaries.push(await runCycle({ ...options, asOf, portfolioIds }))
  }
  return summaries
}

/** The days before a due date on which each portfolio's strategy first speaks. */
export async function readPreDue(
  db: Sql,
  strategyFolder?: string,
): Promise<ReadonlyMap<string, number>> {
  const preDue = new Map<string, number>()
  for (const { portfolioId, strategy } of await listPortfolioStrategies(db)) {
    preDue.set(portfolioId, (await strategyInForce(db, strategy, strategyFolder)).preDueDays)
  }
  return preDue
}

async function publishStrategies({
  db,
  at,
  strategyFolder,
}: CycleOptions): Promise<ReadonlyMap<string, Published>> {
  const published = new Map<string, Published>()
  for (const { portfolioId, strategy: name } of await listPortfolioStrategies(db)) {
    const strategy = await strategyInForce(db, name, strategyFolder)
    const versionId = await saveStrategyVersion(db, {
      name,
      ...contentOf(strategy.document),
      publishedAt: formatInstant(at),
    })
    published.set(portfolioId, { strategy, versionId })
  }
  return published
}

async function planBatch(
  tx: Tx,
  { asOf, at, reactions }: CycleOptions,
  { published, tally, due }: Run & { due: readonly DueCase[] },
): Promise<number> {
  const timetable = new Map<string, string>()
  for (const [portfolioId, cases] of Map.groupBy(due, (found) => found.portfolioId)) {
    const { strategy, versionId } = required(
      published.get(portfolioId),
      `strategy of portfolio ${portfolioId}`,
    )
    const plans = cases.map((found) => ({ found, plan: nextStep(strategy, found.facts, asOf) }))
    await updateCases(tx, plans.map(toUpdate), { versionId, asOf })
    const attempts = plans.flatMap(({ found, plan }) =>
      plan.now.map((step) => toAttempt(found, step, { asOf, timetable })),
    )
    const planned = await insertPlanned(tx, attempts, asOf)
    tally.unreachable += attempts.length - planned
    for (const { plan } of plans) {
      for (const step of plan.now) {
        const key = `${plan.stage ?? '-'} ${step.channel}`
        tally.planned[key] = (tally.planned[key] ?? 0) + 1
      }
    }
    await reactions.publish(tx, plans.flatMap(stagedEvent), at)
  }
  tally.looked += due.length
  return due.length
}

type Plan = { readonly found: DueCase; readonly plan: NextStep }

function toUpdate({ found, plan }: Plan): CaseUpdate {
  return {
    borrowerId: found.borrowerId,
    caseId: found.caseId,
    stage: plan.stage,
    lastStep: plan.now.at(-1)?.key ?? null,
    nextStep: plan.next?.key ?? null,
    nextStepOn: plan.next?.on ?? null,
  }
}

/** The step's preferred local time on that day, as an instant; computed once per zone and time. */
function toAttempt(
  { borrowerId, caseId, portfolioId, zone }: DueCase,
  step: Step,
  { asOf, timetable }: { asOf: EpochDay; timetable: Map<string, string> },
): PlannedAttempt {
  const key = `${zone} ${step.time}`
  const dueAt = timetable.get(key) ?? localInstant(zone, asOf, step.time)
  timetable.set(key, dueAt)
  return {
    borrowerId,
    caseId,
    portfolioId,
    channel: step.channel,
    template: step.template,
    step: step.key,
    dueAt,
  }
}

/** A change of stage is told, also the first. */
function stagedEvent({ found, plan }: Plan): DomainEvent[] {
  if (plan.stage === found.notedStage) return []
  const payload = { caseId: found.caseId, from: found.notedStage, to: plan.stage }
  return [{ name: 'case.staged', borrowerId: found.borrowerId, payload }]
}
