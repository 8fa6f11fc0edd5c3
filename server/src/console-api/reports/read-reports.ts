import {
  listReportCases,
  listReports,
  type ReportCase,
  readReportCsv,
  readReport as readReportEndpoint,
  type reportQuery,
} from '@dunlin/contract'
import { formatLocalDate, parseLocalDate, required } from '@dunlin/kernel'
import type { z } from 'zod'
import { KPIS, listBehind, type Period, readReport, reportCsv } from '../../insight/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type Asker, type ConsoleContext, reachOf } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { findReached, listCurrencies, readNumbers } from './report-store.ts'

const DAYS_MAX = 3660

/** Reports, their definitions, and the cases behind a number. */
export function routeReports(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, listReports, async ({ asker }) => {
    assertOfHouse(asker)
    return { items: [...KPIS], portfolios: await listCurrencies(db) }
  })
  serve(app, context, readReportEndpoint, async ({ asker, query, textIn }) => {
    assertOfHouse(asker)
    const period = toPeriod(query)
    const name = textIn('name')
    const report = mustKnow(await readReport(db, name, period), name)
    const days = { from: formatLocalDate(period.from), to: formatLocalDate(period.to) }
    const currency = await currencyOf(context, period.portfolio)
    return { ...report, ...days, currency, lines: [...report.lines] }
  })
  serve(app, context, readReportCsv, async ({ asker, query, textIn }) => {
    assertOfHouse(asker)
    const period = toPeriod(query)
    const name = textIn('name')
    const report = mustKnow(await readReport(db, name, period), name)
    return { file: `${name}-${query.from}-${query.to}.csv`, text: reportCsv(report, period) }
  })
  serve(app, context, listReportCases, async ({ asker, query, textIn }) => {
    assertOfHouse(asker)
    return listCasesBehind(context, { asker, query, name: textIn('name') })
  })
}

async function listCasesBehind(
  { db }: ConsoleContext,
  given: { asker: Asker; query: z.infer<typeof listReportCases.query>; name: string },
): Promise<{ items: ReportCase[]; nextCursor: string | null }> {
  const { asker, name, query } = given
  const { cohort, part, cursor, limit, ...rest } = query
  const page = { afterBorrowerId: cursor ?? '0', limit }
  const isNumerator = part === 'numerator'
  const asked = { name, period: toPeriod(rest), cohort, isNumerator, page }
  const facts = mustKnow(await listBehind(db, asked), name)
  const reach = reachOf(asker)
  const borrowerIds = facts.map(({ borrowerId }) => borrowerId)
  const caseIds = facts.flatMap(({ caseId }) => (caseId === null ? [] : [caseId]))
  const [reached, numbers] = await Promise.all([
    findReached(db, { reach, borrowerIds, caseIds }),
    readNumbers(db, borrowerIds),
  ])
  const items = facts.map(({ borrowerId, caseId, numerator, denominator }, place) => {
    const isReached = caseId === null ? reach.isWide : reached.has(caseId)
    return {
      key: `${borrowerId}-${caseId ?? ''}-${place}`,
      borrowerNo: isReached ? (numbers.get(borrowerId) ?? null) : null,
      caseId: isReached ? caseId : null,
      numerator,
      denominator,
    }
  })
  return { items, nextCursor: facts.length < limit ? null : (borrowerIds.at(-1) ?? null) }
}

/** The currency of what is added up; null where several are. */
async function currencyOf(
  { db }: ConsoleContext,
  portfolio: string | null,
): Promise<string | null> {
  const known = await listCurrencies(db)
  const asked = known.filter(({ name }) => portfolio === null || name === portfolio)
  const [first, ...others] = new Set(asked.map(({ currency }) => currency))
  return others.length > 0 ? null : (first ?? null)
}

function toPeriod({ from, to, by, portfolio }: z.infer<typeof reportQuery>): Period {
  const first = required(parseLocalDate(from), from)
  const last = required(parseLocalDate(to), to)
  if (last < first) throw new Problem('request.invalid', 'to lies before from', 'to')
  if (last - first > DAYS_MAX)
    throw new Problem('request.invalid', `a period has at most ${DAYS_MAX} days`, 'to')
  return { from: first, to: last, by, portfolio: portfolio ?? null }
}

function mustKnow<Found>(found: Found | null, name: string): Found {
  if (found === null) throw new Problem('resource.not_found', `there is no report ${name}`, 'name')
  return found
}
