import type { Database } from '../../server/src/platform/db/index.ts'
import { type BenchServer, timed, warm, withBenchServer, withDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { memoryLine } from './book/memory-line.ts'
import { seedCases } from './book/seed-cases.ts'
import { startJob } from './book/start-job.ts'
import { tell } from './progress.ts'

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
  tell(`cycle: making ${cases} cases`)
  await withDatabase(await server.create('book'), (db) => seedCases(db, { cases, due }))
  const floor = await withDatabase(await prepared(server, 'floor'), (db) =>
    timed(() => floorCycle(db)),
  )
  tell(`the floor of cycle took ${floor.toFixed(1)} s`)
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

/** A copy of the book with every page of it in memory, so that no measured work, ours or the floor's, pays for a cold disk. */
async function prepared(server: BenchServer, name: string): Promise<string> {
  const url = await server.clone('book', name)
  await withDatabase(url, warm)
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

/** Leaves so many cases due today; the others come tomorrow. */
async function postpone(db: Database, due: number): Promise<void> {
  await db.run(
    `update collection_case set next_step_on = '2026-06-02' where next_step_on = '2026-06-01' and borrower_id >= (
       select borrower_id from collection_case where next_step_on = '2026-06-01' order by borrower_id offset $1 limit 1)`,
    [due],
  )
  await db.run('vacuum (analyze)')
}
