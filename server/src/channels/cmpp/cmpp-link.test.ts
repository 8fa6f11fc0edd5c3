import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { type IsmgOptions, startIsmg } from '../../../../sandbox/src/index.ts'
import { NOW, testPermit } from '../channel-contract.ts'
import type { InboundItem, ProviderReceipt } from '../inbound.ts'
import { openCmppLink } from './cmpp-link.ts'
import { cmppSettings } from './cmpp-settings.ts'
import { receiveCmpp } from './receive.ts'
import { createCmppChannel } from './send.ts'

const clock = { now: () => instant(NOW) }
const DEADLINE_MS = 5000
const account = { accountId: '3', name: 'a', collectionContent: true }

async function setUp(change: object = {}, gateway: Partial<IsmgOptions> = {}) {
  const seen: string[] = []
  const ismg = await startIsmg({
    ...{ port: 0, clock, source: '901234', secret: 'shared' },
    onMessage: ({ text }) => seen.push(text),
    ...gateway,
  })
  const settings = cmppSettings.parse({
    ...{ host: '127.0.0.1', port: ismg.port, sourceAddress: '901234', accessNumber: '10690001' },
    ...{ reconnectFirstMs: 10, answerWaitMs: 1000, ...change },
  })
  const link = openCmppLink({ settings, password: new Secret('shared'), clock })
  after(async () => {
    await link.close()
    await ismg.close()
  })
  const receipts: ProviderReceipt[] = []
  const items: InboundItem[] = []
  const offered: string[] = []
  const faults = { failNext: 0 }
  const orFail = (): void => {
    if (faults.failNext <= 0) return
    faults.failNext -= 1
    throw new Error('the database is away')
  }
  const handlers = {
    onReceipts: async (batch: readonly ProviderReceipt[]) => {
      orFail()
      receipts.push(...batch)
    },
    onInbound: async (item: InboundItem) => {
      offered.push(item.dedupeKey)
      orFail()
      items.push(item)
    },
  }
  receiveCmpp({ accountId: '3', link, clock, handlers })
  const channel = createCmppChannel({ account, link, clock })
  return { ismg, link, channel, receipts, items, offered, faults, seen }
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

for (const version of ['2.0', '3.0'] as const) {
  for (const alphabet of ['ucs2', 'gbk'] as const) {
    test(`${version} ${alphabet}: a long text arrives whole, and its report names it`, async () => {
      const { channel, link, receipts, seen, ismg } = await setUp({ version, alphabet })
      assert.equal(await link.whenBound(DEADLINE_MS), true)
      const text = `您尾号1234的借款应还1,234.50元。${'如有困难请联系我们。'.repeat(12)}拒收请回复R`
      const content = { language: 'zh-CN', subject: null, text, html: null }
      const [result] = await channel.send([testPermit({ content })])
      assert.ok(result?.fate === 'accepted' && result.parts > 1)
      assert.deepEqual(seen, [text])
      await until(() => receipts.length === 1, 'the report')
      assert.equal(receipts[0]?.providerMessageId, result.providerMessageId)
      assert.equal(receipts[0]?.line, 'delivered')
      const [first] = ismg.log.list()
      assert.equal(first?.dataCoding, alphabet === 'ucs2' ? 8 : 15)
      assert.match(first?.to ?? '', /^1990/)
    })
  }
}

test('operators’ own codes mean failed, and a report that could not be stored comes again', async () => {
  const { channel, link, ismg, receipts, faults } = await setUp()
  await link.whenBound(DEADLINE_MS)
  faults.failNext = 2
  ismg.misbehave({ receiptState: 'MK:0005', isReceiptFirst: true })
  await channel.send([short()])
  await until(() => receipts.length === 1 && ismg.undelivered() === 0, 'the report')
  assert.deepEqual([receipts[0]?.line, receipts[0]?.detail], ['failed', 'MK:0005'])
})

test('what phones write comes in UCS-2 and GBK, long ones in parts, a retry under the same key', async () => {
  const { link, ismg, items, offered, faults } = await setUp()
  await link.whenBound(DEADLINE_MS)
  faults.failNext = 1
  const from = '19900001234'
  ismg.sendFromPhone({ from, to: '10690001', text: 'Ｒ' })
  await until(() => items.length === 1, 'UCS-2')
  assert.equal(offered[0], offered[1])
  ismg.sendFromPhone({ from, to: '10690001', text: '', gbk: Buffer.from('cdcbb6a9', 'hex') })
  await until(() => items.length === 2, 'GBK')
  assert.deepEqual(
    items.map((item) => item.kind === 'message' && item.text),
    ['Ｒ', '退订'],
  )
  ismg.sendFromPhone({ from, to: '10690001', text: '长'.repeat(100) })
  await until(() => items.length === 4, 'two parts')
  const parts = items.slice(2).map((item) => (item.kind === 'part' ? item : null))
  assert.equal(parts.map((part) => part?.text).join(''), '长'.repeat(100))
  assert.deepEqual(
    parts.map((part) => [part?.total, part?.sequence]),
    [
      [2, 1],
      [2, 2],
    ],
  )
  assert.equal(new Set(items.map(({ dedupeKey }) => dedupeKey)).size, 4)
})

test('a wrong secret, a wrong gateway and too high a version are told apart, and nothing is sent', async () => {
  const cases: readonly (readonly [Partial<IsmgOptions>, object, RegExp])[] = [
    [{ secret: 'other' }, {}, /status 3: the secret is wrong/],
    [{ source: '999999' }, {}, /status 2: the source address is unknown/],
    [{ version: '2.0' }, { version: '3.0' }, /status 4: the version is too high/],
  ]
  for (const [gateway, change, message] of cases) {
    const { link, channel, ismg } = await setUp({ connectWaitMs: 100, ...change }, gateway)
    const [result] = await channel.send([short()])
    assert.equal(result?.fate, 'not-sent')
    assert.match(link.health().lastError ?? '', message)
    assert.equal(ismg.log.list().length, 0)
  }
  const { link, ismg } = await setUp({ reconnectFirstMs: 60_000 }, {})
  await link.whenBound(DEADLINE_MS)
  ismg.misbehave({ wrongAuthenticatorNext: 1 })
  const second = openCmppLink({
    ...{ settings: link.settings, password: new Secret('shared'), clock },
  })
  after(second.close)
  await until(() => second.health().lastError !== null, 'the refusal')
  assert.match(second.health().lastError ?? '', /AuthenticatorISMG is wrong/)
  assert.equal(second.bound(), 0)
})

test('a gateway that answers no active test is left and connected to again', async () => {
  const { link, ismg } = await setUp({ activeTestMs: 50 })
  await link.whenBound(DEADLINE_MS)
  ismg.misbehave({ isDeaf: true })
  await until(() => link.health().lastError !== null, 'the line to be given up')
  assert.match(link.health().lastError ?? '', /active tests/)
  ismg.misbehave({ isDeaf: false })
  await until(() => link.health().connects >= 2 && link.bound() === 1, 'the next connection')
})

test('half an answer and a dropped line is unknown; the next goes out; nothing comes twice', async () => {
  const { link, channel, ismg } = await setUp()
  await link.whenBound(DEADLINE_MS)
  ismg.misbehave({ halfAnswerNext: 1 })
  assert.equal((await channel.send([short()]))[0]?.fate, 'unknown')
  assert.equal((await channel.send([short()]))[0]?.fate, 'accepted')
  assert.equal(ismg.log.summary().accepted, 2)
  assert.deepEqual(ismg.log.summary().twice, [])
})

test('several connections share the work; one that drops loses nothing and doubles nothing', async () => {
  const { link, channel, ismg } = await setUp({ connections: 3, window: 4 })
  await until(() => ismg.bound() === 3 && link.bound() === 3, 'three connections')
  ismg.misbehave({ slowMs: 20 })
  const sending = channel.send(Array.from({ length: 60 }, () => short()))
  await until(() => ismg.log.summary().accepted >= 10, 'the first')
  ismg.misbehave({ dropAfterNext: 1 })
  const results = await sending
  const unknown = results.filter(({ fate }) => fate === 'unknown').length
  assert.ok(unknown >= 1 && unknown <= 4, `${unknown} lay on the line that dropped`)
  assert.equal(results.filter(({ fate }) => fate === 'accepted').length, 60 - unknown)
  assert.deepEqual(ismg.log.summary().twice, [])
  await until(() => link.bound() === 3, 'the third again')
})

function short() {
  const permit = testPermit()
  const text = `应还1.00元 ${permit.permitId}`
  return testPermit({ content: { ...permit.content, text } })
}
