import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Instant, instant, Secret } from '@dunlin/kernel'
import { type Smsc, startSmsc } from '../../sandbox/src/index.ts'
import type { ProviderReceipt } from '../../server/src/channels/inbound.ts'
import {
  applyCrossedReceipts,
  applyReceipts,
  dispatchDue,
  listUnknown,
} from '../../server/src/contact/index.ts'
import { aClock, aGate, aRoute } from '../../server/src/contact/test-gate.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { openProvider } from '../../server/src/wire-providers.ts'
import { assertKept } from './assert-kept.ts'
import { addBorrowers, aUsPortfolio, CAP, NOON } from './fault-book.ts'

// The whole path, from planned attempts to receipts, with a provider that fails.

const WINDOW = 20
const PEOPLE = 40
const WAIT_MS = 10_000
const minutes = (count: number): Instant => instant(NOON + count * 60_000)

async function aDay({ smsc, port = smsc?.port ?? 0 }: { smsc: Smsc | null; port?: number }) {
  const db = await openTestDatabase()
  await aUsPortfolio(db)
  await addBorrowers(db, { count: PEOPLE, attemptsEach: 1 })
  const clock = aClock(NOON)
  const gate = await aGate()
  const provider = openProvider(
    {
      ...{ accountId: '1', name: 'smsc', adapter: 'smpp', collectionContent: true },
      settings: {
        ...{ host: '127.0.0.1', port, systemId: 'dunlin', sourceAddress: '10690000' },
        ...{ window: WINDOW, answerWaitMs: 300, connectWaitMs: 300 },
        ...{ reconnectFirstMs: 10, reconnectMaxMs: 50, throttleFirstMs: 10, throttleMaxMs: 50 },
      },
      secrets: new Secret({ password: 'sandbox' }),
    },
    {
      clock,
      sealer: createTestSealer(),
      handlers: {
        onReceipts: (receipts: readonly ProviderReceipt[]) =>
          db.transaction((tx) => applyReceipts(tx, gate.reactions, receipts)),
        onInbound: async () => assert.fail('nobody writes'),
      },
    },
  )
  after(provider.channel.close)
  const { channel } = provider
  // It never rests after failures: what is promised here must hold without that mercy.
  const route = { ...aRoute(), record: () => undefined }
  const outlets = [
    { kind: 'sms', channel, isLoopback: true, unsubscribeMailbox: null, route },
  ] as const
  const dispatch = () => dispatchDue({ db, gate, outlets, now: clock.now })
  return { db, gate, clock, dispatch }
}

async function anSmsc(port = 0): Promise<Smsc> {
  const smsc = await startSmsc({ port, clock: aClock(NOON) })
  after(smsc.close)
  return smsc
}

async function states(db: Database): Promise<Record<string, number>> {
  const rows = await db.query<{ state: string; count: number }>(
    'select state, count(*)::integer from attempt group by 1',
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await wait(5)
  }
}

test('down: nothing is claimed or lost, nothing counts, and all goes out once when it is back', async () => {
  const gone = await startSmsc({ port: 0, clock: aClock(NOON) })
  const { port } = gone
  await gone.close()
  const { db, clock, dispatch } = await aDay({ smsc: null, port })
  for (const minute of [0, 6, 12, 18]) {
    clock.set(minutes(minute))
    const { permitted, notSent } = await dispatch()
    assert.deepEqual([permitted, notSent], [PEOPLE, PEOPLE], `after ${minute} minutes`)
  }
  assert.deepEqual(await states(db), { failed: 4 * PEOPLE, planned: PEOPLE })
  const smsc = await anSmsc(port)
  await until('bound', () => smsc.bound() === 1)
  clock.set(minutes(24))
  const { sent } = await dispatch()
  assert.equal(sent, PEOPLE)
  assert.equal(smsc.log.summary().accepted, PEOPLE)
  await assertKept(db, smsc.log)
  assert.equal((await dispatch()).permitted, 0)
})

test('slow, but answering: all goes out once', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ slowMs: 100 })
  const { db, dispatch } = await aDay({ smsc })
  assert.equal((await dispatch()).sent, PEOPLE)
  assert.equal(smsc.log.summary().accepted, PEOPLE)
  await assertKept(db, smsc.log)
})

test('slower than the wait for answers: unknown, in the queue, counted, and never sent again', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ slowMs: 600 })
  const { db, dispatch } = await aDay({ smsc })
  assert.equal((await dispatch()).unknown, PEOPLE)
  smsc.misbehave({ slowMs: 0 })
  assert.equal((await dispatch()).permitted, 0)
  assert.equal((await listUnknown(db)).total, PEOPLE)
  assert.equal(smsc.log.summary().accepted, PEOPLE)
  await assertKept(db, smsc.log)
})

