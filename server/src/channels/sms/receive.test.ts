import assert from 'node:assert/strict'
import { connect as connectTcp, createServer } from 'node:net'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import type { Pdu } from 'smpp'
import { startSmsc } from '../../../../sandbox/src/index.ts'
import { NOW, testPermit } from '../channel-contract.ts'
import type { InboundItem, ProviderReceipt } from '../inbound.ts'
import { parseReceipt } from './parse-receipt.ts'
import { receiveSms } from './receive.ts'
import { createSmsChannel } from './send.ts'
import { openSmppLink } from './smpp-link.ts'
import { smppSettings } from './smpp-settings.ts'

const clock = { now: () => instant(NOW) }
const DEADLINE_MS = 5000

async function setUp(change: object = {}) {
  const smsc = await startSmsc({ port: 0, clock })
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'dunlin',
    sourceAddress: '106900001',
    reconnectFirstMs: 20,
    answerWaitMs: 1000,
    ...change,
  })
  const link = openSmppLink({ settings, password: new Secret('secret') })
  after(async () => {
    await link.close()
    await smsc.close()
  })
  const receipts: ProviderReceipt[] = []
  const items: InboundItem[] = []
  const faults = { failNext: 0 }
  const orFail = (): void => {
    if (faults.failNext <= 0) return
    faults.failNext -= 1
    throw new Error('the database is away')
  }
  receiveSms({
    accountId: '3',
    link,
    clock,
    handlers: {
      onReceipts: async (batch) => {
        orFail()
        receipts.push(...batch)
      },
      onInbound: async (item) => {
        orFail()
        items.push(item)
      },
    },
  })
  const account = { accountId: '3', name: 'a', collectionContent: true }
  const channel = createSmsChannel({ account, link, clock })
  assert.equal(await link.whenBound(DEADLINE_MS), true)
  return { smsc, link, channel, receipts, items, faults }
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

test('a receipt names the accepted message, also when it comes first, twice, or in decimal', async () => {
  const { smsc, channel, receipts } = await setUp({ receiptId: 'answer-hex-receipt-decimal' })
  smsc.misbehave({ receiptId: 'decimal', isReceiptFirst: true, isReceiptDoubled: true })
  const [result] = await channel.send([testPermit()])
  await until(() => receipts.length === 2, 'two receipts')
  const id = result?.fate === 'accepted' && result.providerMessageId
  assert.deepEqual(
    receipts.map(({ providerMessageId, line }) => [providerMessageId, line]),
    [
      [id, 'delivered'],
      [id, 'delivered'],
    ],
  )
})

test('a receipt that could not be stored is offered again, and only then acknowledged', async () => {
  const { smsc, channel, receipts, faults } = await setUp()
  faults.failNext = 2
  smsc.misbehave({ receiptState: 'UNDELIV' })
  await channel.send([testPermit()])
  await until(() => receipts.length === 1, 'the receipt')
  await until(() => smsc.undelivered() === 0, 'the acknowledgement')
  assert.deepEqual([receipts[0]?.line, receipts[0]?.detail], ['failed', 'UNDELIV 001'])
})

test('many receipts are stored in a few batches', async () => {
  const { channel, receipts, smsc } = await setUp({ window: 500 })
  await channel.send(Array.from({ length: 300 }, () => testPermit()))
  await until(() => receipts.length === 300 && smsc.undelivered() === 0, 'all receipts')
  assert.equal(new Set(receipts.map(({ providerMessageId }) => providerMessageId)).size, 300)
})

test('a phone’s words arrive as one item when short and as numbered parts when long', async () => {
  const { smsc, items } = await setUp()
  const long = `我下个月发工资才能还。😀${'家里最近有些困难。'.repeat(12)}😀`
  smsc.sendFromPhone({ from: '19900001234', to: '106900001', text: 'R' })
  smsc.sendFromPhone({ from: '19900001234', to: '106900001', text: long })
  await until(() => items.length === 3, 'three items')
  const [short, ...parts] = items
  assert.deepEqual(short?.kind === 'message' && [short.from, short.to, short.text], [
    '19900001234',
    '106900001',
    'R',
  ])
  const whole = parts
    .flatMap((item) => (item.kind === 'part' ? [item] : []))
    .sort((a, b) => a.sequence - b.sequence)
  assert.deepEqual(
    whole.map(({ total, sequence }) => [total, sequence]),
    [
      [2, 1],
      [2, 2],
    ],
  )
  assert.equal(whole.map(({ text }) => text).join(''), long)
})

