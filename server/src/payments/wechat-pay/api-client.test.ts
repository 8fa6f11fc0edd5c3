import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import peer from 'wechatpay-axios-plugin'
import type { WechatPayServer } from '../../../../sandbox/src/index.ts'
import { createTestSealer } from '../../platform/seal/index.ts'
import { API_V3_KEY, APP, aPlatform, PLATFORM, SECRETS, settingsOf } from '../test-merchant.ts'
import { fetchTradeBill } from './bills.ts'
import { type Merchant, openMerchant } from './merchant.ts'
import { openResource } from './open-resource.ts'
import { askOrder, closeOrder, placeOrder } from './orders.ts'
import { parseBill } from './read-bill.ts'
import { askRefund, placeRefund } from './refunds.ts'
import { askTransfer, cancelTransfer, placeTransfer } from './transfers.ts'

const START = Date.parse('2026-06-01T06:00:00Z')
const NOTIFY = 'https://lender.example.com/callbacks/wechat-pay/pay'

function aClock() {
  let at = START
  const add = (ms: number) => {
    at += ms
  }
  return { now: () => instant(at), add }
}

type Mode = NonNullable<Parameters<typeof settingsOf>[1]['mode']>

async function aMerchant(mode: Mode = 'public-key', signsWithCertificates?: boolean) {
  const clock = aClock()
  const signs = signsWithCertificates === undefined ? {} : { signsWithCertificates }
  const server = await aPlatform({ clock, mode, ...signs })
  const sealer = createTestSealer()
  const sealedSecrets = sealer.seal(JSON.stringify(SECRETS))
  const settings = settingsOf(server, { mode, notifyUrl: NOTIFY })
  const row = { accountId: '1', name: 'pay', settings, sealedSecrets }
  return { clock, server, merchant: openMerchant(row, { sealer, clock }) }
}

function anOrder(outTradeNo = 'order0001', totalMinor = 1234) {
  const terms = { outTradeNo, totalMinor, description: '账单支付' }
  return { ...terms, expiresAt: instant(START + 600_000), way: { way: 'native' } as const }
}

const kinds = (answers: readonly { kind: string }[]) => answers.map(({ kind }) => kind)

test('orders of every way are placed, asked about and closed under real signatures', async () => {
  const { server, merchant } = await aMerchant()
  const native = await placeOrder(merchant, anOrder())
  assert.ok(native.kind === 'ok' && native.value.startsWith('weixin://wxpay/'))
  const inside = await placeOrder(merchant, {
    ...anOrder('order0002'),
    way: { way: 'jsapi', openid: 'o-made-up' },
  })
  assert.ok(inside.kind === 'ok' && inside.value.startsWith('wx'))
  const h5 = await placeOrder(merchant, {
    ...anOrder('order0003'),
    way: { way: 'h5', payerIp: '192.0.2.1' },
  })
  assert.ok(h5.kind === 'ok' && h5.value.startsWith('https://'))
  const asked = await askOrder(merchant, 'order0001')
  assert.ok(asked.kind === 'ok' && asked.value.trade_state === 'NOTPAY')
  assert.equal((await closeOrder(merchant, 'order0001')).kind, 'ok')
  const closed = await askOrder(merchant, 'order0001')
  assert.ok(closed.kind === 'ok' && closed.value.trade_state === 'CLOSED')
  await server.pay('order0002')
  const late = await closeOrder(merchant, 'order0002')
  assert.ok(late.kind === 'refused' && late.code === 'ORDERPAID')
  const missing = await askOrder(merchant, 'nothing-of-that')
  assert.ok(missing.kind === 'refused' && missing.code === 'ORDER_NOT_EXIST')
})

test('what went wrong is told apart: refused, never taken, or unknown; nothing is made twice', async () => {
  const { server, merchant } = await aMerchant()
  const wrongly = async (fault: Parameters<WechatPayServer['misbehave']>[0], n: string) => {
    server.misbehave(fault)
    return placeOrder(merchant, anOrder(n))
  }
  const answers = [
    await wrongly({ brokenNext: 1 }, 'fault-01'),
    await wrongly({ rateNext: 1 }, 'fault-02'),
    await wrongly({ dropBeforeNext: 1 }, 'fault-03'),
    await wrongly({ lostAnswerNext: 1 }, 'fault-04'),
    await wrongly({ halfNext: 1 }, 'fault-05'),
    await wrongly({ badAnswerSignatureNext: 1 }, 'fault-06'),
  ]
  const wanted = ['unknown', 'not-sent', 'unknown', 'unknown', 'unknown', 'unknown']
  assert.deepEqual(kinds(answers), wanted)
  assert.equal(server.state.calls.get('POST /v3/pay/transactions/native'), 3)
  assert.equal((await wrongly({ slowMs: 700 }, 'fault-07')).kind, 'unknown')
  server.misbehave({ slowMs: 0 })
  const bad = await placeOrder(merchant, anOrder('x'))
  assert.ok(bad.kind === 'refused' && bad.code === 'PARAM_ERROR')
  const again = await placeOrder(merchant, anOrder('fault-04', 99))
  assert.ok(again.kind === 'refused' && again.code === 'OUT_TRADE_NO_USED')
  const sealer = createTestSealer()
  const sealedSecrets = sealer.seal(JSON.stringify(SECRETS))
  const closed = await aPlatform({ clock: aClock() })
  await closed.close()
  const settings = settingsOf(closed, { notifyUrl: NOTIFY })
  const row = { accountId: '2', name: 'nowhere', settings, sealedSecrets }
  const nowhere = openMerchant(row, { sealer, clock: aClock() })
  assert.equal((await placeOrder(nowhere, anOrder())).kind, 'not-sent')
})