test('throttling: it is asked again until it takes each message, and each arrives once', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ throttleNext: 30, queueFullNext: 10 })
  const { db, dispatch } = await aDay({ smsc })
  assert.equal((await dispatch()).sent, PEOPLE)
  assert.equal(smsc.log.summary().accepted, PEOPLE)
  await assertKept(db, smsc.log)
})

test('garbage instead of answers: what was on its way is unknown, the rest goes out, nothing twice', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ garbageNext: 2 })
  const { db, dispatch, clock } = await aDay({ smsc })
  const counts = await dispatch()
  assert.ok(counts.unknown >= 2 && counts.unknown <= 2 * WINDOW, `unknown ${counts.unknown}`)
  clock.set(minutes(6))
  await dispatch()
  assert.equal((await states(db)).planned, undefined)
  const { sent = 0, unknown = 0 } = await states(db)
  assert.equal(sent + unknown, PEOPLE, 'everyone was tried to be reached once')
  await assertKept(db, smsc.log)
})

test('answers and receipts twice, and receipts before answers: one contact, one state, told once', async () => {
  for (const isReceiptFirst of [false, true]) {
    const smsc = await anSmsc()
    smsc.misbehave({ isAnswerDoubled: true, isReceiptDoubled: true, isReceiptFirst })
    const { db, gate, dispatch } = await aDay({ smsc })
    assert.equal((await dispatch()).sent, PEOPLE)
    await until('receipts are taken', () => smsc.undelivered() === 0)
    await applyCrossedReceipts(db, { reactions: gate.reactions, at: NOON })
    const lines = await db.query('select state, line, count(*)::integer from attempt group by 1, 2')
    assert.deepEqual(lines, [{ state: 'sent', line: 'delivered', count: PEOPLE }])
    const told = await db.query(
      `select count(*)::integer, count(distinct payload ->> 'attemptId')::integer as attempts
       from outbox where event = 'contact.delivered'`,
    )
    assert.deepEqual(told, [{ count: PEOPLE, attempts: PEOPLE }])
    assert.equal(smsc.log.summary().accepted, PEOPLE)
    await assertKept(db, smsc.log)
  }
})

test('receipts that contradict each other leave what counts more', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ receiptDelayMs: 3_600_000 })
  const { db, gate, dispatch } = await aDay({ smsc })
  await dispatch()
  const [entry] = smsc.log.list()
  const say = (line: ProviderReceipt['line']) =>
    db.transaction((tx) =>
      applyReceipts(tx, gate.reactions, [
        {
          ...{ accountId: '1', providerMessageId: entry?.messageId ?? '' },
          line,
          detail: '',
          at: NOON,
        },
      ]),
    )
  const lineNow = async () => {
    const rows = await db.query<{ line: string }>('select line from attempt where line is not null')
    return rows.map(({ line }) => line)
  }
  await say('failed')
  assert.deepEqual(await lineNow(), ['failed'])
  await say('unknown')
  assert.deepEqual(await lineNow(), ['failed'])
  await say('delivered')
  assert.deepEqual(await lineNow(), ['delivered'])
  const other = smsc.log.list()[1]?.messageId ?? ''
  await db.run(`update attempt set line = 'delivered' where provider_message_id = $1`, [other])
  await db.transaction((tx) =>
    applyReceipts(tx, gate.reactions, [
      { accountId: '1', providerMessageId: other, line: 'failed', detail: '', at: NOON },
    ]),
  )
  assert.deepEqual(await lineNow(), ['delivered', 'delivered'])
})

test('a receipt that crossed with the result of its message is not lost', async () => {
  const smsc = await anSmsc()
  smsc.misbehave({ receiptDelayMs: 3_600_000 })
  const { db, gate, dispatch } = await aDay({ smsc })
  await dispatch()
  // What two transactions that do not see each other leave: the receipt open, the id stored.
  await db.run(
    `insert into receipt (provider_account_id, provider_message_id, line, received_at)
     select 1, provider_message_id, 'delivered', at from attempt where state = 'sent'`,
  )
  const sweep = () => applyCrossedReceipts(db, { reactions: gate.reactions, at: NOON })
  assert.deepEqual([await sweep(), await sweep()], [PEOPLE, 0])
})

test('connections that drop in the middle: whoever may have been reached counts, and caps hold', async () => {
  const smsc = await anSmsc()
  const { db, dispatch, clock } = await aDay({ smsc })
  await addBorrowers(db, { count: PEOPLE, attemptsEach: CAP + 2 })
  for (let minute = 0; minute <= 60; minute += 6) {
    clock.set(minutes(minute))
    if (minute < 40) smsc.misbehave({ dropAfterNext: 2, dropBeforeNext: 2, silentNext: 1 })
    await dispatch()
  }
  await assertKept(db, smsc.log)
  const { sent = 0, unknown = 0 } = await states(db)
  assert.ok(unknown > 0)
  assert.equal(sent + unknown, PEOPLE + PEOPLE * CAP)
})
