import { dayIn, oneOf, textIn } from '../../app/search.ts'

export const CUTS = ['none', 'portfolio', 'month', 'channel', 'agent'] as const
const PARTS = ['numerator', 'denominator'] as const

/** A report as it stands in the address: what is counted, and which number is opened. */
export type ReportSearch = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly by?: (typeof CUTS)[number] | undefined
  readonly portfolio?: string | undefined
  readonly cohort?: string | undefined
  readonly part?: (typeof PARTS)[number] | undefined
}

export function readReportSearch(search: Readonly<Record<string, unknown>>): ReportSearch {
  return {
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
    by: oneOf(search, 'by', CUTS),
    portfolio: textIn(search, 'portfolio'),
    cohort: textIn(search, 'cohort'),
    part: oneOf(search, 'part', PARTS),
  }
}
