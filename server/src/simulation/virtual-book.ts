import {
  addDays,
  addMonths,
  type EpochDay,
  formatLocalDate,
  randomInt,
  seededRandom,
} from '@dunlin/kernel'

/** A made-up book whose instalments fall due over the days of a simulation. */
export type VirtualBook = {
  readonly loans: string
  readonly schedule: string
  /** Due days of each loan, by loan number. */
  readonly dues: ReadonlyMap<string, readonly EpochDay[]>
}

const LOANS =
  'loan_no,borrower_no,name,phone,email,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of'
const INSTALMENTS = 6
const SPREAD_DAYS = 30
const INTEREST_SHARE = 0.12

/** One loan a borrower, six monthly instalments, the first within a month. The same seed gives the same book. */
export function virtualBook(given: {
  borrowers: number
  seed: number
  startOn: EpochDay
}): VirtualBook {
  const random = seededRandom(given.seed)
  const asOf = formatLocalDate(given.startOn)
  const loans = [LOANS]
  const schedule = ['loan_no,seq,due_on,principal,interest']
  const dues = new Map<string, EpochDay[]>()
  for (let index = 1; index <= given.borrowers; index += 1) {
    const part = randomInt(random, 2, 40) * 50
    const principal = part * INSTALMENTS
    const phone = `1990${String(index).padStart(7, '0')}`
    loans.push(
      `V${index},B${index},借款人,${phone},b${index}@example.com,${principal}.00,0,0,0,0,,${asOf}`,
    )
    const first = addDays(given.startOn, randomInt(random, 1, SPREAD_DAYS))
    const days = Array.from({ length: INSTALMENTS }, (_, month) => addMonths(first, month))
    for (const [month, dueOn] of days.entries()) {
      const interest = (part * INTEREST_SHARE).toFixed(2)
      schedule.push(`V${index},${month + 1},${formatLocalDate(dueOn)},${part}.00,${interest}`)
    }
    dues.set(`V${index}`, days)
  }
  return { loans: `${loans.join('\n')}\n`, schedule: `${schedule.join('\n')}\n`, dues }
}
