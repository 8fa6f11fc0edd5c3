import assert from 'node:assert/strict'
import { test } from 'node:test'
import { syncCases } from '../cases/index.ts'
import { parseLedgerEvent, recordLedgerEvents } from '../loanbook/index.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { leafHash, merkleRoot } from '../platform/evidence/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { applyReceipts, dispatchDue, recoverLost } from './index.ts'
import { aClock, aGate, aSink, utc } from './test-gate.ts'
import { startWorker } from './worker.ts'

const MORNING = utc('2026-05-31T04:00:00Z')
const AFTERNOON = utc('2026-05-31T07:00:00Z')
const NEXT_DAY = utc('2026-06-01T04:00:00Z')
const NIGHT = utc('2026-05-31T15:00:00Z')

async function aPlannedBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  await runCycle({ db, reactions: createReactions(), asOf: day('2026-05-31'), at: MORNING })
  return db
}
type Book = Awaited<ReturnType<typeof aPlannedBook>>

async function states(db: Book) {
  const rows = await db.query<{ step: string; state: string }>(
    'select step, state from attempt order by step, attempt_id',
  )
  return rows.map(({ step, state }) => `${step} ${state}`)
}

test('what is due and permitted goes out once, with amount, deadline, lender, lines and opt-out', async () => {
  const db = await aPlannedBook()
  const gate = await aGate()
  const clock = aClock(AFTERNOON)
  const outlet = aSink('sms', clock)
  const counts = await dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
  assert.deepEqual([counts.permitted, counts.sent], [2, 2])
  assert.deepEqual(await states(db), ['m2-52-sms sent', 's1-6-sms sent'])
  const texts = outlet.given.map(({ content }) => content.text)
  assert.ok(
    texts.includes(
      '【Demo Consumer Finance】您有853.20元已到期，请于6月3日前还款，以免产生更多费用。客服400-000-0000，投诉400-000-0001。拒收请回复R',
    ),
  )
  assert.deepEqual(outlet.given.map(({ address }) => address.reveal()).sort(), [
    '+8619900000001',
    '+8619900000002',
  ])
  const again = await dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
  assert.equal(again.permitted, 0)
  assert.equal(outlet.given.length, 2)
})

test('at night nothing goes out: the attempt waits for the earliest lawful moment', async () => {
  const db = await aPlannedBook()
  const clock = aClock(NIGHT)
  const outlet = aSink('sms', clock)
  const counts = await dispatchDue({ db, gate: await aGate(), outlets: [outlet], now: clock.now })
  assert.deepEqual([counts.permitted, counts.deferred], [0, 2])
  const due = await db.query<{ due: string }>(`select distinct due_at::text as due from attempt`)
  assert.deepEqual(due, [{ due: '2026-06-01 00:00:00+00' }])
})

test('a provider that may not carry collection content is refused', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const sink = aSink('sms', clock)
  const account = { ...sink.channel.account, collectionContent: false }
  const outlet = { ...sink, channel: { ...sink.channel, account } }
  const counts = await dispatchDue({ db, gate: await aGate(), outlets: [outlet], now: clock.now })
  assert.deepEqual([counts.refused, outlet.given.length], [2, 0])
})

test('every decision is a leaf under its batch’s root, and its payload is sealed', async () => {
  const db = await aPlannedBook()
  const clock = aClock(NIGHT)
  await dispatchDue({ db, gate: await aGate(), outlets: [aSink('sms', clock)], now: clock.now })
  const leaves = await db.query<{ leaf: string }>('select leaf from decision order by leaf_index')
  const [batch] = await db.query<{ root: Buffer; leaf_count: number }>(
    'select root, leaf_count from evidence_batch',
  )
  assert.equal(batch?.leaf_count, 2)
  assert.deepEqual(merkleRoot(leaves.map(({ leaf }) => leafHash(leaf))), batch?.root)
  const stored = JSON.stringify([leaves, await db.query('select * from decision_payload')])
  assert.doesNotMatch(stored, /853[.]20|"85320"|王小明|19900000001/)
})

