import { type EpochDay, formatLocalDate, maskEmail, maskPhone, zoneNamed } from '@dunlin/kernel'
import { RowError } from './import-error.ts'
import type { ImportRun } from './import-run.ts'
import { IMPORT_LIMITS } from './limits.ts'
import {
  amountOf,
  bad,
  dateOf,
  emailOf,
  phoneOf,
  requiredText,
  textOf,
  wholeOf,
} from './parse-fields.ts'
import type { Row } from './row.ts'

const DAY_MS = 86_400_000

/** A row of a loans file, checked. Amounts in minor units of the portfolio's currency. */
export type LoanRow = {
  readonly line: number
  readonly loanNo: string
  readonly borrowerNo: string
  readonly name: string
  readonly idNo: string
  readonly phone: string | null
  readonly email: string | null
  readonly region: string
  readonly zones: readonly string[]
  readonly language: string
  readonly productId: string | null
  readonly isPlainProduct: boolean
  readonly asOf: EpochDay
  readonly principalOutstanding: bigint
  readonly overdue: { principal: bigint; interest: bigint; penalty: bigint; fee: bigint }
  readonly oldestUnpaidDueOn: EpochDay | null
  readonly disbursedOn: EpochDay | null
  readonly maturityOn: EpochDay | null
  readonly instalmentsTotal: number | null
  readonly instalmentsPaid: number | null
}

/** Reads and checks one row; throws a RowError that names the column. */
export function readLoan(run: ImportRun, row: Row): LoanRow {
  const { portfolio } = run
  const { currency } = portfolio
  const stated = textOf(row, 'currency')
  if (stated !== '' && stated !== currency) {
    throw bad('currency', stated, `is not the portfolio's ${currency}`)
  }
  const amount = (column: string) => amountOf(row, column, currency) ?? 0n
  const principalOutstanding = amountOf(row, 'principal_outstanding', currency)
  if (principalOutstanding === null) throw bad('principal_outstanding', '', 'is required')
  const asOf = dateOf(row, 'as_of') ?? run.asOf
  if (asOf === null) throw bad('as_of', '', 'is required, as a column or as --as-of')
  // A snapshot of a far day would make every later file an older one.
  if (asOf > Math.floor(run.at / DAY_MS) + IMPORT_LIMITS.aheadDays) {
    throw bad('as_of', formatLocalDate(asOf), 'lies in the future')
  }
  const loan: LoanRow = {
    line: row.line,
    loanNo: requiredText(row, 'loan_no'),
    borrowerNo: requiredText(row, 'borrower_no'),
    name: requiredText(row, 'name'),
    idNo: textOf(row, 'id_no').toUpperCase(),
    phone: phoneOf(textOf(row, 'phone'), 'phone', portfolio.country),
    email: emailOf(textOf(row, 'email'), 'email'),
    region: textOf(row, 'region'),
    zones: zonesOf(row, portfolio.zones),
    language: languageOf(row, portfolio.language),
    ...productOf(row, portfolio.products),
    asOf,
    principalOutstanding,
    overdue: {
      principal: amount('overdue_principal'),
      interest: amount('overdue_interest'),
      penalty: amount('overdue_penalty'),
      fee: amount('fees'),
    },
    oldestUnpaidDueOn: dateOf(row, 'oldest_unpaid_due_on'),
    disbursedOn: dateOf(row, 'disbursed_on'),
    maturityOn: dateOf(row, 'maturity_on'),
    instalmentsTotal: wholeOf(row, 'instalments_total'),
    instalmentsPaid: wholeOf(row, 'instalments_paid'),
  }
  return refuseMismatch(loan)
}

/** Late without an amount, or an amount without a date, is no state a loan can be in (rulings 19). */
function refuseMismatch(loan: LoanRow): LoanRow {
  const { principal, interest, penalty, fee } = loan.overdue
  const isOwing = principal + interest + penalty + fee > 0n
  const oldest = loan.oldestUnpaidDueOn
  if (isOwing !== (oldest !== null)) {
    throw new RowError({
      code: 'import.overdue_mismatch',
      column: 'oldest_unpaid_due_on',
      value: oldest === null ? '' : formatLocalDate(oldest),
      reason:
        'oldest_unpaid_due_on and a positive overdue amount or fee come together or not at all',
    })
  }
  if (oldest !== null && oldest > loan.asOf) {
    throw bad('oldest_unpaid_due_on', formatLocalDate(oldest), 'is later than as_of')
  }
  return loan
}

/** The hash material of a person, and of the whole row: the same material is the same state. */
export function materialOf(loan: LoanRow): { person: string; row: string } {
  const { overdue } = loan
  const person = [loan.name, loan.idNo, loan.region, loan.zones.join(' '), loan.language].join(
    '\u001f',
  )
  const row = [
    person,
    loan.borrowerNo,
    loan.phone,
    loan.email,
    loan.productId,
    loan.asOf,
    loan.principalOutstanding,
    overdue.principal,
    overdue.interest,
    overdue.penalty,
    overdue.fee,
    loan.oldestUnpaidDueOn,
    loan.disbursedOn,
    loan.maturityOn,
    loan.instalmentsTotal,
    loan.instalmentsPaid,
  ].join('\u001f')
  return { person, row }
}

export function maskPoint(kind: 'phone' | 'email', value: string): string {
  return kind === 'phone' ? maskPhone(value) : maskEmail(value)
}

function zonesOf(row: Row, fallback: readonly string[]): readonly string[] {
  const text = textOf(row, 'zone')
  if (text === '') return fallback
  const names = text.split(/[\s;|]+/)
  const wrong = names.find((name) => zoneNamed(name) === null)
  if (wrong !== undefined) throw bad('zone', wrong, 'is no IANA time zone such as Asia/Shanghai')
  return names
}

function languageOf(row: Row, fallback: string): string {
  const text = textOf(row, 'language')
  if (text === '') return fallback
  if (text === 'zh' || text === 'zh-CN') return 'zh-CN'
  if (text === 'en' || text.startsWith('en-')) return 'en'
  throw bad('language', text, 'is not one of zh-CN, en')
}

function productOf(
  row: Row,
  products: ImportRun['portfolio']['products'],
): { productId: string | null; isPlainProduct: boolean } {
  const name = textOf(row, 'product')
  if (name === '') return { productId: null, isPlainProduct: true }
  const product = products.get(name)
  if (product === undefined) {
    const known = [...products.keys()].join(', ') || 'none'
    throw bad(
      'product',
      name,
      `is no product of the portfolio (${known}): add it with dunlin apply`,
    )
  }
  return { productId: product.productId, isPlainProduct: product.isPlain }
}
