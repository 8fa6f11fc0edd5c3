import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type EpochDay, localDate, required } from '@dunlin/kernel'
import { foldLoan } from '../../server/src/loanbook/index.ts'
import { type LoanKey, readEvents } from '../../server/src/loanbook/ledger-store.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { aRealBook, dataFile, loadReal, missing } from './real-book.ts'

const FILE = 'ibm_ar.train.csv.gz'
const INVOICES = 1_930

test('the days late of every settled invoice are those the file states', {
  skip: await missing(FILE),
}, async () => {
  const db = await aRealBook()
  for (const kind of ['loans', 'schedule', 'ledger'] as const) {
    const summary = await load(db, kind)
    assert.deepEqual([summary.read, summary.created, summary.rejected], [INVOICES, INVOICES, 0])
  }
  const stated = await readStated()
  const computed = await computeDaysLate(db, stated)
  const differing = [...stated].filter(([no, { daysLate }]) => computed.get(no) !== daysLate)
  assert.deepEqual([computed.size, differing], [INVOICES, []])
  for (const kind of ['loans', 'schedule', 'ledger'] as const) {
    assert.equal((await load(db, kind)).unchanged, INVOICES, `${kind} again changes nothing`)
  }
})

function load(db: Database, kind: 'loans' | 'schedule' | 'ledger') {
  return loadReal(db, { kind, file: FILE, map: `ibm-ar-${kind}.yaml`, portfolio: 'invoices' })
}

type Stated = { readonly settledOn: EpochDay; readonly daysLate: number }

async function readStated(): Promise<Map<string, Stated>> {
  const text = gunzipSync(await readFile(dataFile(FILE))).toString()
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  const names = head.split(',')
  return new Map(
    lines.map((line) => {
      const cells = line.split(',')
      const cell = (name: string) => required(cells[names.indexOf(name)], name)
      const [month = 0, day = 0, year = 0] = cell('SettledDate').split('/').map(Number)
      const settledOn = required(localDate(year, month, day), line)
      return [cell('invoiceNumber'), { settledOn, daysLate: Number(cell('DaysLate')) }]
    }),
  )
}

/** Each invoice folded from its stored events at the close of its settlement day. */
async function computeDaysLate(
  db: Database,
  stated: ReadonlyMap<string, Stated>,
): Promise<Map<string, number>> {
  const rows = await db.query<{ borrower_id: string; loan_id: string; loan_no: string }>(
    'select borrower_id, loan_id, loan_no from loan',
  )
  const numbers = new Map(rows.map((row) => [row.loan_id, row.loan_no]))
  const keys: LoanKey[] = rows.map((row) => ({ borrowerId: row.borrower_id, loanId: row.loan_id }))
  const loans = await db.transaction((tx) => readEvents(tx, keys))
  return new Map(
    loans.map(({ loanId, product, events }) => {
      const no = required(numbers.get(loanId), loanId)
      const { settledOn } = required(stated.get(no), no)
      const { lines } = foldLoan({ product, events, asOf: settledOn })
      const [line] = lines.filter(({ seq }) => seq === 1)
      return [no, required(line, no).daysLate]
    }),
  )
}
