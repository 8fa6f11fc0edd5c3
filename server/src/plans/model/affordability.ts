import { currencyExponent } from '@dunlin/kernel'
import { larger } from './amounts.ts'
import { EXPENSES, type Expense, type Norms } from './solutions.ts'

/** A month of the borrower's household, in minor units. */
export type Household = {
  readonly adults: number
  readonly children: number
  readonly incomeMinor: bigint
  readonly expensesMinor: Readonly<Record<Expense, bigint>>
  readonly otherDebtsMinor: bigint
}
export type ExpenseLine = {
  readonly kind: Expense
  readonly statedMinor: bigint
  readonly normMinor: bigint
  /** The larger of both: nobody is asked for what a household of that size needs. */
  readonly countedMinor: bigint
}
export type Assessment = {
  readonly expenses: readonly ExpenseLine[]
  /** Below zero when the expenses exceed the income. */
  readonly surplusMinor: bigint
}

const MONTHS = 12n

/** What a month leaves, each expense counted at what was stated or at the norm, whichever is more. */
export function assessHousehold(household: Household, norms: Norms, currency: string): Assessment {
  const expenses = EXPENSES.map((kind): ExpenseLine => {
    const statedMinor = household.expensesMinor[kind]
    const normMinor = normOf(kind, { household, norms, currency })
    return {
      kind,
      statedMinor,
      normMinor,
      countedMinor: larger(statedMinor, normMinor),
    }
  })
  const spent = expenses.reduce((sum, { countedMinor }) => sum + countedMinor, 0n)
  return { expenses, surplusMinor: household.incomeMinor - spent - household.otherDebtsMinor }
}

/** The essential share of a head's yearly spending, weighed by the household, a month; rounded up to a unit. */
function normOf(
  kind: Expense,
  given: { household: Household; norms: Norms; currency: string },
): bigint {
  const { norms, household, currency } = given
  const { furtherAdultPercent, childPercent } = norms.scale
  const weight =
    100 + furtherAdultPercent * (household.adults - 1) + childPercent * household.children
  const yearlyMinor = BigInt(norms.yearlyMajor[kind]) * 10n ** BigInt(currencyExponent(currency))
  const numerator = yearlyMinor * BigInt(norms.essentialPercent[kind]) * BigInt(weight)
  return divideUp(numerator, MONTHS * 100n * 100n)
}

/** So much of what is left may be asked for a month; nothing when nothing is left. */
export function affordableOf(surplusMinor: bigint, surplusPercent: number): bigint {
  return surplusMinor <= 0n ? 0n : (surplusMinor * BigInt(surplusPercent)) / 100n
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
