import { z } from 'zod'
import { behindQuery, kpiResponse, reportQuery, reportResponse } from '../reports.ts'
import { noQuery, reads } from './endpoint.ts'

// Reports on the screen: the same figures as everywhere, with what a person needs beside them.

const reportKpi = kpiResponse.extend({
  /** What stands above and below the line: things, or money in minor units. */
  sums: z.enum(['count', 'minor']),
  hasTotal: z.boolean(),
})
export type ReportKpi = z.infer<typeof reportKpi>

export const listReports = reads('GET /console-api/reports', 'report.read', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(reportKpi),
    portfolios: z.array(z.strictObject({ name: z.string(), currency: z.string() })),
  }),
})

export const readReport = reads('GET /console-api/reports/:name', 'report.read', {
  query: reportQuery,
  answer: reportResponse.extend({
    kpi: reportKpi,
    /** Null: portfolios of several currencies, whose sums are no amount. */
    currency: z.string().nullable(),
  }),
})

export const readReportCsv = reads('GET /console-api/reports/:name/csv', 'report.read', {
  query: reportQuery,
  answer: z.strictObject({ file: z.string(), text: z.string() }),
})

export const reportCase = z.strictObject({
  key: z.string(),
  /** Both null: beyond the reach of who asks. */
  borrowerNo: z.string().nullable(),
  caseId: z.string().nullable(),
  numerator: z.number(),
  denominator: z.number(),
})
export type ReportCase = z.infer<typeof reportCase>

/** The cases behind one number. */
export const listReportCases = reads('GET /console-api/reports/:name/cases', 'report.read', {
  query: behindQuery,
  answer: z.strictObject({ items: z.array(reportCase), nextCursor: z.string().nullable() }),
})
