import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant, Secret } from '@dunlin/kernel'
import { startCloudSms } from '../../sandbox/src/index.ts'
import { NOW, testPermit } from './channels/channel-contract.ts'
import { cloudPermit } from './channels/cloud-sms/test-cloud.ts'
import type { InboundItem, ProviderReceipt } from './channels/inbound.ts'
import { applySettings, listAccounts } from './people/index.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import { createApp } from './platform/http/index.ts'
import { createTestSealer } from './platform/seal/index.ts'
import { openCloudDoor, openCloudSms, routeCloudCallbacks } from './wire-cloud-sms.ts'

const TOKEN = 'unguessable-token-of-the-account'
const SECRET = 'secret-of-the-account'
const clock = { now: () => instant(NOW) }
const sealer = createTestSealer()

const OF = {
  aliyun: { code: 'SMS_1', text: `您好，您申请的对账单\${number}已生成，请登录App查看。` },
  tencent: { code: '1110', text: '您好，您申请的对账单{1}已生成，请登录App查看。' },
} as const

async function setUp(vendor: 'aliyun' | 'tencent') {
  const db = await openTestDatabase()
  let url = ''
  const template = OF[vendor]
  const cloud = await startCloudSms({
    ...{ vendor, port: 0, clock, secret: SECRET, templates: { [template.code]: template.text } },
    callback: () => url,
  })
  const adapter = `${vendor}-sms` as const
  const settings = {
    ...{ apiUrl: cloud.url, signName: '示例消费金融', templates: [template] },
    ...(vendor === 'tencent' ? { appId: '1400006666' } : {}),
  }
  const secrets = { keyId: 'key', keySecret: SECRET, callbackToken: TOKEN }
  const account = { name: 'cloud', channel: 'sms', adapter, collectionContent: false }
  await applySettings(db, settingsSchema.parse({ accounts: [{ ...account, settings, secrets }] }), {
    sealer,
    at: NOW,
  })
  const app = await createApp({ version: '0', onFailure: (error) => assert.fail(String(error)) })
  routeCloudCallbacks(app, await openCloudDoor({ db, sealer, clock }))
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  after(async () => {
    await app.close()
    await cloud.close()
  })
  url = `${base}/callbacks/${adapter}/cloud/${TOKEN}`
  const receipts: ProviderReceipt[] = []
  const items: InboundItem[] = []
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
      items.push(item)
    },
  }
  const { channel, chores } = openCloudSms({
    row: { adapter, settings, secrets: new Secret(secrets) },
    account: { accountId: '1', name: 'cloud', collectionContent: false },
    world: { clock, sealer, handlers, db },
  })
  const work = async (): Promise<void> => {
    for (const chore of chores) await chore.work()
  }
  return { db, cloud, channel, base, adapter, receipts, items, faults, work }
}

for (const vendor of ['aliyun', 'tencent'] as const) {
  test(`${vendor}: receipts and phones’ words come by callbacks, once, stored before they are answered`, async () => {
    const { db, cloud, channel, receipts, items, work } = await setUp(vendor)
    const results = await channel.send([cloudPermit(), cloudPermit()])
    const ids = results.map((result) => result.fate === 'accepted' && result.providerMessageId)
    cloud.misbehave({ isCallbackDoubled: true })
    assert.equal(await cloud.pushReports(), true)
    assert.equal(await cloud.sendFromPhone('+8619900001234', 'Ｒ'), true)
    const [kept] = await db.query('select count(*)::integer from provider_callback')
    assert.deepEqual(kept, { count: 2 })
    assert.deepEqual([receipts.length, items.length], [0, 0])
    await work()
    await work()
    assert.deepEqual(
      receipts.map(({ providerMessageId, line }) => [providerMessageId, line]),
      ids.map((id) => [id, 'delivered']),
    )
    assert.deepEqual(
      items.map((item) => item.kind === 'message' && [item.from.slice(-11), item.text]),
      [['19900001234', 'Ｒ']],
    )
    const stored = await db.query<{ sealed: Buffer }>('select sealed from provider_callback')
    for (const { sealed } of stored) assert.equal(sealed.includes('19900001234'), false)
  })

  test(`${vendor}: a failure is told, and work that failed is done again`, async () => {
    const { db, cloud, channel, receipts, faults, work } = await setUp(vendor)
    await channel.send([cloudPermit()])
    faults.failNext = 1
    await cloud.pushReports(false)
    await work()
    assert.equal(receipts.length, 0)
    await db.run('update provider_callback set due_at = received_at')
    await work()
    assert.deepEqual(
      receipts.map(({ line, detail }) => [line, detail]),
      [['failed', 'MK:0005']],
    )
  })

  test(`${vendor}: strangers are not heard: a wrong token, an unknown account, no JSON`, async () => {
    const { db, base, adapter } = await setUp(vendor)
    const post = async (path: string, body: string): Promise<number> => {
      const url = `${base}/callbacks/${path}`
      return (await fetch(url, { method: 'POST', body })).status
    }
    assert.equal(await post(`${adapter}/cloud/wrong-token-wrong-token`, '[]'), 403)
    assert.equal(await post(`${adapter}/another/${TOKEN}`, '[]'), 404)
    assert.equal(await post(`${adapter}/cloud/${TOKEN}`, 'no json'), 400)
    assert.equal(await post(`${adapter}/cloud/${TOKEN}`, '[1]'), 400)
    assert.deepEqual(await db.query('select 1 from provider_callback'), [])
  })
}

test('what the approved templates do not give word for word never leaves', async () => {
  const { cloud, channel } = await setUp('aliyun')
  const permit = cloudPermit()
  const text = `${permit.content.text}请还款。`
  const [other] = await channel.send([testPermit({ content: { ...permit.content, text } })])
  assert.ok(other?.fate === 'rejected' && other.code === 'aliyun.no_template')
  assert.equal(cloud.arrived().length, 0)
})

test('settings cannot promise collection content of a cloud; what was stored before is narrowed', async () => {
  const { db } = await setUp('aliyun')
  const settings = { signName: 'x', templates: [] }
  const account = { name: 'c2', channel: 'sms', adapter: 'aliyun-sms', collectionContent: true }
  await assert.rejects(
    applySettings(db, settingsSchema.parse({ accounts: [{ ...account, settings }] }), {
      ...{ sealer, at: NOW },
    }),
    /forbid collection content \(Aliyun SMS template rules, 2024-07-01\)/,
  )
  await db.run('update provider_account set collection_content = true')
  const [stored] = await listAccounts(db)
  assert.deepEqual([stored?.collectionContent, stored?.serviceContent], [false, true])
})
