import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant } from '@dunlin/kernel'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { applySettings, findApiKey, listAccounts } from './index.ts'

const sealer = createTestSealer()
const at = instant(0)
const SETTINGS = {
  portfolios: [
    {
      name: 'main',
      lender: 'Demo Lender',
      country: 'CN',
      currency: 'CNY',
      zones: ['Asia/Shanghai'],
      packs: ['cn'],
      collectorRole: 'original-creditor',
      strategy: 'cn-consumer-early-mid',
      contactLine: '400',
      complaintLine: '401',
    },
  ],
  products: [{ portfolio: 'main', name: 'cash', options: { graceDays: 3 } }],
  accounts: [
    {
      name: 'sms',
      channel: 'sms',
      adapter: 'sink',
      collectionContent: true,
      secrets: { password: 'hunter22' },
    },
  ],
  apiKeys: [{ name: 'erp', scopes: ['read', 'write'] }],
}

test('settings apply once; again nothing changes and no second key is made', async () => {
  const db = await openTestDatabase()
  const settings = settingsSchema.parse(SETTINGS)
  const first = await applySettings(db, settings, { sealer, at })
  const [made] = first.newKeys
  const tables = ['portfolio', 'product', 'provider_account', 'api_key']
  const dump = () =>
    Promise.all(
      tables.map((table) =>
        db.query(`select to_jsonb(t) - 'sealed_secrets' as row from ${table} t`),
      ),
    )
  const before = await dump()
  assert.deepEqual((await applySettings(db, settings, { sealer, at })).newKeys, [])
  assert.deepEqual(await dump(), before)
  assert.deepEqual(await findApiKey(db, sealer.hash('api_key', made?.key ?? '')), {
    name: 'erp',
    scopes: ['read', 'write'],
  })
  assert.equal(await findApiKey(db, sealer.hash('api_key', 'other')), null)
  const [account] = await listAccounts(db)
  assert.equal(JSON.stringify(account).includes('hunter22'), false)
})

test('a wrong setting names its field', () => {
  const wrong = settingsSchema.safeParse({
    ...SETTINGS,
    portfolios: [{ ...SETTINGS.portfolios[0], zones: ['Mars'] }],
  })
  assert.deepEqual(wrong.error?.issues[0]?.path, ['portfolios', 0, 'zones', 0])
  assert.equal(settingsSchema.safeParse({ portfolio: [] }).success, false)
})
