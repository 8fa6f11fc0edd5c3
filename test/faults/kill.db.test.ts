import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { instant, type Random, randomInt, required, seededRandom } from '@dunlin/kernel'
import { type Smsc, startSmsc } from '../../sandbox/src/index.ts'
import { listUnknown, recoverLost } from '../../server/src/contact/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import { assertKept } from './assert-kept.ts'
import { addBorrowers, aUsPortfolio, CAP, dueCount, NOON } from './fault-book.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

const ROUNDS = Number(process.env.DUNLIN_FAULT_ROUNDS ?? 50)
const SEED = Number(process.env.DUNLIN_FAULT_SEED ?? 20)
const WORKERS = 4
const WINDOW = 4
/** The provider takes its time, so that a kill finds permits on their way. */
const ANSWER_MS = 15
const MOMENT_MAX_MS = 120
const DUE_MIN = 1000
const ATTEMPTS_EACH = CAP + 2
const END_WAIT_MS = 60_000

type Ground = {
  readonly db: Database
  readonly smsc: Smsc
  readonly random: Random
  readonly start: () => WorkerProcess
}

async function ground(): Promise<Ground> {
  const db = await openTestDatabase()
  await aUsPortfolio(db)
  const aheadMs = NOON - Date.now()
  const smsc = await startSmsc({ port: 0, clock: { now: () => instant(Date.now() + aheadMs) } })
  smsc.misbehave({ slowMs: ANSWER_MS })
  after(smsc.close)
  const random = seededRandom(SEED)
  return {
    db,
    smsc,
    random,
    // Clocks of machines differ: each worker is up to two seconds ahead.
    start: () =>
      startWorkerProcess({
        ...{ url: db.url, smppPort: smsc.port, window: WINDOW },
        clockAheadMs: aheadMs + randomInt(random, 0, 2000),
      }),
  }
}

/** Kills one of the workers that are dispatching, at a random moment, and starts another in its place. */
async function killOne({ random, start }: Ground, workers: WorkerProcess[]): Promise<void> {
  const place = randomInt(random, 0, workers.length - 1)
  const victim = required(workers[place], 'a worker')
  await victim.ready
  await wait(randomInt(random, 0, MOMENT_MAX_MS))
  assert.ok(victim.isRunning(), `a worker ended by itself: ${victim.said()}`)
  await victim.kill()
  workers[place] = start()
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + END_WAIT_MS
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await wait(50)
  }
}

test(`kill -9 of a dispatcher, ${ROUNDS} times with four running: nothing is sent twice, lost or over a cap`, async () => {
  const made = await ground()
  const { db, smsc, start } = made
  await addBorrowers(db, { count: 400, attemptsEach: ATTEMPTS_EACH })
  const workers = Array.from({ length: WORKERS }, start)
  after(() => Promise.all(workers.map((worker) => worker.kill())))
  for (let round = 0; round < ROUNDS; round += 1) {
    if ((await dueCount(db)) < DUE_MIN)
      await addBorrowers(db, { count: 400, attemptsEach: ATTEMPTS_EACH })
    await killOne(made, workers)
  }
  await until('all is decided', async () => (await dueCount(db)) === 0)
  const codes = await Promise.all(workers.map((worker) => worker.end()))
  assert.deepEqual(codes, [0, 0, 0, 0])
  await recoverLost(db, { reactions: createReactions(), at: NOON })

  await assertKept(db, smsc.log)
  const lost = await unknownsByWorker(db)
  const total = lost.reduce((sum, { count }) => sum + count, 0)
  assert.ok(lost.length <= ROUNDS, 'only workers that were killed leave unknown fates')
  assert.ok(lost.every(({ count }) => count <= WINDOW))
  assert.equal((await listUnknown(db)).total, total, 'every unknown fate stands in the queue')
  assert.ok(total > 0, 'no kill hit a permit on its way: the test proves nothing')
  // What is unknown counts: with it, everybody has exactly what the cap allows, and no one less.
  const [odd] = await db.query<{ count: number }>(
    `select count(*)::integer from (select borrower_id from attempt where state in ('sent', 'unknown')
     group by 1 having count(*) <> $1) x`,
    [CAP],
  )
  assert.equal(odd?.count, 0)
  await assertEvidenceWhole(db)
  console.log(`kill -9 × ${ROUNDS}: ${smsc.log.summary().accepted} sent, ${total} unknown`)
})

async function unknownsByWorker(db: Database): Promise<{ count: number }[]> {
  return db.query(
    `select count(*)::integer from attempt where state = 'unknown' and reason = 'worker.lost' group by worker_id`,
  )
}

async function assertEvidenceWhole(db: Database): Promise<void> {
  const broken = await db.query(
    `select b.evidence_batch_id from evidence_batch b left join decision d using (evidence_batch_id)
     group by 1 having count(d.decision_id) <> b.leaf_count`,
  )
  assert.deepEqual(broken, [])
}
