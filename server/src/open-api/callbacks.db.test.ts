import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import { signCallback } from '../payments/index.ts'
import { bookWaitingCallbacks } from './index.ts'
import { anApi, caseOf, NOON, problemOf, SIGNING } from './test-api.ts'

const api = await anApi()
const { call, db, gate, reactions, clock } = api
const PATH = 'POST /callbacks/webhook/bank'
const PAID = {
  loanNo: 'L3',
  eventNo: 'bank-1',
  kind: 'paid',
  effectiveOn: '2026-06-01',
  amountMinor: 20_000,
  currency: 'CNY',
}

function signed(id: string, text: string, change: Record<string, string> = {}) {
  const timestamp = String(Math.floor(NOON / 1000))
  const signature = signCallback(Buffer.from(text), { id, timestamp, secret: new Secret(SIGNING) })
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
    ...change,
  }
  return { key: undefined, text, headers }
}

async function stored(): Promise<{ error: string | null }[]> {
  return db.query('select error from payment_callback order by payment_callback_id')
}

test('a signed payment is stored as it came, cures the case and cancels what was planned before it is answered', async () => {
  const caseId = await caseOf(db, 'B2')
  const text = JSON.stringify(PAID, null, 3)
  const answer = await call(PATH, signed('m1', text))
  assert.deepEqual([answer.status, answer.json], [200, { status: 'taken' }])
  assert.equal((await call(`GET /api/v1/cases/${caseId}`)).json.closeReason, 'cured')
  const planned = `select 1 from attempt where state = 'planned' and case_id = $1`
  assert.deepEqual(await db.query(planned, [caseId]), [])
  const [row] = await db.query<{ sealed_body: Buffer }>('select sealed_body from payment_callback')
  const raw = gate.sealer.open(row?.sealed_body ?? Buffer.alloc(0))
  assert.equal(Buffer.from(raw, 'base64').toString(), text)
})

test('the same callback again is known, also under another id, and books nothing twice', async () => {
  const text = JSON.stringify(PAID, null, 3)
  assert.deepEqual((await call(PATH, signed('m1', text))).json, { status: 'known' })
  assert.deepEqual((await call(PATH, signed('m2', text))).json, { status: 'taken' })
  const booked = await db.query(`select 1 from ledger_event where event_no = 'bank-1'`)
  assert.equal(booked.length, 1)
})

test('a hundred deliveries of one callback at once book it once', async () => {
  const text = JSON.stringify({ ...PAID, loanNo: 'L1', eventNo: 'bank-2', amountMinor: 100 })
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => call(PATH, signed('storm', text))),
  )
  assert.equal(answers.filter(({ json }) => json.status === 'taken').length, 1)
  assert.ok(answers.every(({ status }) => status === 200))
  assert.equal((await db.query(`select 1 from ledger_event where event_no = 'bank-2'`)).length, 1)
})

test('nothing unsigned is stored or read', async () => {
  const before = await stored()
  const text = JSON.stringify({ ...PAID, eventNo: 'forged' })
  const post = async (change: Record<string, string>) =>
    problemOf(await call(PATH, signed('m3', text, change)))
  assert.equal(
    await post({ 'webhook-signature': 'v1,AAAA' }),
    '401 callback.signature webhook-signature',
  )
  assert.equal(await post({ 'webhook-signature': '' }), '401 callback.signature webhook-signature')
  assert.equal(await post({ 'webhook-id': 'm4' }), '401 callback.signature webhook-signature')
  assert.equal(await post({ 'webhook-timestamp': '1' }), '401 callback.signature webhook-timestamp')
  const elsewhere = await call('POST /callbacks/webhook/nobody', signed('m3', text))
  assert.equal(problemOf(elsewhere), '404 callback.unknown_account account')
  const sms = await call('POST /callbacks/sink/sms', signed('m3', text))
  assert.equal(problemOf(sms), '404 callback.unknown_account account')
  assert.deepEqual(await stored(), before)
})

test('what is signed but cannot be booked is kept with its reason, and answered, so that it is not sent for ever', async () => {
  const texts = [
    'no json at all',
    JSON.stringify({ ...PAID, eventNo: 'x', loanNo: 'L9' }),
    JSON.stringify({ ...PAID, eventNo: 'x', currency: 'USD' }),
    JSON.stringify({ ...PAID, eventNo: 'x', amountMinor: '12' }),
  ]
  const count = (await stored()).length
  for (const [index, text] of texts.entries())
    assert.equal((await call(PATH, signed(`odd-${index}`, text))).json.status, 'taken')
  assert.deepEqual(
    (await stored()).slice(count).map(({ error }) => error?.split(':')[0]),
    [
      'request.invalid ',
      'ledger.unknown_loan loanNo',
      'ledger.currency_mismatch currency',
      'request.invalid amountMinor',
    ],
  )
})

test('a callback that was stored when we died is booked by the sweep', async () => {
  const text = JSON.stringify({ ...PAID, loanNo: 'L1', eventNo: 'bank-3', amountMinor: 100 })
  const sealed = gate.sealer.seal(Buffer.from(text).toString('base64'))
  await db.run(
    `insert into payment_callback (provider_account_id, dedupe_key, sealed_body, received_at)
     select provider_account_id, 'left', $1, '2026-06-01T05:00:00Z' from provider_account where name = 'bank'`,
    [sealed],
  )
  const context = {
    db,
    sealer: gate.sealer,
    reactions,
    clock,
    payments: api.payments,
    onTransfer: api.onTransfer,
    onFailure: (error: unknown) => assert.fail(String(error)),
  }
  assert.equal(await bookWaitingCallbacks(context), 1)
  assert.equal(await bookWaitingCallbacks(context), 0)
  assert.equal((await db.query(`select 1 from ledger_event where event_no = 'bank-3'`)).length, 1)
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})
