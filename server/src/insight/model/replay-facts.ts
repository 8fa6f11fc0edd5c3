import type { Fact } from './kpi.ts'

/** One loan at the close of the day before a period and at the close of its last day. */
export type LoanSpan = {
  readonly borrowerId: string
  readonly caseId: string | null
  /** `YYYY-MM` of the disbursement; null when it is not known. */
  readonly disbursedMonth: string | null
  readonly start: Standing
  readonly end: Standing
  readonly paidMinor: number
  /** Whether it was more than 30 days past due at a month end up to the end. */
  readonly wasLate30: boolean
  readonly storedOutstandingMinor: number
}
export type Standing = {
  readonly pastDueDays: number
  readonly dpd: number
  readonly arrearsMinor: number
  readonly outstandingMinor: number
}

/** M0 is not past due; the market's buckets, whatever a product's stages are. The last has no end. */
const LATE_BUCKETS = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7+'] as const
const BUCKET_DAYS = 30
const ORDER: readonly string[] = ['closed', 'M0', ...LATE_BUCKETS]
const CURRENT: readonly string[] = ['closed', 'M0']

function bucketOf({ dpd, outstandingMinor }: Standing): string {
  if (outstandingMinor === 0) return 'closed'
  if (dpd === 0) return 'M0'
  const place = Math.min(Math.ceil(dpd / BUCKET_DAYS), LATE_BUCKETS.length) - 1
  return LATE_BUCKETS[place] ?? 'M0'
}

type Facts = (loan: LoanSpan) => readonly Omit<Fact, 'borrowerId' | 'caseId'>[]

/** What one loan adds to each report that is replayed from the ledger. */
export const REPLAY_FACTS: Readonly<Record<string, Facts>> = {
  recovery_rate: ({ start, paidMinor }) =>
    start.pastDueDays === 0
      ? []
      : [
          {
            cohort: bucketOf(start),
            numerator: Math.min(paidMinor, start.arrearsMinor),
            denominator: start.arrearsMinor,
          },
        ],
  roll_matrix: ({ start, end }) => {
    const [from, to] = [bucketOf(start), bucketOf(end)]
    if (from === 'closed') return []
    // A loan stands below the line of every cell of its row, and above that of one.
    return ORDER.map((bucket) => ({
      cohort: `${from} → ${bucket}`,
      numerator: bucket === to ? 1 : 0,
      denominator: 1,
    }))
  },
  cure_rate: ({ start, end }) => perBucket(start, () => CURRENT.includes(bucketOf(end))),
  resolution_rate: ({ start, end }) =>
    perBucket(start, (from) => ORDER.indexOf(bucketOf(end)) <= ORDER.indexOf(from)),
  flow_rate: ({ start, end }) => {
    const [from, to] = [bucketOf(start), bucketOf(end)]
    const below = flowOf(ORDER.indexOf(from))
    const above = flowOf(ORDER.indexOf(to) - 1)
    return [
      ...(below === null
        ? []
        : [{ cohort: below, numerator: 0, denominator: start.outstandingMinor }]),
      ...(above === null
        ? []
        : [{ cohort: above, numerator: end.outstandingMinor, denominator: 0 }]),
    ]
  },
  vintage_orders: ({ disbursedMonth, wasLate30 }) =>
    disbursedMonth === null
      ? []
      : [{ cohort: disbursedMonth, numerator: wasLate30 ? 1 : 0, denominator: 1 }],
  ledger_reconciliation: ({ end, storedOutstandingMinor }) => [
    { cohort: bucketOf(end), numerator: storedOutstandingMinor, denominator: end.outstandingMinor },
  ],
}

function perBucket(
  start: Standing,
  counts: (from: string) => boolean,
): readonly Omit<Fact, 'borrowerId' | 'caseId'>[] {
  const from = bucketOf(start)
  if (CURRENT.includes(from)) return []
  return [{ cohort: from, numerator: counts(from) ? 1 : 0, denominator: 1 }]
}

/** `M1 → M2` for the place of M1; null where nothing flows: into M0, and beyond the last bucket. */
function flowOf(place: number): string | null {
  const [from, to] = [ORDER[place], ORDER[place + 1]]
  return place < 1 || from === undefined || to === undefined ? null : `${from} → ${to}`
}
