import { instant } from '@dunlin/kernel'
import { createSinkChannel } from '../../server/src/channels/sink/send.ts'
import {
  dispatchDue,
  type Gate,
  loadTemplates,
  type Outlet,
} from '../../server/src/contact/index.ts'
import { aRoute } from '../../server/src/contact/test-gate.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { type BenchServer, timed, warm, withBenchServer, withDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { seedAttempts } from './book/seed-attempts.ts'
import { floorDispatch, type Sizes } from './dispatch-floor.ts'
import { benchGraphileWorker } from './graphile-peer.ts'
import { tell } from './progress.ts'

const ATTEMPTS = 200_000
const NOW = instant(Date.UTC(2026, 5, 1, 3))
const FLOOR_RATIO_MAX = 3
const PEER_RATIO_MIN = 0.5

/**
 * 200,000 due attempts with ten past contacts each through the full gate: rendering, decision, permit,
 * evidence, sink channel; against the same reads and writes with no decision on a copy of the same book,
 * and against graphile-worker running empty jobs on the same server.
 */
export function benchDispatch({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  return withBenchServer((server) => measure(server, quick ? ATTEMPTS / 10 : ATTEMPTS))
}

async function measure(server: BenchServer, attempts: number): Promise<BenchLine[]> {
  tell(`dispatch: making ${attempts} attempts and their past`)
  await withDatabase(await server.create('book'), (db) => seedAttempts(db, attempts))
  const { seconds, sizes } = await onCopy(server, 'ours', async (db) => ({
    seconds: await timed(() => run(db)),
    sizes: await readSizes(db, attempts),
  }))
  tell(`dispatch took ${seconds.toFixed(1)} s; now the floor`)
  const floorSeconds = await onCopy(server, 'floor', (db) =>
    timed(() => floorDispatch(db, { at: NOW, sizes })),
  )
  tell(`the floor of dispatch took ${floorSeconds.toFixed(1)} s; now graphile-worker`)
  const jobs = await benchGraphileWorker(await server.create('jobs'), attempts)
  const value = Math.round(attempts / seconds)
  return [
    {
      name: 'dispatch',
      value,
      unit: 'attempts/s',
      peer: 'the same reads and writes with no decision (floor)',
      peerValue: Math.round(attempts / floorSeconds),
      ratio: seconds / floorSeconds,
      bar: `<= ${FLOOR_RATIO_MAX} x the floor's time`,
      met: seconds / floorSeconds <= FLOOR_RATIO_MAX,
    },
    {
      name: 'dispatch-vs-jobs',
      value,
      unit: 'attempts/s',
      peer: 'graphile-worker, local queue, empty jobs',
      peerValue: Math.round(jobs),
      ratio: value / jobs,
      bar: `>= ${PEER_RATIO_MIN} x`,
      met: value / jobs >= PEER_RATIO_MIN,
    },
  ]
}

/** Some work on a copy of the book that is in memory, the same for all, and dropped afterwards. */
async function onCopy<T>(
  server: BenchServer,
  name: string,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const url = await server.clone('book', name)
  const done = await withDatabase(url, async (db) => {
    await warm(db)
    return work(db)
  })
  await server.drop(name)
  return done
}

/** How long what dispatch stored is on average, so that the floor writes as much; refuses a run that did not send all. */
async function readSizes(db: Database, attempts: number): Promise<Sizes> {
  const [found] = await db.query<Sizes & { sent: number }>(
    `select (select count(*)::integer from attempt where state = 'sent' and template is not null) as sent,
       (select avg(length(leaf::text))::integer from decision) as leaf,
       (select avg(length(sealed))::integer from decision_payload) as payload,
       (select avg(length(payload::text))::integer from outbox) as event`,
  )
  if (found?.sent !== attempts) throw new Error(`${found?.sent} of ${attempts} were sent`)
  return found
}

async function run(db: Database): Promise<void> {
  const clock = { now: () => NOW }
  const account = { accountId: '1', name: 'sink', collectionContent: true }
  const outlet: Outlet = {
    kind: 'sms',
    isLoopback: true,
    unsubscribeMailbox: null,
    route: aRoute(),
    channel: createSinkChannel({ account, window: 1000, clock }),
  }
  const gate: Gate = {
    policyOf: (packs, overlay) => loadPolicy(overlay === null ? packs : [...packs, overlay]),
    templates: await loadTemplates(),
    sealer: createTestSealer(),
    reactions: createReactions(),
    publicUrl: 'https://lender.example.com',
  }
  await dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
}
