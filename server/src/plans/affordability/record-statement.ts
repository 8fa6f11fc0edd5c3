import { addDays, formatInstant, ok, type Result } from '@dunlin/kernel'
import { z } from 'zod'
import type { Sql } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { type LockedCase, lockCase, no } from '../find-case.ts'
import { type LoadedSolutions, solutionsOf } from '../load-solutions.ts'
import { affordableOf, assessHousehold, type Household } from '../model/affordability.ts'
import { EXPENSES } from '../model/solutions.ts'
import {
  findLatestStatement,
  findStatement,
  insertStatement,
  type StoredStatement,
} from './statement-store.ts'

export type EvidenceGiven = {
  readonly title: string
  readonly reference: string
  readonly sha256: string
}
export type StatementGiven = {
  readonly caseId: string
  readonly currency: string
  readonly household: Household
  /** What the income is made of. */
  readonly incomes: Readonly<Record<string, bigint>>
  readonly availableMinor: bigint
  readonly evidence: readonly EvidenceGiven[]
}

/** Keeps a month's income and expenses, sealed, and what they leave under the norms of the day. */
export async function recordStatement(
  work: Work,
  actor: Actor,
  given: StatementGiven,
): Promise<Result<{ statementId: string; borrowerId: string }, PlanRefusal>> {
  const { tx, sealer, reactions, at } = work
  const locked = await lockCase(work, given.caseId)
  if (!locked.ok) return locked
  const found = locked.value
  const solutions = solutionsOf(found.country)
  const { norms, offers } = solutions
  if (norms === null || offers === null)
    return no('case.no_rules', 'caseId', `there are no norms for ${found.country}`)
  if (given.currency !== found.currency || solutions.currency !== found.currency)
    return no('plan.bad_terms', 'currency', `the case is in ${found.currency}`)
  const { borrowerId, today } = found
  const { expenses, surplusMinor } = assessHousehold(given.household, norms, found.currency)
  const detail = { ...given, expenses }
  const statementId = await insertStatement(tx, {
    borrowerId,
    caseId: given.caseId,
    currency: found.currency,
    norms: solutions.id,
    normsHash: solutions.hash,
    sealed: sealer.seal(toText(detail)),
    surplusMinor,
    availableMinor: given.availableMinor,
    madeAt: formatInstant(at),
    madeOn: today,
    madeBy: actor.id,
    validUntilOn: addDays(today, offers.statementDays),
  })
  const payload = { statementId, caseId: given.caseId }
  await reactions.publish(tx, [{ name: 'statement.recorded', borrowerId, payload }], at)
  return ok({ statementId, borrowerId })
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' ? each.toString() : each,
  )
}

const minor = z.string().transform((text) => BigInt(text))
const detailSchema = z.object({
  household: z.object({ incomeMinor: minor, otherDebtsMinor: minor }).loose(),
  expenses: z.array(
    z.object({
      kind: z.enum(EXPENSES),
      statedMinor: minor,
      normMinor: minor,
      countedMinor: minor,
    }),
  ),
  evidence: z.array(z.object({ title: z.string(), reference: z.string(), sha256: z.string() })),
})

export type StatementFile = StoredStatement & {
  readonly detail: z.infer<typeof detailSchema>
  readonly affordableMinor: bigint
  readonly normsSource: { readonly source: string; readonly publishedOn: string }
}

/** A statement opened, with what may be asked for under the rules in force; null when there is none. */
export async function readStatement(
  sql: Sql,
  sealer: Sealer,
  given: { statementId: string; country: string },
): Promise<StatementFile | null> {
  const found = await findStatement(sql, given.statementId)
  const { norms, offers } = solutionsOf(given.country)
  if (found === null || norms === null || offers === null) return null
  return {
    ...found,
    detail: detailSchema.parse(JSON.parse(sealer.open(found.sealed))),
    affordableMinor: affordableOf(found.surplusMinor, offers.surplusPercent),
    normsSource: { source: norms.source, publishedOn: norms.publishedOn },
  }
}

export type FoundMeans = {
  readonly statementId: string
  readonly affordableMinor: bigint
  readonly availableMinor: bigint
}

/** What a statement lets be asked for: the one that is named, else the latest in force; null without one. */
export async function findMeans(
  sql: Sql,
  found: Pick<LockedCase, 'borrowerId' | 'today'>,
  given: { statementId: string | null; solutions: LoadedSolutions },
): Promise<Result<FoundMeans | null, PlanRefusal>> {
  const { offers } = given.solutions
  if (offers === null) return ok(null)
  const { statementId } = given
  const statement =
    statementId === null
      ? await findLatestStatement(sql, found)
      : await findStatement(sql, statementId)
  if (statementId !== null && statement?.borrowerId !== found.borrowerId)
    return no('resource.not_found', 'statementId', `the borrower has no statement ${statementId}`)
  if (statement === null) return ok(null)
  if (statement.validUntilOn < found.today)
    return no('plan.statement_needed', 'statementId', 'the statement is too old to build on')
  const affordableMinor = affordableOf(statement.surplusMinor, offers.surplusPercent)
  const { availableMinor } = statement
  return ok({ statementId: statement.statementId, affordableMinor, availableMinor })
}
