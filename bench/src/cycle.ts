import type { Database } from '../../server/src/platform/db/index.ts'
import { type BenchServer, timed, withBenchServer, withDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { insertPortfolio } from './book/insert-portfolio.ts'
import { memoryLine } from './book/memory-line.ts'
import { startJob } from './book/start-job.ts'

const CASES = 1_000_000
const DUE_SHARE = 0.3
const DUE_SMALL_SHARE = 0.01
const FLOOR_RATIO_MAX = 3
const SMALL_RATIO_MAX = 0.1

/**
 * A day's cycle over one million open cases of which 300,000 are due, beside one UPDATE and one
 * INSERT … SELECT over the same rows; then the same book with 10,000 due.
 */
export function benchCycle({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  return withBenchServer((server) => measure(server, quick ? CASES / 10 : CASES))
}

async function measure(server: BenchServer, cases: number): Promise<BenchLine[]> {
  const due = cases * DUE_SHARE
  const dueSmall = cases * DUE_SMALL_SHARE
  await withDatabase(await server.create('book'), (db) => seed(db, { cases, due }))
  const floor = await withDatabase(await server.clone('book', 'floor'), (db) =>
    timed(() => floorCycle(db)),
  )
  await server.drop('floor')
  const whole = await startJob('cycle', await prepared(server, 'whole'))
  await refuseOther(await server.clone('whole', 'counted'), due)
  const url = await prepared(server, 'small')
  await withDatabase(url, (db) => postpone(db, dueSmall))
  const small = await startJob('cycle', url)
  await refuseOther(url, dueSmall)
  return [
    {
      name: 'cycle',
      value: Math.round(due / whole.seconds),
      unit: 'due cases/s',
      peer: 'one UPDATE and one INSERT … SELECT over the same cases (floor)',
      peerValue: Math.round(due / floor),
      ratio: whole.seconds / floor,
      bar: `<= ${FLOOR_RATIO_MAX} x the floor's time`,
      met: whole.seconds <= FLOOR_RATIO_MAX * floor,
    },
    {
      name: 'cycle-small',
      value: small.seconds,
      unit: 's',
      peer: 'the cycle with thirty times the work',
      peerValue: whole.seconds,
      ratio: small.seconds / whole.seconds,
      bar: `<= ${SMALL_RATIO_MAX} x`,
      met: small.seconds <= SMALL_RATIO_MAX * whole.seconds,
    },
    memoryLine('cycle', whole.megabytes),
  ]
}

/** A copy of the book, read once so that no measured job pays for a cold disk. */
async function prepared(server: BenchServer, name: string): Promise<string> {
  const url = await server.clone('book', name)
  await withDatabase(url, (db) =>
    db.run('select count(*) from collection_case, lateral (select 1) x'),
  )
  return url
}

async function refuseOther(url: string, expected: number): Promise<void> {
  const [row] = await withDatabase(url, (db) =>
    db.query<{ count: number }>('select count(*)::integer as count from attempt'),
  )
  if (row?.count !== expected) throw new Error(`${row?.count} of ${expected} attempts were planned`)
}

/** The least a cycle must write: the next step of every due case, and an attempt at its contact point. */
async function floorCycle(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(
      `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
         template, step, state, due_at, actor_kind)
       select c.borrower_id, '2026-06-01', c.case_id, c.portfolio_id, p.contact_point_id, 'sms', 'outbound', 'collect',
         'cn-s2-sms', 's2-14-sms', 'planned', '2026-06-01 03:00+00', 'robot'
       from collection_case c join contact_point p using (borrower_id)
       where c.state = 'open' and c.next_step_on <= '2026-06-01' and p.kind = 'phone'`,
    )
    await tx.run(
      `update collection_case set noted_stage = 'S2', next_step = 's2-18-sms', next_step_on = '2026-06-05',
         last_step = 's2-14-sms', last_step_on = '2026-06-01'
       where state = 'open' and next_step_on <= '2026-06-01'`,
    )
  })
}

/** One borrower, phone, loan and open case each; the due ones are 14 days late today. */
async function seed(db: Database, { cases, due }: { cases: number; due: number }): Promise<void> {
  await insertPortfolio(db)
  await db.run(`select ensure_month_partitions('attempt', '2026-05-01', '2026-07-31')`)
  await db.run(
    `insert into borrower (lender, borrower_no, sealed, key_salt, person_hash, country, zones, language)
     select '示例消费金融', n, decode(repeat(md5(n::text), 2), 'hex'), decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'),
       'CN', '{Asia/Shanghai}', 'zh-CN' from generate_series(1, $1::integer) n`,
    [cases],
  )
  await db.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select borrower_id, 'phone', decode(repeat(md5(borrower_id::text), 2), 'hex'), decode(md5(borrower_id::text), 'hex'),
       '199****1234', 'contract' from borrower`,
  )
  const lateSince = `date '2026-06-01' - case when borrower_id % 10 < $1 then 14 else 15 + (borrower_id % 3)::integer end`
  await db.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency, status, ages_from_on, oldest_unpaid_due_on,
       arrears_principal_minor, outstanding_minor, needs_sync)
     select borrower_id, 1, 'L' || borrower_id, 'CNY', 'overdue', ${lateSince}, ${lateSince}, 12345, 99999, false from borrower`,
    [(due / cases) * 10],
  )
  await db.run(
    `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, arrears_minor,
       noted_stage, last_step, last_step_on, next_step, next_step_on)
     select borrower_id, 1, '示例消费金融', 'CNY', 'open', '2026-05-17', ages_from_on, 12345, 'S2', 's2-11-email', '2026-05-29',
       's2-14-sms', case when ages_from_on = date '2026-05-18' then date '2026-06-01' else date '2026-06-02' end
     from loan`,
  )
  await db.run('vacuum (analyze)')
}

/** Leaves so many cases due today; the others come tomorrow. */
async function postpone(db: Database, due: number): Promise<void> {
  await db.run(
    `update collection_case set next_step_on = '2026-06-02' where next_step_on = '2026-06-01' and borrower_id >= (
       select borrower_id from collection_case where next_step_on = '2026-06-01' order by borrower_id offset $1 limit 1)`,
    [due],
  )
  await db.run('vacuum (analyze)')
}
