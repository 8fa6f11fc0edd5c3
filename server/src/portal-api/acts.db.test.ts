import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { previewContacts } from '../contact/index.ts'
import { caseOf } from '../open-api/test-api.ts'
import { aPortal, comeIn, type Given } from './test-portal.ts'

const portal = await aPortal()
const { db, gate, clock } = portal
const cookie = await comeIn(portal, 'B1')
const caseId = await caseOf(db, 'B1')
// Who chose how to be reached, and nothing else.
const quiet = await comeIn(portal, 'B2')
const quietCase = await caseOf(db, 'B2')
const call = (request: string, body?: unknown, given: Given = {}) =>
  portal.call(request, body, { cookie, ...given })
const VISIBLE_WITHIN_MS = 1_000

/** What the gate says now to a message on a channel. */
async function verdictOf(channel: string, of = quietCase): Promise<string> {
  const carriers = new Set(['sms', 'email'])
  const all = await previewContacts(db, gate, { caseId: of, at: clock.now(), carriers })
  const found = all.find((each) => each.channel === channel)
  if (found === undefined) return 'none'
  const { verdict } = found
  return verdict.verdict === 'permit'
    ? 'permit'
    : `${verdict.verdict} ${verdict.reasons.map(({ rule }) => rule).join(' ')}`
}

/** Does it, asks the gate, and says how long both took. */
async function seenByGate(act: () => Promise<unknown>, of = quietCase) {
  const startedAt = performance.now()
  await act()
  const verdict = await verdictOf('sms', of)
  const ms = performance.now() - startedAt
  assert.ok(ms < VISIBLE_WITHIN_MS, `${ms} ms`)
  return { verdict, ms: Math.round(ms) }
}

const owed = z.object({
  arrearsMinor: z.int(),
  outstandingMinor: z.int(),
  dpd: z.int(),
  loans: z.array(
    z.object({
      loanId: z.string(),
      loanNo: z.string(),
      arrears: z.object({ penaltyMinor: z.int(), principalMinor: z.int(), interestMinor: z.int() }),
      payments: z.array(z.object({ eventNo: z.string(), amountMinor: z.int() })),
    }),
  ),
  transfer: z.object({ account: z.string() }).nullable(),
})
const readOwed = async () => owed.parse((await call('GET /portal-api/owed')).json)

test('what is owed is split by loan and component, to the day', async () => {
  const { arrearsMinor, dpd, loans, transfer } = await readOwed()
  assert.equal(arrearsMinor, 85_320)
  assert.equal(dpd, 7)
  assert.deepEqual(loans.map(({ loanNo }) => loanNo).sort(), ['L1', 'L2'])
  const late = loans.find(({ loanNo }) => loanNo === 'L1')
  assert.deepEqual(late?.arrears, {
    principalMinor: 80_000,
    interestMinor: 5_000,
    penaltyMinor: 320,
  })
  assert.equal(transfer?.account, '0000 0000')
})

test('a payment by WeChat Pay is in the ledger and has a receipt; asked for twice it is one order', async () => {
  const body = { amountMinor: 10_000, currency: 'CNY', way: 'native' }
  const [first, second] = await Promise.all([
    call('POST /portal-api/orders', body, { once: 'order-1' }),
    call('POST /portal-api/orders', body, { once: 'order-1' }),
  ])
  assert.equal(first.status, 200, first.bytes.toString())
  assert.equal(first.json.id, second.json.id)
  const { json } = await call(`GET /portal-api/orders/${String(first.json.id)}`)
  assert.equal(json.state, 'open')
  assert.match(String(json.codeUrl), /^weixin:/)
  const [order] = await db.query<{ out_trade_no: string }>('select out_trade_no from payment_order')
  await portal.platform.pay(order?.out_trade_no ?? '')
  const deadline = performance.now() + 5_000
  while ((await call(`GET /portal-api/orders/${String(first.json.id)}`)).json.state !== 'paid')
    assert.ok(performance.now() < deadline, 'not heard of')
  const after = await readOwed()
  assert.equal(after.arrearsMinor, 75_320)
  const loan = after.loans.find(({ payments }) => payments.length > 0)
  const eventNo = encodeURIComponent(loan?.payments[0]?.eventNo ?? '')
  const receipt = await call(`GET /portal-api/files/receipts/${loan?.loanId}/${eventNo}`)
  assert.equal(
    receipt.bytes.subarray(0, 5).toString(),
    '%PDF-',
    receipt.bytes.toString().slice(0, 200),
  )
  const early = await call(`GET /portal-api/files/settlements/${loan?.loanId}`)
  assert.equal(early.status, 404, 'no letter of settlement while something is owed')
})

