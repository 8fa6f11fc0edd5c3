import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant } from '@dunlin/kernel'
import { aPortfolio, day, load, NOW } from '../loanbook/test-book.ts'
import { applySettings } from '../people/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { runCycle } from '../strategy/index.ts'
import {
  assignCases,
  listAssignments,
  listDeals,
  listPlacements,
  moveCase,
  placeCases,
  previewDeal,
  recallDue,
  recallPlacement,
  undoDeal,
  undoMove,
} from './index.ts'

const reactions = createReactions()
const CASES = 40
const RULE = {
  ...{ portfolio: 'main', amountBands: [], seed: 1 },
  ...{ byLanguage: false, byStage: false, byMatter: false },
  by: 'manager',
}

/** Forty open cases; three certified agents, one uncertified, one who has left, and one of a listed agency. */
async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  const rows = Array.from({ length: CASES }, (_, i) => `L${i},B${i},某某,100,50,2026-05-20`)
  const head =
    'loan_no,borrower_no,name,principal_outstanding,overdue_principal,oldest_unpaid_due_on'
  await load(db, { kind: 'loans', text: [head, ...rows].join('\n'), asOf: '2026-05-31' })
  await runCycle({ db, reactions, asOf: day('2026-06-01'), at: NOW })
  const certifiedUntil = '2030-01-01'
  const agents = [
    ...['a', 'b', 'c'].map((login) => ({ login, name: login, certifiedUntil, capacity: 12 })),
    { login: 'fresh', name: 'fresh' },
    { login: 'gone', name: 'gone', certifiedUntil, active: false },
    { login: 'outside', name: 'outside', certifiedUntil, agency: 'listed' },
  ]
  const agencies = [
    { name: 'listed', listed: true },
    { name: 'hidden', listed: false },
  ]
  const settings = settingsSchema.parse({ agents, agencies })
  await applySettings(db, settings, { sealer: createTestSealer(), at: NOW })
  return db
}
type Book = Awaited<ReturnType<typeof aBook>>
type Given = Partial<typeof RULE> & { readonly expects?: string }
const tryDeal = (db: Book, rule: Given = {}) =>
  db.transaction((tx) => assignCases({ tx, reactions, at: NOW }, { ...RULE, ...rule }))
async function deal(db: Book, rule: Given = {}) {
  const dealt = await tryDeal(db, rule)
  assert.ok(dealt.ok)
  return dealt.value
}
const place = (db: Book, agency = 'listed', name = 'batch') =>
  db.transaction((tx) =>
    placeCases(
      { tx, reactions, at: NOW },
      {
        ...{ name, agency, portfolio: 'main', recallOn: day('2026-06-10') },
        ...{ stages: null, caseIds: ['1', '2', '3'], by: 'manager' },
      },
    ),
  )

test('cases are dealt evenly within room, to active, certified agents of the lender alone', async () => {
  const db = await aBook()
  const { assigned, left } = await deal(db)
  assert.deepEqual(assigned, [
    { agent: 'a', cases: 12 },
    { agent: 'b', cases: 12 },
    { agent: 'c', cases: 12 },
    { agent: 'outside', cases: 0 },
  ])
  assert.equal(left, CASES - 36)
  assert.equal((await deal(db)).left, 4)
  const told = await db.query(`select 1 from outbox where event = 'case.assigned'`)
  assert.equal(told.length, 36)
})

test('two deals at once give each case to one agent and fill no room twice', async () => {
  const db = await aBook()
  const both = await Promise.all([deal(db), deal(db, { seed: 2 })])
  const given = both.flatMap(({ assigned }) => assigned).reduce((sum, { cases }) => sum + cases, 0)
  assert.equal(given, 36)
  const [most] = await db.query<{ n: number }>(
    `select count(*)::int as n from assignment where to_at is null group by agent_id order by 1 desc limit 1`,
  )
  assert.equal(most?.n, 12)
})

