import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { utc } from '../contact/test-gate.ts'
import { day } from '../loanbook/test-book.ts'
import { judgeOverduePromises } from '../plans/index.ts'
import { runCycle } from '../strategy/index.ts'
import { anApi, caseOf, NOON, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, clock, reactions } = api
const b1 = await caseOf(db, 'B1')
const b2 = await caseOf(db, 'B2')
const good = {
  caseId: b1,
  amountMinor: 10_000,
  currency: 'CNY',
  dueOn: '2026-06-05',
  source: 'message',
}

async function pay(eventNo: string, change: object = {}): Promise<void> {
  const body = {
    loanNo: 'L1',
    eventNo,
    kind: 'paid',
    effectiveOn: '2026-06-01',
    amountMinor: 4_000,
    ...change,
  }
  const answer = await call('POST /api/v1/ledger-events', { body })
  assert.equal(answer.status, 201, answer.bytes.toString())
}

async function states(): Promise<string[]> {
  const rows = await db.query<{ state: string }>('select state from promise order by promise_id')
  return rows.map(({ state }) => state)
}

async function events(): Promise<string[]> {
  const rows = await db.query<{ event: string }>(
    `select event from outbox where event like 'promise.%' order by outbox_id`,
  )
  return rows.map(({ event }) => event)
}

test('what an agent heard is a promise only after a talk with the right party; the borrower’s own words always are', async () => {
  const heard = { ...good, source: 'agent' }
  const refused = await call('POST /api/v1/promises', { body: heard })
  assert.equal(problemOf(refused), '422 promise.no_right_party attemptId')
  const [row] = await db.query<{ id: string }>(
    `update attempt set state = 'recorded', at = $1 where borrower_id = (select borrower_id from collection_case where case_id = $2)
     returning borrower_id || '-' || attempt_id as id`,
    ['2026-06-01T05:00:00Z', b1],
  )
  const path = `POST /api/v1/attempts/${row?.id}/outcome`
  await call(path, { body: { line: 'connected', party: 'third-party', talk: 'message-left' } })
  assert.equal((await call('POST /api/v1/promises', { body: heard })).status, 422)
  await call(path, { body: { line: 'connected', party: 'right-party', talk: 'promised' } })
  const made = await call('POST /api/v1/promises', { body: { ...heard, attemptId: row?.id } })
  assert.equal(made.status, 201, made.bytes.toString())
  assert.equal((await call('POST /api/v1/promises', { body: good })).status, 201)
  assert.deepEqual(await states(), ['superseded', 'open'])
})

test('what a promise gets wrong is named by its field', async () => {
  const post = async (change: object) =>
    problemOf(await call('POST /api/v1/promises', { body: { ...good, ...change } }))
  assert.equal(await post({ caseId: '999999' }), '404 resource.not_found caseId')
  assert.equal(await post({ currency: 'USD' }), '422 promise.currency_mismatch currency')
  assert.equal(await post({ dueOn: '2026-05-31' }), '422 promise.bad_date dueOn')
  assert.equal(await post({ dueOn: '2027-01-01' }), '422 promise.bad_date dueOn')
  assert.equal(await post({ amountMinor: -1 }), '400 request.invalid amountMinor')
  assert.equal(await post({ graceDays: 31 }), '400 request.invalid graceDays')
  assert.equal(await post({ source: 'rumour' }), '400 request.invalid source')
})

test('the worklist puts a promise that is due before larger arrears, each case once', async () => {
  const { json } = await call('GET /api/v1/worklist')
  const order = z.array(z.object({ id: z.string() })).parse(json.items)
  assert.deepEqual(
    order.map(({ id }) => id),
    [b1, b2],
  )
})

test('payments from the promise on keep it, in parts, at once; a reversal opens it again', async () => {
  await pay('a')
  assert.deepEqual(await states(), ['superseded', 'open'])
  await pay('b', { amountMinor: 6_000 })
  assert.deepEqual(await states(), ['superseded', 'kept'])
  await pay('c', { kind: 'reversed', amountMinor: undefined, reverses: 'b' })
  assert.deepEqual(await states(), ['superseded', 'open'])
})

test('when its days are over a promise is part-kept or broken, and a payment known late still keeps it', async () => {
  const body = { ...good, caseId: b2, amountMinor: 5_000, dueOn: '2026-06-02', graceDays: 1 }
  assert.equal((await call('POST /api/v1/promises', { body })).status, 201)
  clock.set(utc('2026-06-03T10:00:00Z'))
  assert.equal(await judgeOverduePromises(db, { reactions, at: clock.now() }), 0)
  clock.set(utc('2026-06-03T16:01:00Z'))
  assert.equal(await judgeOverduePromises(db, { reactions, at: clock.now() }), 1)
  assert.deepEqual(await states(), ['superseded', 'open', 'broken'])
  clock.set(utc('2026-06-06T10:00:00Z'))
  assert.equal(await judgeOverduePromises(db, { reactions, at: clock.now() }), 1)
  assert.deepEqual(await states(), ['superseded', 'part-kept', 'broken'])
  await pay('late', { loanNo: 'L3', effectiveOn: '2026-06-03', amountMinor: 5_000 })
  assert.deepEqual(await states(), ['superseded', 'part-kept', 'kept'])
  assert.deepEqual(await events(), [
    'promise.recorded',
    'promise.superseded',
    'promise.recorded',
    'promise.kept',
    'promise.reopened',
    'promise.recorded',
    'promise.broken',
    'promise.part-kept',
    'promise.kept',
  ])
  const woken = await db.query<{ on: string }>(
    'select next_step_on as on from collection_case where case_id = $1',
    [b1],
  )
  assert.ok(woken[0] !== undefined && woken[0].on <= '2026-06-06')
})

