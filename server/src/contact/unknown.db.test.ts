import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, required } from '@dunlin/kernel'
import { addBorrowers, aUsPortfolio, NOON } from '../../../test/faults/fault-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { dispatchDue, listUnknown, settleAttempt } from './index.ts'
import { aClock, aGate, aSink } from './test-gate.ts'

const CAP = 3
const BY = { by: 'ops-1', reason: 'the provider’s ticket 4711 says so' }

/** One person with five messages due, of which the provider left the first three unanswered. */
async function aSilentDay() {
  const db = await openTestDatabase()
  await aUsPortfolio(db)
  await addBorrowers(db, { count: 1, attemptsEach: 5 })
  const gate = await aGate()
  const clock = aClock(NOON)
  const silent = aSink('sms', clock, {
    send: async (permits) =>
      permits.map(({ permitId }) => ({ permitId, fate: 'unknown' as const, detail: 'silence' })),
  })
  const counts = await dispatchDue({ db, gate, outlets: [silent], now: clock.now })
  assert.deepEqual([counts.unknown, counts.deferred], [CAP, 2])
  const again = async () => {
    await db.run(`update attempt set due_at = $1 where state = 'planned'`, ['2026-06-01T17:00Z'])
    const { permitted } = await dispatchDue({
      db,
      gate,
      outlets: [aSink('sms', clock)],
      now: clock.now,
    })
    return permitted
  }
  return { db, gate, again }
}

test('what nobody knows the fate of stands in a queue, oldest first, page by page', async () => {
  const { db } = await aSilentDay()
  const whole = await listUnknown(db)
  assert.deepEqual([whole.total, whole.items.length, whole.next], [3, 3, null])
  for (const item of whole.items) {
    assert.deepEqual(
      [item.channel, item.reason, item.at, item.maskedPoint],
      ['sms', 'provider.unknown', NOON, '***'],
    )
    assert.match(item.permitId, /^[0-9a-f-]{36}$/)
  }
  const first = await listUnknown(db, { limit: 2 })
  const second = await listUnknown(db, { limit: 2, after: required(first.next, 'more') })
  assert.deepEqual([...first.items, ...second.items], whole.items)
  assert.equal(second.next, null)
  await assert.rejects(listUnknown(db, { limit: 501 }), /1 to 500/)
})

test('settled by hand: only what failed makes room in the caps, and the audit says who and why', async () => {
  const { db, gate, again } = await aSilentDay()
  assert.equal(await again(), 0)
  const at = instant(NOON + 1000)
  const fates = ['delivered', 'sent', 'failed'] as const
  const { items } = await listUnknown(db)
  for (const [index, { attemptId }] of items.entries()) {
    const fate = required(fates[index], 'a fate')
    const settled = await db.transaction((tx) =>
      settleAttempt({ tx, reactions: gate.reactions, attemptId, fate, at, ...BY }),
    )
    assert.deepEqual(settled, { ok: true, value: null })
  }
  assert.equal((await listUnknown(db)).total, 0)
  const rows = await db.query(
    `select state, line, reason from attempt where reason = 'settled.by_hand' order by attempt_id`,
  )
  assert.deepEqual(rows, [
    { state: 'sent', line: 'delivered', reason: 'settled.by_hand' },
    { state: 'sent', line: 'unknown', reason: 'settled.by_hand' },
    { state: 'failed', line: 'failed', reason: 'settled.by_hand' },
  ])
  const audit = await db.query('select actor, action, subject, detail from audit_event order by 1')
  assert.equal(audit.length, 3)
  assert.deepEqual(audit[2], {
    actor: 'ops-1',
    action: 'attempt.settled',
    subject: `attempt ${items[2]?.attemptId}`,
    detail: { fate: 'failed', reason: BY.reason },
  })
  const told = await db.query<{ event: string }>(
    `select event from outbox where payload ? 'settledByHand' order by outbox_id`,
  )
  assert.deepEqual(
    told.map(({ event }) => event),
    ['contact.delivered', 'contact.sent', 'contact.failed'],
  )
  assert.equal(await again(), 1)
})

test('what is settled, or was never unknown, is not settled again; words are asked for', async () => {
  const { db, gate } = await aSilentDay()
  const settle = (change: Partial<Parameters<typeof settleAttempt>[0]>) =>
    db.transaction((tx) =>
      settleAttempt({
        tx,
        reactions: gate.reactions,
        attemptId: '1',
        fate: 'sent',
        at: NOON,
        ...BY,
        ...change,
      }),
    )
  const codeOf = (answer: Awaited<ReturnType<typeof settle>>) =>
    answer.ok ? 'ok' : answer.refusal.code
  const two = await Promise.all([settle({}), settle({ fate: 'failed' })])
  assert.deepEqual(two.map(codeOf).sort(), ['contact.not_in_queue', 'ok'])
  for (const attemptId of ['1', '4', '99', 'x'])
    assert.equal(codeOf(await settle({ attemptId })), 'contact.not_in_queue')
  assert.equal(codeOf(await settle({ attemptId: '2', reason: ' ' })), 'contact.bad_settlement')
  assert.equal(codeOf(await settle({ attemptId: '2', by: '' })), 'contact.bad_settlement')
  assert.equal((await db.query('select 1 from audit_event')).length, 1)
})
