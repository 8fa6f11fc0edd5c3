import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { instant, randomInt, seededRandom } from '@dunlin/kernel'
import { startSmsc } from '../../sandbox/src/index.ts'
import { listUnknown, recoverLost } from '../../server/src/contact/index.ts'
import { type Database, migrate, openDatabase } from '../../server/src/platform/db/index.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/src/platform/postgres/index.ts'
import { assertKept } from './assert-kept.ts'
import { addBorrowers, aUsPortfolio, CAP, dueCount, NOON } from './fault-book.ts'
import { startWorkerProcess } from './worker-process.ts'

const RESTARTS = 4
const WORKERS = 2
const WINDOW = 4
const PEOPLE = 400
const WAIT_MS = 60_000

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await wait(20)
  }
}

/** A server of the test's own, so that it can be ended in the middle of what others do. */
async function aServer() {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-restart-'))
  let running: EmbeddedPostgres = await startEmbeddedPostgres({ folder })
  const { url, port } = running
  after(async () => {
    await running.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    url,
    /** `immediate` is a crash: connections end without a word, and the log is replayed at the start. */
    restart: async (how: 'fast' | 'immediate') => {
      if (how === 'immediate') {
        const [pid] = (await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')
        process.kill(Number(pid), 'SIGQUIT')
      }
      await running.stop()
      running = await startEmbeddedPostgres({ folder, port })
    },
  }
}

async function sentCount(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::integer from attempt where state = 'sent'`,
  )
  return row?.count ?? 0
}

test('the database restarts and crashes under running dispatchers: they go on, nothing is lost or sent twice', async () => {
  const server = await aServer()
  const db = openDatabase({ url: server.url, connectionsMax: 2 })
  after(db.close)
  await migrate(db)
  await aUsPortfolio(db)
  await addBorrowers(db, { count: PEOPLE, attemptsEach: CAP + 1 })
  const aheadMs = NOON - Date.now()
  const smsc = await startSmsc({ port: 0, clock: { now: () => instant(Date.now() + aheadMs) } })
  after(smsc.close)
  smsc.misbehave({ slowMs: 20 })
  const workers = Array.from({ length: WORKERS }, () =>
    startWorkerProcess({
      url: server.url,
      smppPort: smsc.port,
      window: WINDOW,
      clockAheadMs: aheadMs,
    }),
  )
  after(() => Promise.all(workers.map((worker) => worker.kill())))
  await Promise.all(workers.map(({ ready }) => ready))
  const random = seededRandom(4)
  for (let restart = 0; restart < RESTARTS; restart += 1) {
    const sent = await sentCount(db)
    await until('messages go out', async () => (await sentCount(db)) > sent + 20)
    await wait(randomInt(random, 0, 100))
    await server.restart(restart % 2 === 0 ? 'fast' : 'immediate')
    for (const worker of workers) assert.ok(worker.isRunning(), `a worker ended: ${worker.said()}`)
  }
  await until('all is decided', async () => (await dueCount(db)) === 0)
  assert.deepEqual(await Promise.all(workers.map((worker) => worker.end())), [0, 0])
  await recoverLost(db, { reactions: createReactions(), at: NOON })
  await assertKept(db, smsc.log)
  const { total } = await listUnknown(db)
  assert.ok(total <= RESTARTS * WORKERS * WINDOW, `${total} unknown`)
  const said = workers.map((worker) => worker.said()).join('')
  assert.match(said, /"msg":"dispatch failed"/)
  assert.match(said, /"code":"(57P01|57P02|ECONNREFUSED|ECONNRESET)"/)
  console.log(`restarts ${RESTARTS}: ${smsc.log.summary().accepted} sent, ${total} unknown`)
})