test('a payment that was known before does not keep a new promise; a cured case keeps it; a closed case takes none', async () => {
  clock.set(utc('2026-06-06T11:00:00Z'))
  const body = { ...good, caseId: b2, dueOn: '2026-06-08', amountMinor: 15_000 }
  await pay('before', { loanNo: 'L3', effectiveOn: '2026-06-06', amountMinor: 100 })
  assert.equal((await call('POST /api/v1/promises', { body })).status, 201)
  const [row] = await db.query<{ known: string }>(
    'select known_before[1] as known from promise order by promise_id desc limit 1',
  )
  assert.match(row?.known ?? '', /:before$/)
  await pay('rest', { loanNo: 'L3', effectiveOn: '2026-06-06', amountMinor: 14_900 })
  assert.deepEqual((await states()).at(-1), 'kept')
  assert.equal((await call(`GET /api/v1/cases/${b2}`)).json.state, 'closed')
  assert.equal(problemOf(await call('POST /api/v1/promises', { body })), '409 case.not_open caseId')
})

test('a file that clears the arrears keeps the promise when the cycle hears of it', async () => {
  const body = { ...good, dueOn: '2026-06-09', amountMinor: 50_000 }
  assert.equal((await call('POST /api/v1/promises', { body })).status, 201)
  const csv = 'event_no,loan_no,kind,effective_on,amount\nfile-1,L1,paid,2026-06-06,900.00\n'
  const loaded = await call('POST /api/v1/imports', {
    body: { kind: 'ledger', portfolio: 'main', csv },
  })
  assert.equal(loaded.json.created, 1, loaded.bytes.toString())
  await runCycle({ db, reactions, asOf: day('2026-06-06'), at: clock.now() })
  assert.equal((await call(`GET /api/v1/cases/${b1}`)).json.state, 'closed')
  assert.deepEqual((await states()).at(-1), 'kept')
})

test('a promise in parts is kept by what is paid by each day; its value is capped by the arrears; it may be taken back', async () => {
  clock.set(utc('2026-06-10T10:00:00Z'))
  await pay('fee', { kind: 'fee', effectiveOn: '2026-06-05', amountMinor: 11_680 })
  clock.set(utc('2026-06-10T10:01:00Z'))
  await runCycle({ db, reactions, asOf: day('2026-06-10'), at: clock.now() })
  const caseId = await caseOf(db, 'B1')
  const parts = [
    { amountMinor: 2_000, dueOn: '2026-06-12' },
    { amountMinor: 4_000, dueOn: '2026-06-20' },
  ]
  const body = { caseId, currency: 'CNY', source: 'message', parts, readBack: true }
  const both = { ...body, amountMinor: 1, dueOn: '2026-06-12' }
  assert.equal(
    problemOf(await call('POST /api/v1/promises', { body: both })),
    '422 promise.bad_parts parts',
  )
  const turned = { ...body, parts: parts.toReversed() }
  assert.equal(
    problemOf(await call('POST /api/v1/promises', { body: turned })),
    '422 promise.bad_parts parts',
  )
  const made = await call('POST /api/v1/promises', { body })
  assert.equal(made.status, 201, made.bytes.toString())
  const list = async () => {
    const { json } = await call(`GET /api/v1/promises?caseId=${caseId}`)
    const shape = z.object({
      id: z.string(),
      state: z.string(),
      cappedMinor: z.int(),
      isReadBack: z.boolean(),
    })
    return z.array(shape).parse(json.items)[0]
  }
  const id = String(made.json.id)
  assert.deepEqual(await list(), { id, state: 'open', cappedMinor: 3_000, isReadBack: true })
  clock.set(utc('2026-06-12T16:01:00Z'))
  assert.equal(await judgeOverduePromises(db, { reactions, at: clock.now() }), 1)
  assert.equal((await list())?.state, 'broken')
  const cancel = () => call(`POST /api/v1/promises/${id}/cancel`, { body: { reason: 'mistaken' } })
  assert.equal(problemOf(await cancel()), '409 promise.not_open id')
  await pay('part', { effectiveOn: '2026-06-12', amountMinor: 2_000 })
  assert.equal((await list())?.state, 'open')
  assert.deepEqual((await cancel()).json, { state: 'cancelled' })
  await pay('rest-of-parts', { effectiveOn: '2026-06-13', amountMinor: 4_000 })
  assert.equal((await list())?.state, 'cancelled')
})

test('nothing failed on our side', () => {
  clock.set(NOON)
  assert.deepEqual(api.failures, [])
})
