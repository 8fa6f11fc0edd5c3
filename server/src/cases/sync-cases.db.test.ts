import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLedgerEvent, recordLedgerEvents, refoldDueLoans } from '../loanbook/index.ts'
import { aPortfolio, day, LOANS, load, NOW } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { endHold, startHold, syncCases, syncDueCases } from './index.ts'

const PRE_DUE = new Map([['1', 3]])

async function aBook(text = LOANS) {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text })
  return db
}
type Book = Awaited<ReturnType<typeof aBook>>

async function sync(db: Book, asOf: string) {
  await refoldDueLoans(db, day(asOf))
  return syncDueCases(db, {
    reactions: createReactions(),
    asOf: day(asOf),
    at: NOW,
    preDue: PRE_DUE,
  })
}

async function cases(db: Book) {
  return db.query<Record<string, string | null>>(
    `select borrower_no, state, close_reason, ages_from_on, arrears_minor, next_step_on, opened_on
     from collection_case join borrower using (borrower_id) order by borrower_no, case_id`,
  )
}

test('one open case per late borrower, over all of the borrower’s loans; again nothing changes', async () => {
  const db = await aBook()
  assert.deepEqual(await sync(db, '2026-06-01'), { opened: 2, updated: 0, cured: 0, closed: 0 })
  const before = await cases(db)
  assert.deepEqual(
    before.map((row) => [row.borrower_no, row.ages_from_on, row.arrears_minor]),
    [
      ['B1', '2026-05-25', '85320'],
      ['B2', '2026-04-01', '20000'],
    ],
  )
  assert.deepEqual(await sync(db, '2026-06-02'), { opened: 0, updated: 0, cured: 0, closed: 0 })
  assert.deepEqual(await cases(db), before)
})

test('a payment cures the case in its own transaction; a reversal opens a new one', async () => {
  const db = await aBook()
  await sync(db, '2026-06-01')
  const reactions = createReactions()
  reactions.on('loan.changed', async (tx, events, at) => {
    const ids = events.map((event) => event.borrowerId)
    await syncCases(tx, ids, { reactions, asOf: day('2026-06-01'), at, preDue: PRE_DUE })
  })
  const record = async (given: object) => {
    const parsed = parseLedgerEvent({ effectiveOn: '2026-06-01', ...given })
    assert.ok(parsed.ok)
    const events = [parsed.value]
    await db.transaction((tx) =>
      recordLedgerEvents({
        tx,
        reactions,
        portfolio: 'main',
        loanNo: 'L3',
        events,
        source: 'api',
        at: NOW,
      }),
    )
  }
  await record({ kind: 'paid', id: 'p1', amountMinor: 20_000 })
  const [, cured] = await cases(db)
  assert.deepEqual(
    [cured?.state, cured?.close_reason, cured?.next_step_on],
    ['closed', 'cured', null],
  )
  await record({ kind: 'reversed', id: 'r1', reverses: 'p1' })
  const states = (await cases(db)).filter((row) => row.borrower_no === 'B2').map((row) => row.state)
  assert.deepEqual(states, ['closed', 'open'])
  const told = await db.query<{ event: string }>(
    `select event from outbox where event like 'case.%' order by outbox_id`,
  )
  assert.deepEqual(
    told.map(({ event }) => event),
    ['case.opened', 'case.opened', 'case.cured', 'case.opened'],
  )
})

test('a case opens on the day its strategy first speaks before a due date, and not before', async () => {
  const db = await aBook(
    LOANS.split('\n')
      .slice(0, 3)
      .join('\n')
      .replace(/L1.*\n/, ''),
  )
  await load(db, { kind: 'schedule', text: 'loan_no,seq,due_on,principal\nL2,1,2026-06-20,100\n' })
  assert.equal((await sync(db, '2026-06-10')).opened, 0)
  assert.equal((await sync(db, '2026-06-16')).opened, 0)
  assert.equal((await sync(db, '2026-06-17')).opened, 1)
  assert.equal((await sync(db, '2026-06-21')).updated, 1)
})

test('the database refuses a second open case', async () => {
  const db = await aBook()
  await sync(db, '2026-06-01')
  const twin = db.run(
    `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on)
     select borrower_id, portfolio_id, lender, currency, 'open', opened_on from collection_case limit 1`,
  )
  await assert.rejects(twin, /collection_case_one_open/)
})

test('a hold starts, ends once, and is kept', async () => {
  const db = await aBook()
  const [borrower] = await db.query<{ borrower_id: string }>(
    'select borrower_id from borrower limit 1',
  )
  const borrowerId = borrower?.borrower_id ?? ''
  const reactions = createReactions()
  const holdId = await db.transaction((tx) =>
    startHold(
      { tx, reactions, at: NOW },
      {
        borrowerId,
        kind: 'dispute',
        scope: {},
        from: NOW,
        to: null,
        reason: 'amount',
        source: 'api',
      },
    ),
  )
  const end = () =>
    db.transaction((tx) => endHold({ tx, reactions, at: NOW }, { borrowerId, holdId }))
  assert.equal(await end(), true)
  assert.equal(await end(), false)
  assert.equal((await db.query('select * from hold')).length, 1)
})
