import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPortfolio, day, LOANS, load, NOW } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { runCycle } from './index.ts'

async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  return db
}
type Book = Awaited<ReturnType<typeof aBook>>

const cycle = (db: Book, asOf: string) =>
  runCycle({ db, reactions: createReactions(), asOf: day(asOf), at: NOW })

test('an overdue row becomes a case and a planned attempt at the borrower’s own time', async () => {
  const db = await aBook()
  const summary = await cycle(db, '2026-05-31')
  assert.deepEqual(summary.cases, { opened: 2, updated: 0, cured: 0, closed: 0 })
  assert.deepEqual(summary.planned, { 'S1 sms': 1, 'M2 sms': 1 })
  const attempts = await db.query<{ due_at: string; step: string; state: string }>(
    'select due_at::text, step, state from attempt order by step',
  )
  assert.deepEqual(attempts, [
    { due_at: '2026-05-31 03:00:00+00', step: 'm2-52-sms', state: 'planned' },
    { due_at: '2026-05-31 07:00:00+00', step: 's1-6-sms', state: 'planned' },
  ])
})

test('the same day again plans nothing; the next due day plans the next step', async () => {
  const db = await aBook()
  await cycle(db, '2026-05-31')
  const again = await cycle(db, '2026-05-31')
  assert.deepEqual([again.looked, again.planned], [0, {}])
  assert.deepEqual((await cycle(db, '2026-06-03')).planned, { 'M3 email': 1, 'M3 sms': 1 })
  assert.deepEqual((await cycle(db, '2026-06-03')).planned, {})
  assert.deepEqual((await cycle(db, '2026-06-04')).planned, { 'S1 sms': 1 })
})

test('a case that moves to a stage says so once', async () => {
  const db = await aBook()
  await cycle(db, '2026-05-31')
  await cycle(db, '2026-06-05')
  const told = await db.query<{ payload: { from: string | null; to: string } }>(
    `select payload from outbox where event = 'case.staged'`,
  )
  assert.deepEqual(told.map(({ payload }) => `${payload.from} ${payload.to}`).sort(), [
    'M2 M3',
    'S1 S2',
    'null M2',
    'null S1',
  ])
})

test('a step without a contact point is counted, not planned', async () => {
  const db = await aBook()
  await db.run('delete from contact_point')
  const summary = await cycle(db, '2026-05-31')
  assert.equal(summary.unreachable, 2)
  assert.deepEqual(await db.query('select * from attempt'), [])
})
