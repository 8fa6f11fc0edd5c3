import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { required } from '@dunlin/kernel'
import { z } from 'zod'
import { placeOrder, reconcileDay, sweepOrders } from '../payments/index.ts'
import { anAccount, aPlatform, settingsOf } from '../payments/test-merchant.ts'
import { bookWaitingCallbacks } from './index.ts'
import { anApi, caseOf, KEYS, NOON, problemOf } from './test-api.ts'

// Borrowers pay through the sandbox's WeChat Pay, over the real routes, into the real ledger.

const api = await anApi()
const { call, db, gate, clock, payments } = api
const server = await aPlatform({ clock })
const notifyUrl = `${api.url}/callbacks/wechat-pay/pay`
const accountId = await anAccount(db, gate.sealer, settingsOf(server, { notifyUrl }))
const MINUTE_MS = 60_000
const orderShape = z.object({
  id: z.string(),
  outTradeNo: z.string(),
  state: z.string(),
  failure: z.string().nullable(),
  refundedMinor: z.int(),
  pay: z.object({ codeUrl: z.string().optional() }).nullable(),
  lines: z.array(z.object({ loanId: z.string(), amountMinor: z.int(), bookedMinor: z.int() })),
})
type Shown = z.infer<typeof orderShape>
let keys = 0

async function post(body: Record<string, unknown>, once?: string): Promise<Shown> {
  keys += 1
  const asked = { currency: 'CNY', way: 'native', ...body }
  const answer = await call('POST /api/v1/payments/orders', {
    body: asked,
    once: once ?? `o${keys}`,
  })
  assert.equal(answer.status, 201, JSON.stringify(answer.json))
  return orderShape.parse(answer.json)
}
async function shown(id: string): Promise<Shown> {
  return orderShape.parse((await call(`GET /api/v1/payments/orders/${id}`)).json)
}
async function refund(id: string, amountMinor: number) {
  keys += 1
  const path = `POST /api/v1/payments/orders/${id}/refunds`
  const body = { amountMinor, reason: '多付退回' }
  return call(path, { key: KEYS.admin, body, once: `r${keys}` })
}
/** What the ledger holds of a borrower's payments, reversals taken out, by loan. */
async function booked(borrowerNo: string): Promise<Record<string, number>> {
  const rows = await db.query<{ loan_no: string; paid: string }>(
    `select l.loan_no, sum(e.amount_minor) as paid from ledger_event e join loan l using (borrower_id, loan_id)
     join borrower b on b.borrower_id = l.borrower_id
     where b.borrower_no = $1 and e.kind = 'paid' and not exists (select 1 from ledger_event r
       where r.borrower_id = e.borrower_id and r.loan_id = e.loan_id and r.kind = 'reversed' and r.reverses = e.event_no)
     group by 1 order by 1`,
    [borrowerNo],
  )
  return Object.fromEntries(rows.map(({ loan_no: loan, paid }) => [loan, Number(paid)]))
}
async function newestRefund(): Promise<string> {
  const [row] = await db.query<{ n: string }>(
    'select out_refund_no as n from payment_refund order by payment_refund_id desc limit 1',
  )
  return required(row, 'refund').n
}

describe('orders', () => {
  test('never for more than is owed, in another currency, or for a stranger’s loan', async () => {
    const caseId = await caseOf(db, 'B2')
    const refusal = async (body: Record<string, unknown>) => {
      const asked = { caseId, amountMinor: 100, currency: 'CNY', way: 'native', ...body }
      return problemOf(await call('POST /api/v1/payments/orders', { body: asked }))
    }
    const wrong = [
      await refusal({ amountMinor: 200_001 }),
      await refusal({ currency: 'USD' }),
      await refusal({ loanNos: ['L1'] }),
      await refusal({ caseId: '999' }),
      await refusal({ way: 'jsapi' }),
      await refusal({ account: 'nobody' }),
    ]
    assert.deepEqual(wrong, [
      '422 payment.exceeds_owed amountMinor',
      '422 payment.currency_mismatch currency',
      '422 payment.unknown_loan loanNos',
      '404 resource.not_found caseId',
      '400 request.invalid openid',
      '422 payment.no_account account',
    ])
    assert.equal(server.state.orders.size, 0)
  })

  test('the same request again is the same order, placed once; another closes the earlier one', async () => {
    const caseId = await caseOf(db, 'B2')
    const first = await post({ caseId, amountMinor: 100 }, 'same')
    assert.ok(first.state === 'open' && first.pay?.codeUrl?.startsWith('weixin://'))
    const again = await Promise.all(
      Array.from({ length: 10 }, () => post({ caseId, amountMinor: 100 }, 'same')),
    )
    assert.ok(again.every(({ id, state }) => id === first.id && state === 'open'))
    assert.equal(server.state.calls.get('POST /v3/pay/transactions/native'), 1)
    const second = await post({ caseId, amountMinor: 200 })
    assert.equal((await shown(first.id)).state, 'closed')
    assert.equal(server.state.orders.get(first.outTradeNo)?.state, 'CLOSED')
    assert.equal(second.state, 'open')
  })

  test('a payment is booked to the loans before the callback is answered, once, and cures the case', async () => {
    const caseId = await caseOf(db, 'B2')
    const order = await post({ caseId, amountMinor: 20_000 })
    server.misbehave({ isCallbackDoubled: true })
    assert.equal(await server.pay(order.outTradeNo, 500), true)
    server.misbehave({ isCallbackDoubled: false })
    assert.equal((await shown(order.id)).state, 'paid')
    assert.deepEqual(await booked('B2'), { L3: 20_000 })
    assert.equal((await call(`GET /api/v1/cases/${caseId}`)).json.closeReason, 'cured')
  })

  test('a sum is split: what is overdue first, of the loan overdue for longest', async () => {
    const caseId = await caseOf(db, 'B1')
    const order = await post({ caseId, amountMinor: 100_000 })
    assert.deepEqual(
      order.lines.map(({ amountMinor }) => amountMinor),
      [100_000],
    )
    const both = await post({ caseId, amountMinor: 1_200_000 })
    assert.equal(both.lines.length, 2)
    assert.equal(
      both.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      1_200_000,
    )
    assert.equal((await shown(order.id)).state, 'closed')
  })
})

