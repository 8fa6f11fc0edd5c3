/** What a figure is: a share, a number per thing, whole units, or money in minor units. */
export type Unit = 'ratio' | 'per-case' | 'per-thousand' | 'count' | 'minor'
export type Text = { readonly zh: string; readonly en: string }

/** How a report may be cut up. */
export const COHORTS = ['none', 'portfolio', 'month', 'channel', 'agent'] as const
export type Cohort = (typeof COHORTS)[number]

/** One number with one formula: numerator ÷ denominator, summed first and divided last. */
export type Kpi = {
  /** snake_case; one formula per name. */
  readonly name: string
  readonly title: Text
  readonly numerator: Text
  /** Null: the figure is the numerator itself. */
  readonly denominator: Text | null
  readonly unit: Unit
  /** What stands above and below the line: things, or money in minor units. */
  readonly sums: 'count' | 'minor'
  /** `tables`: read by SQL. `replay`: folded from ledger events, row by row, at the close of days. */
  readonly from: 'tables' | 'replay'
  /** Whether its lines add up to a figure of the whole; those of a matrix do not. */
  readonly hasTotal: boolean
}

/** One thing that is counted: what it adds above and below the line, and whose it is. */
export type Fact = {
  readonly borrowerId: string
  readonly caseId: string | null
  readonly cohort: string
  readonly numerator: number
  readonly denominator: number
}

/** A line of a report; amounts are minor units. Value is null where the denominator is nothing. */
export type Line = {
  readonly cohort: string
  readonly numerator: number
  readonly denominator: number
  readonly value: number | null
}

/** What each cohort adds up to so far. */
export type Sums = Map<string, { numerator: number; denominator: number }>

export function addFact(
  sums: Sums,
  { cohort, numerator, denominator }: Omit<Fact, 'borrowerId' | 'caseId'>,
): void {
  const sum = sums.get(cohort)
  if (sum === undefined) {
    sums.set(cohort, { numerator, denominator })
    return
  }
  sum.numerator += numerator
  sum.denominator += denominator
}

/** A line per cohort, by name: summed first, divided last, never an average of ratios. */
export function toLines(kpi: Kpi, sums: Sums): Line[] {
  return [...sums.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cohort, sum]) => ({ cohort, ...sum, value: figureOf(kpi, sum) }))
}

const PER_THOUSAND = 1000

/** The figure of two sums. */
export function figureOf(
  { denominator: below, unit }: Kpi,
  { numerator, denominator }: { numerator: number; denominator: number },
): number | null {
  if (below === null) return numerator
  if (denominator === 0) return null
  return (numerator / denominator) * (unit === 'per-thousand' ? PER_THOUSAND : 1)
}
