import type { Sql } from '../platform/db/index.ts'
import { type FactPage, listFacts, type Period, sumFacts } from './kpi-store.ts'
import { findKpi } from './model/catalogue.ts'
import {
  addFact,
  type Fact,
  figureOf,
  type Kpi,
  type Line,
  type Sums,
  toLines,
} from './model/kpi.ts'
import { REPLAY_FACTS } from './model/replay-facts.ts'
import { replayBook } from './replay-book.ts'

/** A report with its definition, so that a number never travels without it. */
export type Report = {
  readonly kpi: Kpi
  readonly lines: readonly Line[]
  readonly total: Omit<Line, 'cohort'> | null
}

/** Computes a report of the period; null when none has that name. Reports that replay have cohorts of their own. */
export async function readReport(sql: Sql, name: string, period: Period): Promise<Report | null> {
  const kpi = findKpi(name)
  if (kpi === undefined) return null
  const sums: Sums = new Map()
  if (kpi.from === 'tables') {
    for (const fact of await sumFacts(sql, name, period)) addFact(sums, fact)
  } else {
    for await (const fact of replayFacts(sql, name, period)) addFact(sums, fact)
  }
  const lines = toLines(kpi, sums)
  return { kpi, lines, total: kpi.hasTotal ? totalOf(kpi, lines) : null }
}

function totalOf(kpi: Kpi, lines: readonly Line[]): Omit<Line, 'cohort'> {
  const numerator = lines.reduce((sum, line) => sum + line.numerator, 0)
  const denominator = lines.reduce((sum, line) => sum + line.denominator, 0)
  return { numerator, denominator, value: figureOf(kpi, { numerator, denominator }) }
}

/** The cases behind one number of a report, borrower by borrower; null when no report has that name. */
export async function listBehind(
  sql: Sql,
  given: { name: string; period: Period; cohort: string; isNumerator: boolean; page: FactPage },
): Promise<readonly Fact[] | null> {
  const { name, period, cohort, isNumerator, page } = given
  const kpi = findKpi(name)
  if (kpi === undefined) return null
  if (kpi.from === 'tables') return listFacts(sql, given)
  const part = isNumerator ? 'numerator' : 'denominator'
  const found: Fact[] = []
  for await (const fact of replayFacts(sql, name, period)) {
    const isBehind = fact.cohort === cohort && fact[part] !== 0
    if (!isBehind || BigInt(fact.borrowerId) <= BigInt(page.afterBorrowerId)) continue
    found.push(fact)
    if (found.length === page.limit) break
  }
  return found
}

async function* replayFacts(sql: Sql, name: string, period: Period): AsyncIterable<Fact> {
  const toFacts = REPLAY_FACTS[name]
  if (toFacts === undefined) throw new Error(`no facts for the report ${name}`)
  const withMonthEnds = name === 'vintage_orders'
  for await (const loan of replayBook(sql, period, { withMonthEnds })) {
    const { borrowerId, caseId } = loan
    for (const fact of toFacts(loan)) yield { borrowerId, caseId, ...fact }
  }
}
