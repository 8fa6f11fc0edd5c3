import {
  behindQuery,
  behindResponse,
  kpisResponse,
  reportParams,
  reportQuery,
  reportResponse,
} from '@dunlin/contract'
import { formatLocalDate, parseLocalDate, required } from '@dunlin/kernel'
import { z } from 'zod'
import { KPIS, listBehind, type Period, readReport, reportCsv } from '../../insight/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

const DAYS_MAX = 3660
const csvAnswer = {
  description: 'RFC 4180; one row a cohort, amounts in minor units.',
  content: { 'text/csv': { schema: z.string() } },
}
const read = { scope: 'read' } as const
const readOne = { scope: 'read', problems: ['resource.not_found'] } as const

/** `GET /api/v1/reports`, `/reports/{name}`, `/reports/{name}/csv`, `/reports/{name}/cases`. */
export function routeReports(app: App, { db }: ApiContext): void {
  const tags = ['reports']
  const all = { tags, summary: 'Reports and their definitions', response: { 200: kpisResponse } }
  app.get('/api/v1/reports', { schema: all, config: read }, () => ({ items: [...KPIS] }))
  const given = { tags, params: reportParams, querystring: reportQuery }
  const one = { ...given, summary: 'One report', response: { 200: reportResponse } }
  app.get('/api/v1/reports/:name', { schema: one, config: readOne }, async (request) => {
    const period = toPeriod(request.query)
    const report = mustKnow(await readReport(db, request.params.name, period), request.params.name)
    const days = { from: formatLocalDate(period.from), to: formatLocalDate(period.to) }
    return { ...report, ...days, lines: [...report.lines] }
  })
  const csv = { ...given, summary: 'One report as CSV', response: { 200: csvAnswer } }
  app.get('/api/v1/reports/:name/csv', { schema: csv, config: readOne }, async (request, reply) => {
    const period = toPeriod(request.query)
    const { name } = request.params
    const report = mustKnow(await readReport(db, name, period), name)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`)
      .send(reportCsv(report, period))
  })
  const behind = {
    ...{ tags, summary: 'The cases behind a number of a report' },
    ...{ params: reportParams, querystring: behindQuery, response: { 200: behindResponse } },
  }
  app.get('/api/v1/reports/:name/cases', { schema: behind, config: readOne }, async (request) => {
    const { cohort, part, cursor, limit, ...query } = request.query
    const { name } = request.params
    const page = { afterBorrowerId: cursor ?? '0', limit }
    const isNumerator = part === 'numerator'
    const found = await listBehind(db, { name, period: toPeriod(query), cohort, isNumerator, page })
    const items = [...mustKnow(found, name)]
    const nextCursor = items.length < limit ? null : (items.at(-1)?.borrowerId ?? null)
    return { items, nextCursor }
  })
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
  if (found === null)
    throw new Problem('resource.not_found', `there is no report ${name}: see /reports`, 'name')
  return found
}