test('a move keeps the history, and nobody without a certificate, or of another house, gets a case', async () => {
  const db = await aBook()
  const move = (agent: string | null, at = NOW) =>
    db.transaction((tx) =>
      moveCase({ tx, reactions, at }, { caseId: '1', agent, reason: 'asked', by: 'lead' }),
    )
  assert.ok((await move('a')).ok)
  assert.ok((await move('b', instant(NOW + 60_000))).ok)
  for (const agent of ['fresh', 'gone', 'outside', 'nobody']) {
    const moved = await move(agent)
    assert.equal(moved.ok ? '' : moved.refusal.code, 'assignment.no_agent', agent)
  }
  const [{ borrower_id: borrowerId = '' } = {}] = await db.query<{ borrower_id: string }>(
    `select borrower_id from collection_case where case_id = 1`,
  )
  const history = await listAssignments(db, { borrowerId, caseId: '1' })
  assert.deepEqual(
    history.map(({ agent, to, by }) => [agent, to === null, by]),
    [
      ['b', true, 'lead'],
      ['a', false, 'lead'],
    ],
  )
  assert.ok((await move(null, instant(NOW + 120_000))).ok)
  assert.deepEqual(await db.query('select 1 from assignment where to_at is null'), [])
  const [last] = await listAssignments(db, { borrowerId, caseId: '1' })
  assert.deepEqual(
    [last?.agent, last?.reason],
    [null, 'asked'],
    'who gave it back, and why, is kept',
  )
})

test('a move is undone to whoever had the case before, once, and not after something else happened to it', async () => {
  const db = await aBook()
  const at = (minute: number) => instant(NOW + minute * 60_000)
  const change = { caseId: '1', reason: 'asked', by: 'lead' }
  for (const [minute, agent] of ['a', 'b'].entries())
    await db.transaction((tx) => moveCase({ tx, reactions, at: at(minute) }, { ...change, agent }))
  const newest = async () => {
    const rows = await db.query<{ id: string; login: string | null }>(
      `select assignment_id as id, login from assignment left join agent using (agent_id) order by 1 desc`,
    )
    return rows
  }
  const undo = (moveId: string, minute: number) =>
    db.transaction((tx) =>
      undoMove({ tx, reactions, at: at(minute) }, { moveId, reason: 'mistake', by: 'lead' }),
    )
  const [second, first] = await newest()
  const early = await undo(first?.id ?? '', 2)
  assert.equal(early.ok ? '' : early.refusal.code, 'assignment.moved_since')
  assert.ok((await undo(second?.id ?? '', 3)).ok)
  const [now] = await newest()
  assert.equal(now?.login, 'a')
  const again = await undo(second?.id ?? '', 4)
  assert.equal(again.ok ? '' : again.refusal.code, 'assignment.moved_since')
  assert.equal((await newest()).length, 3, 'an undoing is a move of its own: nothing is deleted')
})

test('a preview keeps nothing; the deal does what it showed, or nothing once the book changed', async () => {
  const db = await aBook()
  const shown = await previewDeal(db, { rule: RULE, at: NOW })
  assert.deepEqual(await db.query('select 1 from assignment'), [])
  assert.deepEqual(
    shown.strata.map(({ cases, left, shares }) => [cases, left, shares]),
    [[40, 4, [12, 12, 12, 0]]],
  )
  const expects = shown.digest
  await db.run(`update agent set capacity = 13 where login = 'a'`)
  const refused = await tryDeal(db, { expects })
  assert.equal(refused.ok ? '' : refused.refusal.code, 'assignment.book_changed')
  assert.deepEqual(await db.query('select 1 from assignment'), [])
  await db.run(`update agent set capacity = 12 where login = 'a'`)
  const { dealId } = await deal(db, { expects })
  const [kept] = await listDeals(db, { before: null, limit: 10 })
  assert.deepEqual(
    [kept?.id, kept?.seed, kept?.digest, kept?.cases, kept?.left, kept?.held],
    [dealId, 1, expects, 36, 4, 36],
  )
})

