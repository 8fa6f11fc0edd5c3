import { formatLocalDate } from '@dunlin/kernel'
import type { Period } from './kpi-store.ts'
import type { Report } from './read-report.ts'

/** A report as CSV (RFC 4180): one row a cohort, the period and the name in each, amounts in minor units. */
export function reportCsv({ kpi, lines }: Report, { from, to }: Period): string {
  const head = ['report', 'from', 'to', 'cohort', 'numerator', 'denominator', 'value', 'unit']
  const days = [formatLocalDate(from), formatLocalDate(to)]
  const rows = lines.map(({ cohort, numerator, denominator, value }) => [
    ...[kpi.name, ...days, cohort, String(numerator)],
    kpi.denominator === null ? '' : String(denominator),
    ...[value === null ? '' : String(value), kpi.unit],
  ])
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** Quoted where needed; a leading formula sign is defused, because people open this in a spreadsheet. */
function cell(text: string): string {
  const safe = /^[=+@\t]|^-./.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
