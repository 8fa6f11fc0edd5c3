import assert from 'node:assert/strict'
import { test } from 'node:test'
import { required } from '@dunlin/kernel'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { type LedgerEvent, parseLedgerEvent, recordLedgerEvents, refoldDueLoans } from './index.ts'
import { aPortfolio, day, LOANS, load, NOW } from './test-book.ts'

async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  return db
}

function anEvent(given: object): LedgerEvent {
  const parsed = parseLedgerEvent({ effectiveOn: '2026-06-01', ...given })
  assert.ok(parsed.ok)
  return parsed.value
}

async function record(
  db: Awaited<ReturnType<typeof aBook>>,
  loanNo: string,
  events: LedgerEvent[],
) {
  const reactions = createReactions()
  return db.transaction((tx) =>
    recordLedgerEvents({
      tx,
      reactions,
      portfolio: 'main',
      loanNo,
      events,
      source: 'api',
      at: NOW,
    }),
  )
}

async function loanOf(db: Awaited<ReturnType<typeof aBook>>, loanNo: string) {
  const [row] = await db.query<Record<string, string | null>>(
    'select * from loan where loan_no = $1',
    [loanNo],
  )
  return required(row, loanNo)
}

test('a payment folds the loan at once and is told', async () => {
  const db = await aBook()
  const paid = await record(db, 'L3', [anEvent({ kind: 'paid', id: 'p1', amountMinor: 20_000 })])
  assert.ok(paid.ok && paid.value.recorded === 1)
  const loan = await loanOf(db, 'L3')
  assert.deepEqual(
    [loan.ages_from_on, loan.arrears_principal_minor, loan.outstanding_minor],
    [null, '0', '180000'],
  )
  const told = await db.query<{ event: string }>(
    `select event from outbox where event not in ('borrower.added', 'contact-point.added') order by outbox_id`,
  )
  assert.deepEqual(
    told.map(({ event }) => event),
    ['payment.recorded', 'loan.changed'],
  )
})

test('the same event again is one event; other content under its number is refused', async () => {
  const db = await aBook()
  const payment = anEvent({ kind: 'paid', id: 'p1', amountMinor: 100 })
  await record(db, 'L3', [payment])
  const again = await record(db, 'L3', [payment])
  assert.ok(again.ok && again.value.recorded === 0)
  const other = await record(db, 'L3', [anEvent({ kind: 'paid', id: 'p1', amountMinor: 200 })])
  assert.ok(!other.ok && other.refusal.code === 'ledger.event_conflict')
  const unknown = await record(db, 'L999', [payment])
  assert.ok(!unknown.ok && unknown.refusal.code === 'ledger.unknown_loan')
})

test('a reversal brings back what the payment had cured', async () => {
  const db = await aBook()
  const before = await loanOf(db, 'L3')
  await record(db, 'L3', [anEvent({ kind: 'paid', id: 'p1', amountMinor: 20_000 })])
  await record(db, 'L3', [anEvent({ kind: 'reversed', id: 'r1', reverses: 'p1' })])
  const after = await loanOf(db, 'L3')
  assert.deepEqual(
    [after.ages_from_on, after.arrears_principal_minor],
    [before.ages_from_on, before.arrears_principal_minor],
  )
})

test('the import’s set-based fold equals the ledger’s', async () => {
  const db = await aBook()
  const columns = `loan_no, status, oldest_unpaid_due_on, ages_from_on, held_dpd, arrears_principal_minor, arrears_interest_minor,
    arrears_fee_minor, arrears_penalty_minor, outstanding_minor, credit_minor, next_due_on, next_due_minor`
  const imported = await db.query(`select ${columns} from loan order by 1`)
  await db.run(`update loan set next_change_on = '2026-05-31'`)
  assert.equal(await refoldDueLoans(db, day('2026-05-31')), 4)
  assert.deepEqual(await db.query(`select ${columns} from loan order by 1`), imported)
})

test('only loans whose day has come are folded', async () => {
  const db = await aBook()
  await load(db, {
    kind: 'schedule',
    text: 'loan_no,seq,due_on,principal\nL2,1,2026-06-10,100\nL2,2,2026-07-10,100\n',
  })
  assert.equal(await refoldDueLoans(db, day('2026-06-01')), 1)
  assert.equal(await refoldDueLoans(db, day('2026-06-10')), 0)
  assert.equal(await refoldDueLoans(db, day('2026-06-11')), 1)
  const loan = await loanOf(db, 'L2')
  assert.deepEqual([loan.ages_from_on, loan.next_change_on], ['2026-06-10', '2026-07-11'])
  const lines = await db.query('select seq, due_on, outstanding_minor from instalment order by seq')
  assert.equal(lines.length, 2)
})