test('certificates are fetched once for many, rotate without a gap, and never replace the public key', async () => {
  const { clock, server, merchant } = await aMerchant('certificates')
  const fetches = () => server.state.calls.get('GET /v3/certificates') ?? 0
  const first = await Promise.all(
    Array.from({ length: 8 }, (_, n) => placeOrder(merchant, anOrder(`many-00${n}`))),
  )
  assert.ok(first.every(({ kind }) => kind === 'ok'))
  assert.equal(fetches(), 1)
  clock.add(120_000)
  server.rotate()
  assert.equal((await askOrder(merchant, 'many-001')).kind, 'ok')
  assert.equal(fetches(), 2)
  server.rotate()
  // A second unknown serial within the minute is refused without asking: strangers cannot make us call.
  assert.equal((await askOrder(merchant, 'many-001')).kind, 'unknown')
  assert.equal(fetches(), 2)
  clock.add(60_000)
  assert.equal((await askOrder(merchant, 'many-001')).kind, 'ok')
})

test('while an account migrates to the public key both are believed; without certificates only the key is', async () => {
  const both = await aMerchant('both', true)
  assert.equal((await placeOrder(both.merchant, anOrder())).kind, 'ok')
  const keyed = await aMerchant('both', false)
  assert.equal((await placeOrder(keyed.merchant, anOrder())).kind, 'ok')
  const only = await aMerchant('public-key', true)
  assert.equal((await placeOrder(only.merchant, anOrder())).kind, 'unknown')
})

test('refunds: the same number is one refund; more than is left is refused', async () => {
  const { server, merchant } = await aMerchant()
  await placeOrder(merchant, anOrder())
  await server.pay('order0001')
  const refund = { outRefundNo: 'refund01', outTradeNo: 'order0001', reason: '多付退回' }
  const asked = { ...refund, refundMinor: 1000, totalMinor: 1234 }
  server.misbehave({ lostAnswerNext: 1 })
  assert.equal((await placeRefund(merchant, asked)).kind, 'unknown')
  assert.equal((await askRefund(merchant, 'refund01')).kind, 'ok')
  assert.equal((await placeRefund(merchant, asked)).kind, 'ok')
  const more = await placeRefund(merchant, { ...asked, outRefundNo: 'refund02' })
  assert.ok(more.kind === 'refused' && more.code === 'NOT_ENOUGH')
  await server.settleRefund('refund01', 'SUCCESS')
  const done = await askRefund(merchant, 'refund01')
  assert.ok(done.kind === 'ok' && done.value.state === 'SUCCESS')
  assert.equal((await askRefund(merchant, 'refund03')).kind, 'refused')
})

test('transfers wait for the user for a day, can be taken back until then, and are one under one number', async () => {
  const { clock, server, merchant } = await aMerchant()
  const terms = (outBillNo: string) => ({
    ...{
      outBillNo,
      sceneId: '1000',
      openid: 'o-made-up',
      amountMinor: 500,
      remark: '按时还款奖励',
    },
    ...{ activity: '按时还款奖励', reward: '按约定日期还款' },
  })
  const made = await placeTransfer(merchant, terms('bill00001'))
  assert.ok(made.kind === 'ok' && made.value.state === 'WAIT_USER_CONFIRM')
  const again = await placeTransfer(merchant, terms('bill00001'))
  assert.ok(again.kind === 'ok' && server.state.transfers.size === 1)
  assert.equal(await server.confirm('bill00001'), true)
  const cancel = await cancelTransfer(merchant, 'bill00001')
  assert.ok(cancel.kind === 'refused')
  await placeTransfer(merchant, terms('bill00002'))
  const back = await cancelTransfer(merchant, 'bill00002')
  assert.ok(back.kind === 'ok' && back.value.state === 'CANCELLED')
  await placeTransfer(merchant, terms('bill00003'))
  clock.add(24 * 3_600_000)
  assert.equal(await server.confirm('bill00003'), false)
  const late = await askTransfer(merchant, 'bill00003')
  assert.ok(late.kind === 'ok' && late.value.state === 'FAIL')
  const scene = await placeTransfer(merchant, { ...terms('bill00004'), sceneId: '1005' })
  assert.ok(scene.kind === 'refused' && scene.code === 'NO_AUTH')
})

