import { instant, required } from '@dunlin/kernel'
import { createSinkChannel } from '../../server/src/channels/sink/send.ts'
import {
  dispatchDue,
  type Gate,
  loadTemplates,
  type Outlet,
} from '../../server/src/contact/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { timed, withBenchDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { floorDispatch } from './dispatch-floor.ts'
import { benchGraphileWorker } from './graphile-peer.ts'

const ATTEMPTS = 200_000
const PAST = 10
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
    await seed(db, attempts)
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

/** One borrower, loan, case, phone and due attempt each, and ten past messages; built set-based. */
async function seed(db: Database, count: number): Promise<void> {
  const sealer = createTestSealer()
  const sealed = sealer.seal('+8619900001234')
  const person = sealer.seal(JSON.stringify({ name: '示例' }))
  await db.run(`select ensure_month_partitions('attempt', '2026-05-01', '2026-06-30')`)
  for (const table of ['decision', 'decision_payload']) {
    await db.run(`select ensure_month_partitions($1::regclass, '2026-05-01', '2026-07-31')`, [
      table,
    ])
  }
  await db.run(
    `insert into portfolio (name, lender, country, currency, zones, packs, overlay, collector_role, strategy, contact_line, complaint_line)
     values ('bench', '示例消费金融', 'CN', 'CNY', '{Asia/Shanghai}', '{cn}', 'lender-default', 'original-creditor', 's', '400-000-0000', '400-000-0001')`,
  )
  await db.run(
    `insert into borrower (lender, borrower_no, sealed, key_salt, person_hash, country, zones, language)
     select '示例消费金融', n, $2, decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), 'CN', '{Asia/Shanghai}', 'zh-CN'
     from generate_series(1, $1::integer) n`,
    [count, person],
  )
  await db.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select borrower_id, 'phone', $1, decode(md5(borrower_id::text), 'hex'), '199****1234', 'contract' from borrower`,
    [sealed],
  )
  await db.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency, status, ages_from_on, oldest_unpaid_due_on, arrears_principal_minor,
       outstanding_minor, needs_sync)
     select borrower_id, 1, 'L' || borrower_id, 'CNY', 'overdue', '2026-05-20', '2026-05-20', 12345, 99999, false from borrower`,
  )
  await db.run(
    `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, arrears_minor)
     select borrower_id, 1, '示例消费金融', 'CNY', 'open', '2026-05-21', '2026-05-20', 12345 from borrower`,
  )
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose, state, at, line,
       permit_id, actor_kind)
     select c.borrower_id, '2026-05-20'::date + n, c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect', 'sent',
       '2026-05-20 03:00+00'::timestamptz + n * interval '1 day', 'delivered', gen_random_uuid(), 'robot'
     from collection_case c join contact_point p using (borrower_id) cross join generate_series(1, $1::integer) n`,
    [PAST],
  )
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose, template, step,
       state, due_at, actor_kind)
     select c.borrower_id, '2026-06-01', c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect', 'cn-s2-sms', 's', 'planned',
       '2026-06-01 02:00+00'::timestamptz, 'robot'
     from collection_case c join contact_point p using (borrower_id)`,
  )
  await db.run('vacuum (analyze)')
  required(count > 0 ? count : null, 'attempts')
}