test('more than is owed is not taken', async () => {
  const body = { amountMinor: 100_000_000, currency: 'CNY', way: 'native' }
  assert.equal((await call('POST /portal-api/orders', body)).json.code, 'payment.exceeds_owed')
})

const offers = z.object({
  affordableMinor: z.int().nullable(),
  offers: z.array(z.object({ key: z.string(), kind: z.string(), parts: z.array(z.unknown()) })),
})
const plan = z.object({ id: z.string(), state: z.string(), agreementSha256: z.string() })

test('a plan that fits is chosen, accepted with a code once, and its agreement is the one that was seen', async () => {
  const household = {
    ...{ adults: 1, children: 0, incomeMinor: 500_000, housingMinor: 100_000 },
    ...{ livingMinor: 150_000, otherDebtsMinor: 0, availableMinor: 10_000 },
  }
  assert.equal((await call('POST /portal-api/statements', household)).status, 200)
  const found = offers.parse((await call('GET /portal-api/offers')).json)
  assert.ok((found.affordableMinor ?? 0) > 0)
  const instalments = found.offers.find(({ kind }) => kind === 'instalments')
  assert.ok(instalments !== undefined, JSON.stringify(found))
  assert.ok(found.offers.every(({ kind }) => kind !== 'settlement'))
  const invented = await call('POST /portal-api/plans', { key: 'settlement arrears 1' })
  assert.equal(invented.json.code, 'plan.not_on_offer')
  const chosen = plan.parse((await call('POST /portal-api/plans', { key: instalments.key })).json)
  const pdf = await call(`GET /portal-api/files/agreements/${chosen.id}`)
  assert.equal(pdf.headers.get('content-type'), 'application/pdf')
  const sent = await call(`POST /portal-api/plans/${chosen.id}/code`, { channel: 'sms' })
  assert.equal(sent.status, 200, sent.bytes.toString())
  await portal.dispatch()
  const agreementSha256 = chosen.agreementSha256
  const code = portal.lastCode()
  const wrong = code === '000000' ? '000001' : '000000'
  const path = `POST /portal-api/plans/${chosen.id}/accept`
  assert.equal((await call(path, { code: wrong, agreementSha256 })).json.code, 'plan.bad_code')
  const accepted = await call(path, { code, agreementSha256 }, { once: 'accept-1' })
  assert.equal(accepted.status, 200, accepted.bytes.toString())
  assert.equal((await call(path, { code, agreementSha256 }, { once: 'accept-1' })).status, 200)
  const [row] = await db.query<{ state: string }>('select state from plan')
  assert.equal(row?.state, 'active')
})

test('what is another borrower’s is what is not there', async () => {
  const other = quiet
  const ids = await db.query<{ id: string }>('select plan_id as id from plan')
  const [order] = await db.query<{ id: string }>('select payment_order_id as id from payment_order')
  for (const request of [
    `GET /portal-api/files/agreements/${ids[0]?.id}`,
    `GET /portal-api/orders/${order?.id}`,
    `POST /portal-api/plans/${ids[0]?.id}/code`,
  ]) {
    const body = { channel: 'sms' }
    const theirs = await portal.call(request, body, { cookie: other })
    const nobodys = await portal.call(request.replace(/\d+/, '999999'), body, { cookie: other })
    assert.equal(theirs.status, 404)
    assert.equal(theirs.json.detail, nobodys.json.detail)
  }
})

test('a stopped channel is refused by the gate within a second, and open again when it is wanted', async (t) => {
  assert.match(await verdictOf('sms'), /permit/)
  const stop = (isStopped: boolean) => () =>
    call('POST /portal-api/choices/channel', { channel: 'sms', isStopped }, { cookie: quiet })
  const stopped = await seenByGate(stop(true))
  assert.match(stopped.verdict, /refuse/)
  await stop(true)()
  const holds = await db.query(`select 1 from hold where kind = 'channel-stop' and to_at is null`)
  assert.equal(holds.length, 1, 'said twice, held once')
  clock.set(clock.now() + 1000)
  const opened = await seenByGate(stop(false))
  assert.match(opened.verdict, /permit/)
  t.diagnostic(`stop ${stopped.ms} ms, open ${opened.ms} ms`)
})

