import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Permit } from '../channels/permit.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { listStopped, resumeAccount, stopAccount } from '../people/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { dispatchDue } from './index.ts'
import { aClock, aGate, aRoute, aSink, utc } from './test-gate.ts'

const MORNING = utc('2026-05-31T04:00:00Z')
const AFTERNOON = utc('2026-05-31T07:00:00Z')
const RATE = { perThousandMinor: 4500n, currency: 'CNY' }

async function aPlannedBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  await runCycle({ db, reactions: createReactions(), asOf: day('2026-05-31'), at: MORNING })
  await db.run(`insert into provider_account (name, channel, adapter, collection_content)
    values ('own number', 'sms', 'sink', true), ('cloud', 'sms', 'sink', false)`)
  return db
}

/** The second account: cheaper, and forbidden to carry collection content. */
function aCloud(clock: ReturnType<typeof aClock>) {
  const sink = aSink('sms', clock)
  const account = { accountId: '2', name: 'cloud', collectionContent: false }
  const carries = new Set(['service', 'code'] as const)
  const cost = { perThousandMinor: 3000n, currency: 'CNY' }
  const route = aRoute({ carries, cost })
  return { ...sink, route, channel: { ...sink.channel, account } }
}

test('collection content passes a cheaper account by that may not carry it, and is not refused there', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const own = { ...aSink('sms', clock), route: aRoute({ cost: RATE }) }
  const cloud = aCloud(clock)
  const outlets = [cloud, own]
  const counts = await dispatchDue({ db, gate: await aGate(), outlets, now: clock.now })
  assert.deepEqual([counts.sent, counts.refused], [2, 0])
  assert.deepEqual([own.given.length, cloud.given.length], [2, 0])
  const rows = await db.query(
    `select parts, cost_per_thousand_minor as rate, cost_currency as currency, provider_account_id as account from attempt`,
  )
  assert.deepEqual(rows, [
    { parts: 1, rate: '4500', currency: 'CNY', account: '1' },
    { parts: 1, rate: '4500', currency: 'CNY', account: '1' },
  ])
})

test('with the cloud alone the gate refuses it, and the decision says so', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const cloud = aCloud(clock)
  const counts = await dispatchDue({ db, gate: await aGate(), outlets: [cloud], now: clock.now })
  assert.deepEqual([counts.sent, counts.refused, cloud.given.length], [0, 2, 0])
  const rules = await db.query<{ rules: string[] }>('select rules from decision')
  for (const row of rules) assert.match(row.rules.join(' '), /provider/)
})

test('a stopped account sends nothing; what is due waits for it and is not refused', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const own = aSink('sms', clock)
  const cloud = aCloud(clock)
  const at = '2026-05-31T06:00:00Z'
  await stopAccount(db, { name: 'own number', by: 'operator', reason: 'complaints', at })
  await stopAccount(db, { name: 'own number', by: 'another', reason: 'again', at })
  const outlets = [own, cloud]
  const gate = await aGate()
  const held = await dispatchDue({ db, gate, outlets, now: clock.now })
  assert.deepEqual([held.permitted, held.refused, held.sent], [0, 0, 0])
  assert.equal((await listStopped(db)).has('1'), true)
  const [stop] = await db.query('select stopped_by from provider_account where name = $1', [
    'own number',
  ])
  assert.deepEqual(stop, { stopped_by: 'operator' })
  await resumeAccount(db, 'own number')
  const freed = await dispatchDue({ db, gate, outlets, now: clock.now })
  assert.equal(freed.sent, 2)
})

test('a stop that comes while a batch is decided still holds it back', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const own = aSink('sms', clock)
  const gate = await aGate()
  const at = '2026-05-31T06:00:00Z'
  gate.reactions.on('contact.permitted', async () => {
    await stopAccount(db, { name: 'own number', by: 'operator', reason: 'r', at })
  })
  // Another connection commits the stop between the decision and the hand-over.
  const counts = await dispatchDue({ db, gate, outlets: [own], now: clock.now })
  assert.deepEqual([counts.permitted, counts.sent, counts.notSent], [2, 0, 2])
  assert.deepEqual(own.given, [])
})

test('an account that does not answer rests, and its work goes to the other', async () => {
  const db = await aPlannedBook()
  const clock = aClock(AFTERNOON)
  const silent = {
    ...aSink('sms', clock, {
      send: async (permits: readonly Permit[]) =>
        permits.map(({ permitId }) => ({ permitId, fate: 'not-sent' as const, detail: 'down' })),
    }),
    route: aRoute({ cost: RATE }),
  }
  const other = aSink('sms', clock)
  const dear = {
    ...other,
    route: aRoute({ cost: { perThousandMinor: 9000n, currency: 'CNY' } }),
    channel: { ...other.channel, account: { ...other.channel.account, accountId: '2' } },
  }
  const lost = { permitId: 'p', fate: 'unknown' as const, detail: '' }
  silent.route.record(
    Array.from({ length: 20 }, () => lost),
    AFTERNOON,
  )
  const outlets = [silent, dear]
  const counts = await dispatchDue({ db, gate: await aGate(), outlets, now: clock.now })
  assert.deepEqual([counts.sent, counts.notSent, dear.given.length], [2, 0, 2])
})
