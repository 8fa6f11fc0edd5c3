import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aPortfolio, day, LOANS, load, NOW } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { runCycle } from '../strategy/index.ts'
import { KPIS } from './index.ts'
import { COHORTS } from './model/kpi.ts'
import { listBehind, readReport } from './read-report.ts'

const db = await openTestDatabase()
await aPortfolio(db)
await load(db, { kind: 'loans', text: LOANS })
await load(db, {
  kind: 'schedule',
  text: `loan_no,seq,due_on,principal
L1,1,2026-05-25,300.00
L3,1,2026-06-20,100.00
`,
})
await load(db, {
  kind: 'ledger',
  text: `event_no,loan_no,kind,effective_on,amount,reverses
P1,L1,paid,2026-06-02,100.00,
P2,L3,paid,2026-06-03,50.00,
R2,L3,reversed,2026-06-04,,P2
`,
})
const asOf = day('2026-06-05')
await runCycle({ db, reactions: createReactions(), asOf, at: NOW })
await db.run(`select ensure_month_partitions('attempt', '2026-06-01', '2026-06-30')`)

type Call = { no: string; at: string; line: string; party: string | null; agent?: string }

async function aCall({ no, at, line, party, agent = 'agent1' }: Call): Promise<void> {
  const isEffective = party !== null
  const [row] = await db.query<{ borrower_id: string; attempt_id: string }>(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, channel, direction, purpose, state, at, line,
       is_effective, actor_kind, actor_id)
     select b.borrower_id, $2::timestamptz::date, c.case_id, c.portfolio_id, 'call', 'outbound', 'collect', 'recorded', $2, $3,
       $4, 'agent', $5
     from borrower b join collection_case c using (borrower_id) where b.borrower_no = $1 returning borrower_id, attempt_id`,
    [no, at, line, isEffective, agent],
  )
  if (party === null) return
  await db.run(
    `insert into outcome (borrower_id, attempt_id, line_outcome, party_outcome, recorded_by, recorded_at)
     values ($1, $2, $3, $4, 'test', $5)`,
    [row?.borrower_id ?? '', row?.attempt_id ?? '', line, party, at],
  )
}

async function aPromise(no: string, state: string): Promise<void> {
  await db.run(
    `insert into promise (borrower_id, case_id, amount_minor, currency, due_on, source, state, made_at, made_on, decided_on)
     select b.borrower_id, c.case_id, 10000, 'CNY', '2026-06-04', 'agent', $2, '2026-06-02T02:00:00Z', '2026-06-02',
       case when $2 = 'open' then null else date '2026-06-05' end
     from borrower b join collection_case c using (borrower_id) where b.borrower_no = $1`,
    [no, state],
  )
}

await aCall({ no: 'B1', at: '2026-06-02T02:00:00Z', line: 'connected', party: 'right-party' })
await aCall({ no: 'B1', at: '2026-06-03T02:00:00Z', line: 'no-answer', party: null })
await aCall({ no: 'B2', at: '2026-06-03T03:00:00Z', line: 'connected', party: 'third-party' })
await aCall({ no: 'B2', at: '2026-06-03T04:00:00Z', line: 'busy', party: null, agent: 'agent2' })
// 23:30 in Shanghai on the last day of the period, and one minute into the day after it.
await aCall({ no: 'B2', at: '2026-06-07T15:30:00Z', line: 'no-answer', party: null })
await aCall({ no: 'B2', at: '2026-06-07T16:01:00Z', line: 'connected', party: 'right-party' })
await aPromise('B1', 'kept')
await aPromise('B2', 'broken')
await aPromise('B2', 'open')

const PERIOD = {
  from: day('2026-06-01'),
  to: day('2026-06-07'),
  by: 'none',
  portfolio: null,
} as const

async function figure(name: string): Promise<[number, number] | null> {
  const report = await readReport(db, name, PERIOD)
  return report?.total == null ? null : [report.total.numerator, report.total.denominator]
}

test('calls are counted in the local days of the period, and a relative is no right party', async () => {
  assert.deepEqual(await figure('connection_rate'), [2, 5])
  assert.deepEqual(await figure('rpc_per_connect'), [1, 2])
  assert.deepEqual(await figure('rpc_per_attempt'), [1, 5])
  assert.deepEqual(await figure('ptp_rate'), [3, 1])
})

test('promises that are still open stand outside the kept rate', async () => {
  assert.deepEqual(await figure('kept_rate'), [1, 2])
  assert.deepEqual(await figure('kept_amount'), [10_000, 0])
  assert.deepEqual(await figure('in_ptp'), [1, 0])
})

test('coverage and intensity are over the cases in hand', async () => {
  assert.deepEqual(await figure('coverage_attempt'), [2, 2])
  assert.deepEqual(await figure('coverage_contact'), [2, 2])
  assert.deepEqual(await figure('intensity'), [6, 2])
})

test('a reversed payment is not collected', async () => {
  assert.deepEqual(await figure('collected'), [10_000, 0])
  const recovery = await readReport(db, 'recovery_rate', PERIOD)
  assert.deepEqual(
    recovery?.lines.map(({ cohort, numerator }) => [cohort, numerator]),
    [
      ['M1', 10_000],
      ['M2', 0],
    ],
  )
})

test('a complaint counts once, on the day it was received, over the cases contacted', async () => {
  await db.run(
    `with h as (insert into hold (borrower_id, kind, from_at, reason, source, recorded_at)
       select borrower_id, 'complaint', '2026-06-03', 'x', 'test', '2026-06-03' from borrower where borrower_no = 'B1'
       returning borrower_id, hold_id)
     insert into matter (borrower_id, case_id, kind, channel, raised_by, state, sealed_text, owner, hold_id, received_at,
       received_on, due_on)
     select h.borrower_id, c.case_id, 'complaint', 'call', 'borrower', 'open', '\\x01', 'x', h.hold_id, '2026-06-03',
       '2026-06-03', '2026-06-09' from h join collection_case c using (borrower_id)`,
  )
  const report = await readReport(db, 'complaints_per_1000', PERIOD)
  assert.deepEqual(report?.total, { numerator: 1, denominator: 2, value: 500 })
})

test('what is stored as outstanding equals what the events replay to, to the cent', async () => {
  const report = await readReport(db, 'ledger_reconciliation', { ...PERIOD, to: asOf })
  assert.ok(report !== null && report.lines.length > 0)
  for (const { cohort, numerator, denominator } of report.lines)
    assert.equal(numerator, denominator, cohort)
})

test('a cut by month, agent or channel adds up to the whole, and a portfolio that is not there is empty', async () => {
  const agents = await readReport(db, 'connection_rate', { ...PERIOD, by: 'agent' })
  assert.deepEqual(
    agents?.lines.map((line) => [line.cohort, line.numerator, line.denominator, line.value]),
    [
      ['agent1', 2, 4, 0.5],
      ['agent2', 0, 1, 0],
    ],
  )
  for (const by of COHORTS) {
    const { total } = (await readReport(db, 'connection_rate', { ...PERIOD, by })) ?? {}
    assert.deepEqual(total, { numerator: 2, denominator: 5, value: 0.4 })
  }
  const none = await readReport(db, 'connection_rate', { ...PERIOD, portfolio: 'nope' })
  assert.deepEqual(none?.lines, [])
})

test('the facts behind every number of every report add up to it', async () => {
  let seen = 0
  for (const { name } of KPIS) {
    const report = await readReport(db, name, PERIOD)
    for (const { cohort, ...line } of report?.lines ?? []) {
      for (const part of ['numerator', 'denominator'] as const) {
        const isNumerator = part === 'numerator'
        const page = { afterBorrowerId: '0', limit: 500 }
        const given = { name, period: PERIOD, cohort, isNumerator, page }
        const facts = (await listBehind(db, given)) ?? []
        assert.equal(
          facts.reduce((sum, fact) => sum + fact[part], 0),
          line[part],
          `${name} ${cohort} ${part}`,
        )
        seen += facts.length
      }
    }
  }
  assert.ok(seen > 50, `${seen} facts`)
  assert.equal(await readReport(db, 'no_such_report', PERIOD), null)
})
