import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLocalDate, required } from '@dunlin/kernel'
import { DEFAULT_STAGES, dpdOn, foldLoan, stageOf } from '../../server/src/loanbook/index.ts'
import { readEvents } from '../../server/src/loanbook/ledger-store.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { countTransitions } from './count-transitions.ts'
import { aRealBook, dataFile, loadReal, missing } from './real-book.ts'

const FILE = 'uci_credit_default.train.csv.gz'
const BORROWERS = 23_897
const MONTHS = [
  { month: 'PAY_6', asOf: '2005-04-30' },
  { month: 'PAY_5', asOf: '2005-05-31' },
  { month: 'PAY_4', asOf: '2005-06-30' },
  { month: 'PAY_3', asOf: '2005-07-31' },
  { month: 'PAY_2', asOf: '2005-08-31' },
  { month: 'PAY_0', asOf: '2005-09-30' },
] as const

test('six monthly snapshots give the stage transitions that the file itself shows', {
  skip: await missing(FILE),
}, async () => {
  const db = await aRealBook()
  const seen: Map<string, string>[] = []
  for (const [index, { asOf }] of MONTHS.entries()) {
    const summary = await load(db, asOf)
    const { read, created, changed, rejected } = summary
    const expected = index === 0 ? [BORROWERS, BORROWERS, 0, 0] : [BORROWERS, 0, BORROWERS, 0]
    assert.deepEqual([read, created, changed, rejected], expected, asOf)
    seen.push(await stagesStored(db, asOf))
  }
  const stated = await countTransitions(dataFile(FILE))
  assert.deepEqual(transitions(seen), stated)
  assert.deepEqual(transitions(await stagesFolded(db)), stated)
})

function load(db: Database, asOf: string) {
  const map = `uci-${asOf.slice(0, 7)}.yaml`
  return loadReal(db, { kind: 'loans', file: FILE, map, portfolio: 'cards' })
}

/** The stage that the loan row tells right after its snapshot. */
async function stagesStored(db: Database, asOf: string): Promise<Map<string, string>> {
  const day = required(parseLocalDate(asOf), asOf)
  const rows = await db.query<{
    loan_id: string
    ages_from_on: string | null
    held: number | null
  }>('select loan_id, ages_from_on, held_dpd as held from loan')
  return new Map(
    rows.map(({ loan_id, ages_from_on, held }) => {
      const agesFromOn = ages_from_on === null ? null : parseLocalDate(ages_from_on)
      return [loan_id, named(dpdOn({ agesFromOn, heldDpd: held }, day))]
    }),
  )
}

/** The stages of all months, folded anew from all the stored events. */
async function stagesFolded(db: Database): Promise<Map<string, string>[]> {
  const keys = await db.query<{ borrower_id: string; loan_id: string }>(
    'select borrower_id, loan_id from loan',
  )
  const loans = await db.transaction((tx) =>
    readEvents(
      tx,
      keys.map((key) => ({ borrowerId: key.borrower_id, loanId: key.loan_id })),
    ),
  )
  return MONTHS.map(({ asOf }) => {
    const day = required(parseLocalDate(asOf), asOf)
    return new Map(
      loans.map(({ loanId, product, events }) => [
        loanId,
        named(foldLoan({ product, events, asOf: day }).dpd),
      ]),
    )
  })
}

function named(dpd: number): string {
  return stageOf({ stages: DEFAULT_STAGES }, dpd) ?? 'current'
}

function transitions(months: readonly Map<string, string>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [index, { month }] of MONTHS.slice(0, -1).entries()) {
    for (const [loanId, from] of months[index] ?? []) {
      const key = `${month} ${from} ${months[index + 1]?.get(loanId)}`
      counts[key] = (counts[key] ?? 0) + 1
    }
  }
  return counts
}
