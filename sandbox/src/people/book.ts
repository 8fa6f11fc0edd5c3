import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

/** What a borrower knows of the own loan: its number, and where messages about it arrive. */
export type BookLine = {
  readonly loanNo: string
  readonly borrowerNo: string
  readonly phone: string | null
  readonly email: string | null
}

const COLUMNS = {
  loanNo: ['loan_no', '借据号'],
  borrowerNo: ['borrower_no', '客户号'],
  phone: ['phone', '手机号'],
  email: ['email'],
} as const

/** Reads the loans file of a lender (CSV, UTF-8), English or Chinese header. */
export async function readBook(path: string): Promise<readonly BookLine[]> {
  const rows: string[][] = parse(await readFile(path), { bom: true, relaxColumnCount: true })
  const [header = [], ...lines] = rows
  const at = (names: readonly string[]): number =>
    header.findIndex((name) => names.includes(name.trim()))
  const place = {
    loanNo: at(COLUMNS.loanNo),
    borrowerNo: at(COLUMNS.borrowerNo),
    phone: at(COLUMNS.phone),
    email: at(COLUMNS.email),
  }
  if (place.loanNo < 0) throw new Error(`${path}: the first row must name loan_no (借据号)`)
  return lines.map((line) => ({
    loanNo: line[place.loanNo] ?? '',
    borrowerNo: line[place.borrowerNo] ?? line[place.loanNo] ?? '',
    phone: line[place.phone] || null,
    email: line[place.email] || null,
  }))
}
