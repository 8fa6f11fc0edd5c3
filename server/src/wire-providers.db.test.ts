import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { replyByMail, startMailServer, startSmsc } from '../../sandbox/src/index.ts'
import { NOW, testPermit } from './channels/channel-contract.ts'
import type { InboundHandlers, ProviderReceipt } from './channels/inbound.ts'
import { type ConversationContext, receiveInbound, receiveReceipts } from './conversations/index.ts'
import { toOutlet } from './main.ts'
import type { AccountRow } from './people/index.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import { createReactions } from './platform/events/index.ts'
import { createTestSealer } from './platform/seal/index.ts'
import { openMailDoor, openProvider, type ProviderRow } from './wire-providers.ts'

const PHONE = '+8619900004321'
const EMAIL = 'wang@example.com'
const DEADLINE_MS = 5000
const db = await openTestDatabase()
const sealer = createTestSealer()
const clock = { now: () => instant(NOW) }
const receipts: ProviderReceipt[] = []
const context: ConversationContext = {
  db,
  sealer,
  reactions: createReactions(),
  receipts: async (_tx, batch) => {
    receipts.push(...batch)
  },
  stopWords: ['R', '退订'],
  countryCode: '86',
}
const handlers: InboundHandlers = {
  onInbound: (item) => receiveInbound(context, item),
  onReceipts: (batch) => receiveReceipts(context, batch),
}
const world = { clock, sealer, handlers }
const NO_SECRETS = { collectionContent: false, secrets: new Secret({}) }

await db.run(`insert into portfolio (name, lender, country, currency, zones, packs, collector_role,
  strategy, contact_line, complaint_line) values ('p', 'l', 'CN', 'CNY', '{Asia/Shanghai}', '{cn}',
  'original-creditor', 's', '400', '401')`)
await db.run(`insert into borrower (lender, borrower_no, sealed, person_hash, country, zones, language)
  values ('l', 'b1', '', '', 'CN', '{Asia/Shanghai}', 'zh-CN')`)
await db.run(
  `insert into loan (borrower_id, portfolio_id, loan_no, currency) values (1, 1, 'x', 'CNY')`,
)
await db.run(
  `insert into contact_point (borrower_id, kind, sealed, value_hash, masked)
   values (1, 'phone', '', $1, '***'), (1, 'email', '', $2, '***')`,
  [sealer.hash('phone', PHONE), sealer.hash('email', EMAIL)],
)

async function stops(): Promise<string> {
  const rows = await db.query<{ channel: string }>(
    `select channel from hold where kind = 'channel-stop' order by channel`,
  )
  return rows.map(({ channel }) => channel).join(',')
}

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, 'waited in vain')
    await new Promise((done) => setTimeout(done, 2))
  }
}

test('SMS: a phone’s R has stopped the channel by the time the centre is answered', async () => {
  const smsc = await startSmsc({ port: 0, clock })
  after(smsc.close)
  const row: ProviderRow = {
    ...{ accountId: '1', name: 'sms', collectionContent: true, adapter: 'smpp' },
    settings: { host: '127.0.0.1', port: smsc.port, systemId: 'd', sourceAddress: '106900001' },
    secrets: new Secret({ password: 'x' }),
  }
  const provider = openProvider(row, world)
  after(provider.channel.close)
  await until(() => smsc.bound() === 1)
  const [result] = await provider.channel.send([testPermit({ address: new Secret(PHONE) })])
  assert.equal(result?.fate, 'accepted')
  await until(() => receipts.length === 1)
  assert.equal(await stops(), '')
  smsc.sendFromPhone({ from: PHONE.slice(3), to: '106900001', text: 'Ｒ' })
  await until(() => smsc.undelivered() === 0)
  assert.equal(await stops(), 'sms')
})

test('email: an answer that says stop has stopped the channel when its server is answered', async () => {
  const server = await startMailServer({ port: 0, clock })
  after(server.close)
  const row: ProviderRow = {
    ...{ accountId: '2', name: 'mail', collectionContent: true, adapter: 'smtp' },
    settings: {
      ...{ host: '127.0.0.1', port: server.port, tls: 'none', fromName: '示例消费金融' },
      ...{ fromAddress: 'notice@lender.example.com', replyTo: 'reply@lender.example.com' },
      unsubscribeMailbox: 'unsubscribe@lender.example.com',
      bounceDomain: 'bounce.lender.example.com',
    },
    secrets: new Secret({}),
  }
  const provider = openProvider(row, world)
  const onTrouble = (error: unknown): void => assert.fail(String(error))
  const door = await openMailDoor([provider], world, { host: '127.0.0.1', port: 0, onTrouble })
  assert.ok(door !== null)
  after(async () => {
    await provider.channel.close()
    await door.close()
  })
  await provider.channel.send([testPermit({ channel: 'email', address: new Secret(EMAIL) })])
  const [letter] = server.mails()
  assert.ok(letter !== undefined)
  await replyByMail({ host: '127.0.0.1', port: door.port }, letter, { text: '退订。' })
  assert.equal(await stops(), 'email,sms')
})

test('wrong settings are refused with the field that is wrong', () => {
  const row: ProviderRow = {
    ...{ accountId: '3', name: 'x', collectionContent: true, adapter: 'smpp' },
    settings: { host: '127.0.0.1', systemId: 'd', sourceAddress: '1069', windw: 3 },
    secrets: new Secret({}),
  }
  assert.throws(() => openProvider(row, world), /windw/)
})

test('made-up people are reached on this machine only: what names no host of it is elsewhere', () => {
  const account = {
    ...{ accountId: '1', name: 'a', sealedSecrets: null, cost: null },
    ...{ collectionContent: false, serviceContent: true, oneTimeCodes: true },
  }
  const provider = openProvider(
    { ...{ accountId: '1', name: 'a', adapter: 'sink', settings: {} }, ...NO_SECRETS },
    world,
  )
  const isLoopback = (adapter: AccountRow['adapter'], settings: object) =>
    toOutlet({ ...account, channel: 'sms', adapter, settings }, provider).isLoopback
  assert.equal(isLoopback('sink', {}), true)
  assert.equal(isLoopback('smpp', { host: '127.0.0.1' }), true)
  assert.equal(isLoopback('wecom', { apiUrl: 'http://127.0.0.1:9/' }), true)
  assert.equal(isLoopback('letter', { folder: '/srv/letters', rehearsal: true }), true)
  assert.equal(isLoopback('letter', { folder: '/srv/letters' }), false)
  // Their adapters call the vendor where the settings say nothing.
  assert.equal(isLoopback('aliyun-sms', {}), false)
  assert.equal(isLoopback('wecom', {}), false)
  assert.equal(isLoopback('smpp', { host: '192.0.2.1' }), false)
})