test('the same arrival offered again has the same key, another text has another', async () => {
  const { smsc, items, faults } = await setUp()
  const from = '19900001234'
  smsc.sendFromPhone({ from, to: '106900001', text: '好' })
  smsc.sendFromPhone({ from, to: '106900001', text: '好' })
  smsc.sendFromPhone({ from, to: '106900001', text: '不好' })
  await until(() => items.length === 3, 'three items')
  const keys = items.map(({ dedupeKey }) => dedupeKey)
  assert.equal(new Set(keys).size, 2)
  assert.equal(faults.failNext, 0)
})

test('bytes that are no PDU cost the connection, not the process, and what was under way is unknown', async () => {
  const { smsc, channel, link } = await setUp()
  smsc.misbehave({ garbageNext: 1 })
  const [result] = await channel.send([testPermit()])
  assert.equal(result?.fate, 'unknown')
  await until(() => link.health().connects === 2 && link.health().isBound, 'a new bind')
  const [next] = await channel.send([testPermit()])
  assert.equal(next?.fate, 'accepted')
  assert.deepEqual(smsc.log.summary().twice, [])
})

test('a refused bind is tried again later with growing waits', async () => {
  const { smsc, link } = await setUp()
  smsc.misbehave({ refuseBindNext: 2 })
  smsc.dropConnections()
  await until(() => link.health().connects === 2, 'a second bind')
  assert.match(String(link.health().lastError), /bind refused with status 0x0d/)
})

test('a line that goes dead without a word is noticed and replaced', async () => {
  const { smsc } = await setUp()
  const sockets = new Set<ReturnType<typeof connectTcp>>()
  let isDead = false
  // A wire between us and the SMSC that can stop carrying bytes without closing.
  const wire = createServer((near) => {
    const far = connectTcp(smsc.port, '127.0.0.1')
    const swallowing = isDead
    near.on('data', (data) => !(isDead && !swallowing) && far.write(data))
    far.on('data', (data) => !(isDead && !swallowing) && near.write(data))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((done) => wire.listen(0, '127.0.0.1', done))
  const address = wire.address()
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port: typeof address === 'object' ? address?.port : 0,
    systemId: 'dunlin',
    sourceAddress: '106900001',
    enquireLinkMs: 100,
    reconnectFirstMs: 20,
  })
  const link = openSmppLink({ settings, password: new Secret('x') })
  after(async () => {
    await link.close()
    for (const socket of sockets) socket.destroy()
    wire.close()
  })
  await link.whenBound(DEADLINE_MS)
  isDead = true
  await until(() => link.health().connects === 2, 'a new bind')
  assert.match(String(link.health().lastError), /enquire_link/)
})

test('receipts are read from parameters or text, in every spelling seen', () => {
  const pdu = (fields: Partial<Pdu>): Pdu => ({
    command: 'deliver_sm',
    command_id: 5,
    command_status: 0,
    sequence_number: 1,
    isResponse: () => false,
    response: () => assert.fail(),
    ...fields,
  })
  const read = (message: string) => parseReceipt(pdu({ short_message: { message } }), 'same')
  assert.deepEqual(read('id:7f stat:DELIVRD err:000 text:x'), {
    messageId: '7f',
    line: 'delivered',
    detail: 'DELIVRD 000',
  })
  assert.equal(read('id:1 Stat:undeliv Err:012')?.line, 'failed')
  assert.equal(read('id:1 stat:ENROUTE')?.line, null)
  assert.equal(read('id:1 stat:MK:0012')?.line, 'unknown')
  assert.equal(read('hello'), null)
  assert.equal(parseReceipt(pdu({}), 'same'), null)
  const byState = pdu({ receipted_message_id: '00FF', message_state: 8 })
  assert.deepEqual(parseReceipt(byState, 'answer-decimal-receipt-hex'), {
    messageId: 'ff',
    line: 'failed',
    detail: 'REJECTD',
  })
})