describe('callbacks', () => {
  test('nothing that the platform did not sign is stored; its probes neither', async () => {
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 700 })
    const count = async () => (await db.query('select 1 from payment_callback')).length
    const before = await count()
    const forged = await call('POST /callbacks/wechat-pay/pay', {
      key: undefined,
      body: { id: 'x' },
    })
    assert.equal(problemOf(forged), '401 callback.signature wechatpay-timestamp')
    server.misbehave({ badSignatureNext: 3 })
    assert.equal(await server.pay(order.outTradeNo), false)
    assert.equal(await count(), before)
    assert.equal((await shown(order.id)).state, 'open')
    clock.set(clock.now() + 2 * MINUTE_MS)
    await sweepOrders(payments)
    assert.equal((await shown(order.id)).state, 'paid')
  })

  test('a payment of another amount than the order’s is kept with its reason and not booked', async () => {
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 800 })
    const before = await booked('B1')
    const theirs = required(server.state.orders.get(order.outTradeNo), 'order')
    server.state.orders.set(order.outTradeNo, { ...theirs, totalMinor: 900 })
    await server.pay(order.outTradeNo)
    const [row] = await db.query<{ error: string }>(
      'select error from payment_callback order by payment_callback_id desc limit 1',
    )
    assert.match(row?.error ?? '', /the order is over 800 CNY/)
    assert.deepEqual(await booked('B1'), before)
    server.state.orders.set(order.outTradeNo, { ...theirs, state: 'CLOSED' })
    clock.set(clock.now() + 40 * MINUTE_MS)
    await sweepOrders(payments)
    assert.equal((await shown(order.id)).state, 'closed')
  })

  test('one that was stored when we died is booked by the sweep', async () => {
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 900 })
    await server.pay(order.outTradeNo)
    const before = await booked('B1')
    await db.run('update payment_callback set processed_at = null')
    clock.set(clock.now() + MINUTE_MS)
    const { sealer } = gate
    const { reactions, onTransfer } = api
    const onFailure = (error: unknown) => assert.fail(String(error))
    const context = { db, sealer, reactions, clock, payments, onTransfer, onFailure }
    assert.ok((await bookWaitingCallbacks(context)) > 0)
    assert.deepEqual(await booked('B1'), before)
  })
})

describe('unknown outcomes', () => {
  test('an order whose answer was lost is asked about, closed, and never placed again', async () => {
    const caseId = await caseOf(db, 'B1')
    const placed = () => server.state.calls.get('POST /v3/pay/transactions/native')
    const before = required(placed(), 'calls')
    server.misbehave({ lostAnswerNext: 1 })
    const order = await post({ caseId, amountMinor: 1000 })
    assert.equal(order.state, 'unknown')
    assert.equal(order.pay, null)
    clock.set(clock.now() + 2 * MINUTE_MS)
    await sweepOrders(payments)
    assert.equal((await shown(order.id)).state, 'closed')
    assert.equal(placed(), before + 1)
  })

  test('one that the provider never took fails, but not while its call may be on its way', async () => {
    server.misbehave({ dropBeforeNext: 1 })
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 1100 })
    assert.equal(order.state, 'unknown')
    const next = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 1200 })
    assert.equal(next.state, 'new')
    clock.set(clock.now() + 2 * MINUTE_MS)
    await sweepOrders(payments)
    assert.equal((await shown(order.id)).state, 'failed')
    assert.equal((await shown(next.id)).state, 'closed')
  })

  test('one that was paid while its answer was lost is booked', async () => {
    const before = (await booked('B1')).L1 ?? 0
    server.misbehave({ lostAnswerNext: 1, isCallbackLost: true })
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 1300 })
    await server.pay(order.outTradeNo)
    server.misbehave({ isCallbackLost: false })
    const next = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 1400 })
    assert.equal((await shown(order.id)).state, 'paid')
    assert.equal((await booked('B1')).L1, before + 1300)
    assert.equal(next.state, 'open')
  })

  test('twenty processes that place one order make one call', async () => {
    const caseId = await caseOf(db, 'B1')
    const order = await post({ caseId, amountMinor: 1500 })
    await db.run(
      `update payment_order set state = 'new', placed_at = null, out_trade_no = 'DOrace0001' where payment_order_id = $1`,
      [order.id],
    )
    const before = required(server.state.calls.get('POST /v3/pay/transactions/native'), 'calls')
    await Promise.all(Array.from({ length: 20 }, () => placeOrder(payments, order.id)))
    assert.equal(server.state.calls.get('POST /v3/pay/transactions/native'), before + 1)
    assert.equal((await shown(order.id)).state, 'open')
  })
})

