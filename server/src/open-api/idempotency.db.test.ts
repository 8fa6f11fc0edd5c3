import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { forgetOldKeys } from '../platform/http/index.ts'
import { anApi, caseOf, KEYS, NOON, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db } = api
const caseId = await caseOf(db, 'B1')
const hold = { caseId, kind: 'hardship', reason: 'r' }

async function holds(): Promise<number> {
  return (await db.query('select 1 from hold')).length
}

/** A good request of every route that takes a key and makes one thing, and how to count the things. */
const CREATING: readonly [path: string, body: object, things: string][] = [
  ['/holds', hold, 'hold'],
  ['/disputes', { caseId, reason: 'r' }, 'hold'],
  ['/complaints', { caseId, reason: 'r' }, 'hold'],
  ['/contacts', { caseId, channel: 'sms', template: 'cn-s1-sms' }, 'attempt'],
  [
    '/promises',
    { caseId, amountMinor: 1, currency: 'CNY', dueOn: '2026-06-02', source: 'portal' },
    'promise',
  ],
  [
    '/ledger-events',
    { loanNo: 'L1', eventNo: 'e', kind: 'fee', effectiveOn: '2026-06-01', amountMinor: 1 },
    'ledger_event',
  ],
  [
    '/imports',
    { kind: 'contacts', portfolio: 'main', csv: 'borrower_no,relation,kind,value\n' },
    'import_job',
  ],
]

test('a POST sent again under its key gets the first answer and does nothing; another body under it is refused', async () => {
  for (const [path, body, things] of CREATING) {
    const count = async () => (await db.query(`select 1 from ${things}`)).length
    const request = `POST /api/v1${path}`
    const before = await count()
    const first = await call(request, { body, once: `key of ${path}` })
    assert.equal(first.status, 201, `${path} ${first.bytes}`)
    const again = await call(request, { body, once: `key of ${path}` })
    assert.deepEqual([again.status, again.json], [201, first.json], path)
    assert.equal(await count(), before + 1, path)
    const other = { ...body, reason: 'another', csv: 'x', eventNo: 'other', dueOn: '2026-06-03' }
    const kept = Object.fromEntries(Object.entries(other).filter(([name]) => name in body))
    const changed = path === '/contacts' ? { ...body, template: 'cn-s2-sms' } : kept
    const refused = await call(request, { body: changed, once: `key of ${path}` })
    assert.equal(problemOf(refused), '422 idempotency.conflict Idempotency-Key', path)
    assert.equal(await count(), before + 1, path)
  }
})

test('twenty at once under one key do the work once and get one answer', async () => {
  const before = await holds()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call('POST /api/v1/holds', { body: hold, once: 'storm' })),
  )
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
  assert.equal(new Set(answers.map(({ bytes }) => bytes.toString())).size, 1)
  assert.equal(await holds(), before + 1)
})

test('a key belongs to its caller and its address; what was refused leaves it free', async () => {
  const before = await holds()
  await call('POST /api/v1/holds', { body: hold, once: 'shared' })
  await call('POST /api/v1/holds', { body: hold, once: 'shared', key: KEYS.admin })
  assert.equal(await holds(), before + 2)
  const elsewhere = await call('POST /api/v1/complaints', {
    body: { caseId, reason: 'r' },
    once: 'shared',
  })
  assert.equal(problemOf(elsewhere), '422 idempotency.conflict Idempotency-Key')
  const bad = await call('POST /api/v1/holds', {
    body: { ...hold, caseId: '999999' },
    once: 'later',
  })
  assert.equal(bad.status, 404)
  assert.equal((await call('POST /api/v1/holds', { body: hold, once: 'later' })).status, 201)
  const long = await call('POST /api/v1/holds', { body: hold, once: 'k'.repeat(256) })
  assert.equal(problemOf(long), '400 request.invalid Idempotency-Key')
})

test('a failure in the middle leaves neither the work nor the key', async () => {
  const before = await holds()
  await db.run(
    `create function fail() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$`,
  )
  await db.run('create trigger fail before insert on outbox for each row execute function fail()')
  const failed = await call('POST /api/v1/holds', { body: hold, once: 'unlucky' })
  assert.equal(problemOf(failed), '500 server.failed')
  assert.doesNotMatch(failed.bytes.toString(), /disk/)
  assert.equal(api.failures.length, 1)
  await db.run('drop trigger fail on outbox')
  assert.equal(await holds(), before)
  assert.equal((await call('POST /api/v1/holds', { body: hold, once: 'unlucky' })).status, 201)
})

test('a key keeps its answer for a week, then it is forgotten', async () => {
  const week = 7 * 86_400_000
  assert.equal(await forgetOldKeys(db, instant(NOON + week)), 0)
  assert.ok((await forgetOldKeys(db, instant(NOON + week + 1))) > 5)
  assert.deepEqual(await db.query('select 1 from idempotency_key'), [])
})