test('a deal undone leaves where they are the cases that moved since', async () => {
  const db = await aBook()
  const { dealId } = await deal(db)
  const [own] = await db.query<{ case_id: string }>(
    `select case_id from assignment join agent using (agent_id) where login = 'a' limit 1`,
  )
  const caseId = own?.case_id ?? ''
  const later = instant(NOW + 60_000)
  await db.transaction((tx) =>
    moveCase({ tx, reactions, at: later }, { caseId, agent: 'b', reason: 'asked', by: 'lead' }),
  )
  const undo = () =>
    db.transaction((tx) =>
      undoDeal({ tx, reactions, at: later }, { dealId, reason: 'wrong bands', by: 'boss' }),
    )
  const undone = await undo()
  assert.deepEqual(undone.ok && undone.value.cases, 35)
  const open = await db.query<{ case_id: string; login: string }>(
    `select case_id, login from assignment join agent using (agent_id) where to_at is null`,
  )
  assert.deepEqual(open, [{ case_id: caseId, login: 'b' }])
  const twice = await undo()
  assert.equal(twice.ok ? '' : twice.refusal.code, 'assignment.undone')
})

test('a case that is held for hardship goes to those who know hardship; a closed case takes no room', async () => {
  const db = await aBook()
  await db.run(`update agent set skills = '{hardship}' where login = 'b'`)
  await db.run(
    `insert into hold (borrower_id, kind, from_at, reason, source, recorded_at)
     select borrower_id, 'hardship', $1::timestamptz - interval '1 day', 'test', 'test', $1 from collection_case where case_id <= 3`,
    [new Date(NOW).toISOString()],
  )
  await deal(db, { byMatter: true })
  const held = await db.query<{ login: string }>(
    `select distinct login from assignment join agent using (agent_id) where case_id <= 3`,
  )
  assert.deepEqual(held, [{ login: 'b' }])
  await db.run(
    `update collection_case c set state = 'closed', closed_on = '2026-06-01', close_reason = 'cured'
     from assignment s join agent using (agent_id) where login = 'a' and s.borrower_id = c.borrower_id and s.case_id = c.case_id`,
  )
  const { assigned } = await deal(db)
  assert.ok((assigned.find(({ agent }) => agent === 'a')?.cases ?? 0) > 0)
})

test('a placed case is worked by the agency’s agents alone, until its day, and is then nobody’s', async () => {
  const db = await aBook()
  await deal(db)
  const refused = await place(db, 'hidden')
  assert.equal(refused.ok ? '' : refused.refusal.code, 'placement.agency_not_listed')
  const placed = await place(db)
  assert.deepEqual(placed.ok && placed.value.cases, 3)
  const again = await place(db, 'listed', 'other')
  assert.deepEqual(again.ok && again.value.cases, 0, 'a case is in one placement at a time')
  const { assigned } = await deal(db)
  assert.deepEqual(assigned.at(-1), { agent: 'outside', cases: 3 })
  const recall = (at: number) =>
    db.transaction((tx) => recallDue({ tx, reactions, at: instant(at) }))
  assert.equal(await recall(Date.UTC(2026, 5, 9, 15, 59)), 0)
  // Midnight of the tenth in Shanghai.
  assert.equal(await recall(Date.UTC(2026, 5, 9, 16)), 2)
  const rows = await listPlacements(db, 10)
  assert.deepEqual(
    rows.map(({ name, cases, open, placedMinor }) => [name, cases, open, placedMinor]),
    [
      ['other', 0, 0, 0],
      ['batch', 3, 0, 15_000],
    ],
  )
  const late = await db.transaction((tx) =>
    recallPlacement({ tx, reactions, at: NOW }, { placementId: rows[1]?.id ?? '', reason: 'x' }),
  )
  assert.equal(late.ok ? '' : late.refusal.code, 'placement.not_open')
})