test('a payment cancels what was planned before it returns; nothing is sent after it', async () => {
  const db = await aPlannedBook()
  const reactions = createReactions()
  const gate = await aGate(reactions)
  reactions.on('loan.changed', async (tx, events, at) => {
    const ids = events.map((event) => event.borrowerId)
    await syncCases(tx, ids, { reactions, asOf: day('2026-06-01'), at, preDue: new Map() })
  })
  const parsed = parseLedgerEvent({
    kind: 'paid',
    id: 'p1',
    effectiveOn: '2026-06-01',
    amountMinor: 20_000,
  })
  assert.ok(parsed.ok)
  const events = [parsed.value]
  await db.transaction((tx) =>
    recordLedgerEvents({
      tx,
      reactions,
      portfolio: 'main',
      loanNo: 'L3',
      events,
      source: 'api',
      at: NEXT_DAY,
    }),
  )
  assert.deepEqual(await states(db), ['m2-52-sms cancelled', 's1-6-sms planned'])
  const clock = aClock(NEXT_DAY)
  const outlet = aSink('sms', clock)
  await dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
  assert.deepEqual(
    outlet.given.map(({ address }) => address.reveal()),
    ['+8619900000001'],
  )
})

test('receipts settle attempts, twice or early alike', async () => {
  const db = await aPlannedBook()
  const gate = await aGate()
  const clock = aClock(AFTERNOON)
  const outlet = aSink('sms', clock)
  const receipt = (providerMessageId: string) => ({
    accountId: '1',
    providerMessageId,
    line: 'delivered' as const,
    detail: 'DELIVRD',
    at: AFTERNOON,
  })
  const early = aSink('sms', clock, {
    send: async (permits) => {
      const receipts = permits.map((permit) => receipt(permit.permitId))
      await db.transaction((tx) => applyReceipts(tx, gate.reactions, [...receipts, ...receipts]))
      return outlet.channel.send(permits)
    },
  })
  await dispatchDue({ db, gate, outlets: [early], now: clock.now })
  const lines = await db.query('select distinct state, line from attempt')
  assert.deepEqual(lines, [{ state: 'sent', line: 'delivered' }])
})

test('a permit that provably never left is planned anew; an unknown one never is', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const fates = ['not-sent', 'unknown'] as const
  const outlet = aSink('sms', clock, {
    send: async (permits) =>
      permits.map(({ permitId }, index) => ({
        permitId,
        fate: fates[index % 2] ?? 'unknown',
        detail: '',
      })),
  })
  const counts = await dispatchDue({ db, gate: await aGate(), outlets: [outlet], now: clock.now })
  assert.deepEqual([counts.notSent, counts.unknown], [1, 1])
  const rows = await db.query<{ state: string; count: string }>(
    'select state, count(*) from attempt group by 1 order by 1',
  )
  assert.deepEqual(rows, [
    { state: 'failed', count: '1' },
    { state: 'planned', count: '1' },
    { state: 'unknown', count: '1' },
  ])
})

test('permits of a dead worker become unknown; those of a living one are left alone', async () => {
  const db = await aPlannedBook()
  const { reactions } = await aGate()
  const worker = await startWorker(db, MORNING)
  await db.run(
    `update attempt set state = 'permitted', at = now(), permit_id = gen_random_uuid(), worker_id = $1`,
    [worker.workerId],
  )
  assert.equal(await recoverLost(db, { reactions, at: MORNING }), 0)
  await worker.end()
  assert.equal(await recoverLost(db, { reactions, at: MORNING }), 2)
  assert.equal(await recoverLost(db, { reactions, at: MORNING }), 0)
})

test('the database refuses a sent attempt without a permit', async () => {
  const db = await aPlannedBook()
  await assert.rejects(
    db.run(`update attempt set state = 'sent', at = now()`),
    /no_send_without_permit/,
  )
})