test('hours that do not suit are deferred by the gate within a second', async (t) => {
  const { verdict, ms } = await seenByGate(() =>
    call('POST /portal-api/choices/hours', { hours: ['14:00-18:00'] }, { cookie: quiet }),
  )
  assert.doesNotMatch(verdict, /permit/)
  const { json } = await call('GET /portal-api/choices', undefined, { cookie: quiet })
  assert.deepEqual(json.hours, ['14:00-18:00'])
  clock.set(clock.now() + 1000)
  await call('POST /portal-api/choices/hours', { hours: [] }, { cookie: quiet })
  assert.match(await verdictOf('sms'), /permit/)
  t.diagnostic(`${ms} ms`)
})

test('a dispute stops contact within a second, is owned, due, and told; words lie sealed', async (t) => {
  const body = { kind: 'dispute', text: '这笔罚息算错了', loanNo: 'L1' }
  const { verdict, ms } = await seenByGate(
    () => call('POST /portal-api/matters', body, { once: 'dispute-1' }),
    caseId,
  )
  assert.match(verdict, /refuse/)
  await call('POST /portal-api/matters', body, { once: 'dispute-1' })
  const { json } = await call('GET /portal-api/matters')
  const matters = z.array(z.object({ kind: z.string(), text: z.string() })).parse(json.matters)
  assert.deepEqual(matters, [{ kind: 'dispute', text: '这笔罚息算错了' }])
  const foreign = await call('POST /portal-api/matters', { ...body, loanNo: 'L3' })
  assert.equal(foreign.status, 404)
  assert.equal((await call('GET /portal-api/offers')).json.isHeld, true)
  t.diagnostic(`${ms} ms`)
})

test('what a borrower writes is read back in their thread and waits for an answer', async () => {
  const text = '请问分期之后还会收到电话吗？'
  const written = await call('POST /portal-api/messages', { text }, { once: 'message-1' })
  assert.equal(written.status, 200, written.bytes.toString())
  await call('POST /portal-api/messages', { text }, { once: 'message-1' })
  const { json } = await call('GET /portal-api/messages')
  const messages = z.array(z.object({ from: z.string(), text: z.string() })).parse(json.messages)
  assert.deepEqual(messages, [{ from: 'borrower', text }])
  const [row] = await db.query<{ state: string }>('select state from conversation')
  assert.equal(row?.state, 'open')
})

test('third-party contact is stopped, and deletion asked for keeps what the law keeps', async () => {
  const stop = { kind: 'third-party-stop', text: '不要联系我的家人', loanNo: null }
  assert.equal((await call('POST /portal-api/matters', stop)).status, 200)
  const { json } = await call('POST /portal-api/erasure')
  assert.ok(String(json.earliestOn) > '2030')
})

test('a borrower gets everything that is held, opened, and nothing that is a key', async () => {
  const { bytes, headers } = await call('GET /portal-api/files/data')
  assert.match(String(headers.get('content-disposition')), /my-data\.json/)
  const text = bytes.toString()
  const { held } = z.object({ held: z.record(z.string(), z.unknown()) }).parse(JSON.parse(text))
  for (const table of [
    'borrower',
    'contact_point',
    'loan',
    'ledger_event',
    'hold',
    'matter',
    'attempt',
    'plan',
  ])
    assert.ok(table in held, table)
  assert.match(text, /19900000001/)
  assert.match(text, /这笔罚息算错了/)
  assert.doesNotMatch(
    text,
    /19900000002|key_salt|value_hash|person_hash|portal_session|sealed_facts/,
  )
})

test('each act stands in the audit in the transaction that did it', async () => {
  const rows = await db.query<{ action: string; count: number }>(
    `select action, count(*)::integer as count from audit_event where actor like 'borrower %' group by 1 order by 1`,
  )
  const counts = new Map(rows.map(({ action, count }) => [action, count]))
  assert.equal(counts.get('POST /portal-api/orders'), 1)
  assert.equal(counts.get('POST /portal-api/matters'), 2)
  assert.equal(counts.get('GET /portal-api/files/data'), 1)
  assert.deepEqual(portal.failures, [])
})
