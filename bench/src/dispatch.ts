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
import { timed, withBenchDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { seedAttempts } from './book/seed-attempts.ts'
import { floorDispatch } from './dispatch-floor.ts'
import { benchGraphileWorker } from './graphile-peer.ts'

const ATTEMPTS = 200_000
const NOW = instant(Date.UTC(2026, 5, 1, 3))
const FLOOR_RATIO_MAX = 3
const PEER_RATIO_MIN = 0.5

/**
 * 200,000 due attempts with ten past contacts each through the full gate: rendering, decision, permit,
 * evidence, sink channel; against the same reads and writes with no decision, and against
 * graphile-worker running empty jobs on the same server.
 */
export async function benchDispatch({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const attempts = quick ? ATTEMPTS / 10 : ATTEMPTS
  return withBenchDatabase(async (db, url) => {
    await seedAttempts(db, attempts)
    const seconds = await timed(() => run(db))
    const [sent] = await db.query<{ count: string }>(
      `select count(*) from attempt where state = 'sent' and template is not null`,
    )
    if (Number(sent?.count) !== attempts) throw new Error(`${sent?.count} of ${attempts} were sent`)
    await resetAttempts(db)
    const floorSeconds = await timed(() => floorDispatch(db, NOW))
    const jobs = await benchGraphileWorker(url, attempts)
    const value = Math.round(attempts / seconds)
    const floor = Math.round(attempts / floorSeconds)
    return [
      {
        name: 'dispatch',
        value,
        unit: 'attempts/s',
        peer: 'the same reads and writes with no decision (floor)',
        peerValue: floor,
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
  })
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

async function resetAttempts(db: Database): Promise<void> {
  await db.run(
    `update attempt set state = 'planned', at = null, permit_id = null, decision_id = null, provider_message_id = null,
       worker_id = null, settled_at = null where template is not null`,
  )
  await db.run('vacuum (analyze) attempt')
}