describe('refunds', () => {
  test('what has gone back is out of the ledger, to the cent; never more than was paid', async () => {
    const order = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 2000 })
    await server.pay(order.outTradeNo)
    const before = (await booked('B1')).L1 ?? 0
    assert.equal(problemOf(await refund(order.id, 2001)), '422 payment.exceeds_paid amountMinor')
    assert.equal((await refund(order.id, 501)).json.state, 'processing')
    assert.equal((await booked('B1')).L1, before)
    assert.equal(await server.settleRefund(await newestRefund(), 'SUCCESS'), true)
    assert.equal((await booked('B1')).L1, before - 501)
    server.misbehave({ lostAnswerNext: 1 })
    assert.equal((await refund(order.id, 1499)).json.state, 'processing')
    server.misbehave({ isCallbackLost: true })
    await server.settleRefund(await newestRefund(), 'SUCCESS')
    server.misbehave({ isCallbackLost: false })
    clock.set(clock.now() + 2 * MINUTE_MS)
    await sweepOrders(payments)
    await sweepOrders(payments)
    assert.equal((await booked('B1')).L1, before - 2000)
    assert.equal((await shown(order.id)).refundedMinor, 2000)
    assert.equal(problemOf(await refund(order.id, 1)), '422 payment.exceeds_paid amountMinor')
  })

  test('a cure that was paid back is no cure: the case opens again', async () => {
    const [row] = await db.query<{ id: string }>(
      `select payment_order_id as id from payment_order join borrower using (borrower_id)
       where borrower_no = 'B2' and state = 'paid'`,
    )
    await refund(required(row, 'order').id, 20_000)
    await server.settleRefund(await newestRefund(), 'SUCCESS')
    assert.deepEqual(await booked('B2'), {})
    assert.equal((await call(`GET /api/v1/cases/${await caseOf(db, 'B2')}`)).json.state, 'open')
  })
})

describe('reconciliation', () => {
  test('a day agrees to the cent; what the bill knows first is booked; what differs is kept', async () => {
    server.misbehave({ isCallbackLost: true })
    const late = await post({ caseId: await caseOf(db, 'B1'), amountMinor: 2100 })
    await server.pay(late.outTradeNo)
    server.misbehave({ isCallbackLost: false })
    clock.set(NOON + 24 * 60 * MINUTE_MS)
    const merchant = required(await payments.merchants.find({ accountId }), 'merchant')
    const reconcile = async () => {
      const report = await reconcileDay(payments, { merchant, day: '2026-06-01' })
      assert.ok(report.ok, 'there is a bill')
      return report.value
    }
    const whole = await reconcile()
    // The order that the test above made differ from ours: never paid, so on no bill.
    assert.deepEqual(whole.differences, [])
    assert.equal(whole.settledLate, 1)
    assert.ok(whole.billPaidMinor > 0n && whole.billRefundedMinor > 0n)
    assert.equal(whole.billPaidMinor, whole.oursPaidMinor)
    assert.equal(whole.billRefundedMinor, whole.oursRefundedMinor)
    const theirs = required(server.state.orders.get(late.outTradeNo), 'order')
    server.state.orders.delete(late.outTradeNo)
    server.state.orders.set('stranger01', { ...theirs, outTradeNo: 'stranger01' })
    const [other] = [...server.state.orders.values()].filter(
      ({ state, outTradeNo }) => state === 'SUCCESS' && outTradeNo !== 'stranger01',
    )
    const changed = required(other, 'order')
    server.state.orders.set(changed.outTradeNo, { ...changed, totalMinor: changed.totalMinor + 1 })
    const report = await reconcile()
    assert.deepEqual(report.differences.map(({ kind }) => kind).sort(), [
      'amount-differs',
      'missing-here',
      'missing-there',
    ])
    const kept = await db.query(
      'select 1 from payment_difference where payment_reconciliation_id = $1',
      [report.id],
    )
    assert.equal(kept.length, 3)
  })
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})
