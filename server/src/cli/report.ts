import {
  addDays,
  type EpochDay,
  type Instant,
  localDay,
  parseLocalDate,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { COHORTS, KPIS, type Report, readReport, reportCsv } from '../insight/index.ts'
import type { Database } from '../platform/db/index.ts'
import { EXIT, type Io } from './io.ts'

export type ReportOptions = {
  readonly from?: string
  readonly to?: string
  readonly by: string
  readonly portfolio?: string
  readonly csv?: boolean
}

const DEFAULT_DAYS = 30

/** `dunlin report`: the names and what they are. */
export function listReports({ json, io }: { json: boolean; io: Io }): number {
  for (const kpi of KPIS)
    io.out(json ? JSON.stringify(kpi) : `${kpi.name.padEnd(26)} ${kpi.title.zh} / ${kpi.title.en}`)
  return EXIT.ok
}

/** `dunlin report NAME [--from] [--to] [--by] [--csv]`. */
export async function runReport(
  given: ReportOptions & { db: Database; name: string; at: Instant; json: boolean },
  io: Io,
): Promise<number> {
  const by = COHORTS.find((known) => known === given.by)
  if (by === undefined) return usage(io, `--by ${given.by}: one of ${COHORTS.join(', ')}`)
  const to = given.to === undefined ? await yesterday(given.db, given.at) : parseLocalDate(given.to)
  if (to === null) return usage(io, `--to ${given.to} is no date: expected YYYY-MM-DD`)
  const from = given.from === undefined ? addDays(to, -DEFAULT_DAYS) : parseLocalDate(given.from)
  if (from === null) return usage(io, `--from ${given.from} is no date: expected YYYY-MM-DD`)
  if (to < from) return usage(io, '--to lies before --from')
  const period = { from, to, by, portfolio: given.portfolio ?? null }
  const report = await readReport(given.db, given.name, period)
  if (report === null)
    return usage(io, `there is no report ${given.name}: dunlin report lists them`)
  if (given.json) io.out(JSON.stringify(report))
  else if (given.csv === true) io.out(reportCsv(report, period).trimEnd())
  else print(report, io)
  return EXIT.ok
}

function usage(io: Io, message: string): number {
  io.error(message)
  return EXIT.usage
}

async function yesterday(db: Database, at: Instant): Promise<EpochDay> {
  const [first] = await db.query<{ zone: string }>(
    'select zones[1] as zone from portfolio order by portfolio_id limit 1',
  )
  const name = first?.zone ?? 'Asia/Shanghai'
  return addDays(localDay(required(zoneNamed(name), name), at), -1)
}

const NAME_WIDTH = 20
const NUMBER_WIDTH = 16

function print({ kpi, lines, total }: Report, io: Io): void {
  io.out(`${kpi.title.zh} / ${kpi.title.en}`)
  io.out(`  = ${kpi.numerator.en}${kpi.denominator === null ? '' : `\n  ÷ ${kpi.denominator.en}`}`)
  if (lines.length === 0) io.out('nothing was counted in this period')
  const rows = total === null ? lines : [...lines, { cohort: '=', ...total }]
  for (const { cohort, numerator, denominator, value } of lines.length === 1 ? lines : rows) {
    const shown = kpi.denominator === null ? [] : [String(denominator), show(value)]
    const numbers = [String(numerator), ...shown].map((text) => text.padStart(NUMBER_WIDTH))
    io.out(`${cohort.padEnd(NAME_WIDTH)}${numbers.join('')}`)
  }
}

function show(value: number | null): string {
  return value === null ? '–' : value.toFixed(4)
}