async function aDayWithABill(merchant: Merchant, server: WechatPayServer): Promise<void> {
  await placeOrder(merchant, anOrder('order0001', 10))
  await placeOrder(merchant, anOrder('order0002', 123_456))
  await placeOrder(merchant, anOrder('order0003', 77))
  await server.pay('order0001', 3)
  await server.pay('order0002')
  const refund = { outRefundNo: 'refund01', outTradeNo: 'order0002', reason: '退' }
  await placeRefund(merchant, { ...refund, refundMinor: 456, totalMinor: 123_456 })
}

test('a day’s bill is there from ten the next day, fits its hash, and adds up to the cent', async () => {
  const { clock, server, merchant } = await aMerchant()
  await aDayWithABill(merchant, server)
  const early = await fetchTradeBill(merchant, '2026-06-01')
  assert.ok(!early.ok && early.refusal.code === 'NO_STATEMENT_EXIST')
  clock.add(20 * 3_600_000)
  const bill = await fetchTradeBill(merchant, '2026-06-01')
  assert.ok(bill.ok)
  const parsed = parseBill(bill.value.text)
  assert.deepEqual(parsed.ok && parsed.value, [
    { kind: 'payment', outTradeNo: 'order0001', outRefundNo: null, amountMinor: 10n },
    { kind: 'payment', outTradeNo: 'order0002', outRefundNo: null, amountMinor: 123_456n },
    { kind: 'refund', outTradeNo: 'order0002', outRefundNo: 'refund01', amountMinor: 456n },
  ])
  server.misbehave({ isBillDamaged: true })
  const damaged = await fetchTradeBill(merchant, '2026-06-01')
  assert.ok(!damaged.ok && damaged.refusal.code === 'damaged')
})

test('a bill that does not add up, lacks a column or says something new is refused', async () => {
  const { clock, server, merchant } = await aMerchant()
  await aDayWithABill(merchant, server)
  clock.add(20 * 3_600_000)
  const bill = await fetchTradeBill(merchant, '2026-06-01')
  assert.ok(bill.ok)
  const { text } = bill.value
  const broken = [
    text.replaceAll('`1234.56', '`1234.57').replace('`1234.66', '`1234.66'),
    text.replace('商户订单号', '订单'),
    text.replace('`SUCCESS', '`HALF'),
    text.split('\r\n').slice(0, -2).join('\r\n'),
    text.replace('`CNY', '`USD'),
    '',
  ]
  assert.deepEqual(
    broken.map((each) => parseBill(each).ok),
    broken.map(() => false),
  )
})

test('an independent client opens the sandbox’s callbacks, and ours opens what it seals', () => {
  const sealed = peer.Aes.AesGcm.encrypt('{"mchid":"1"}', API_V3_KEY, '0123456789ab', 'transaction')
  const opened = openResource(
    {
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed,
      associated_data: 'transaction',
      nonce: '0123456789ab',
    },
    new Secret(API_V3_KEY),
  )
  assert.deepEqual(opened, { ok: true, value: '{"mchid":"1"}' })
})

test('an independent client speaks with the sandbox as ours does, each believing its answers', async () => {
  const clock = { now: () => instant(Date.now()) }
  const server = await aPlatform({ clock })
  const client = new peer.Wechatpay({
    mchid: APP.merchantId,
    serial: 'AB12',
    privateKey: SECRETS.merchantKey,
    certs: { [server.state.publicKey.id]: PLATFORM.publicKey },
    baseURL: `${server.url}/`,
  })
  const placed = await client.chain('v3/pay/transactions/native').post({
    ...{ mchid: APP.merchantId, appid: APP.appId, description: '账单支付' },
    ...{ out_trade_no: 'theirs0001', notify_url: NOTIFY, amount: { total: 5, currency: 'CNY' } },
  })
  assert.equal(placed.status, 200)
  const sealer = createTestSealer()
  const sealedSecrets = sealer.seal(JSON.stringify(SECRETS))
  const settings = settingsOf(server, { notifyUrl: NOTIFY })
  const ours = openMerchant(
    { accountId: '1', name: 'p', settings, sealedSecrets },
    { sealer, clock },
  )
  const asked = await askOrder(ours, 'theirs0001')
  assert.ok(asked.kind === 'ok' && asked.value.amount?.total === 5)
  server.misbehave({ badAnswerSignatureNext: 1 })
  const path = 'v3/pay/transactions/out-trade-no/theirs0001'
  await assert.rejects(client.chain(path).get({ params: { mchid: APP.merchantId } }))
})
