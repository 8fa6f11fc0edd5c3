import { instant, Secret } from '@dunlin/kernel'
import { startWecomServer } from '../../../../sandbox/src/index.ts'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { createTestSealer } from '../../platform/seal/index.ts'
import { type ContractSetUp, channelContract, NOW, testPermit } from '../channel-contract.ts'
import { createWecomApi } from './api-client.ts'
import { createWecomChannel } from './send.ts'
import { wecomSettings } from './wecom-settings.ts'

const clock = { now: () => instant(NOW) }
const db = await openTestDatabase()
await db.run(`insert into provider_account (name, channel, adapter, collection_content)
    values ('wecom', 'wecom', 'wecom', true)`)
await db.run(`insert into borrower (lender, borrower_no, sealed, person_hash, country, zones, language)
    values ('l', 'b', '', '', 'CN', '{Asia/Shanghai}', 'zh-CN')`)

async function setUp(): Promise<ContractSetUp> {
  const arrived: { to: string; text: string }[] = []
  const server = await startWecomServer({
    port: 0,
    clock,
    kfAccounts: ['wk1'],
    isWindowOpen: true,
    onText: (message) => arrived.push(message),
  })
  const settings = wecomSettings.parse({
    ...{ apiUrl: server.url, corpId: 'ww0000000000000000', window: 8, answerWaitMs: 300 },
    ...{ rateRestMs: 100, busyWaitMs: 5 },
  })
  const api = createWecomApi({ settings, corpSecret: new Secret('s'), clock })
  const account = { accountId: '1', name: 'wecom', collectionContent: true }
  return {
    channel: createWecomChannel({ account, settings, api, db, sealer: createTestSealer(), clock }),
    // A task arrives when its member confirms it; here every member does so at once.
    arrived: () => {
      for (const { msgid } of server.state.tasks.values()) server.confirm(msgid)
      return arrived
    },
    faults: {
      refuseNext: () => server.misbehave({ refuseNext: 1 }),
      deferNext: () => server.misbehave({ rateNext: 1 }),
      dropBeforeNext: () => server.misbehave({ dropBeforeNext: 1 }),
      dropAfterNext: () => server.misbehave({ dropAfterNext: 1 }),
      staySilentNext: () => server.misbehave({ silentNext: 1 }),
      goDown: server.close,
    },
    close: server.close,
  }
}

let people = 0
for (const [via, through] of [
  ['kf', 'wk1'],
  ['mass', 'li'],
] as const) {
  channelContract(`wecom by ${via}`, setUp, (change) => {
    people += 1
    const address = new Secret(`${via}/${through}/wm${String(people).padStart(12, '0')}`)
    return testPermit({
      ...{ channel: 'wecom', via, address },
      ...change,
      permitId: `018f6f3a-0000-7000-8000-${via === 'kf' ? 'a' : 'b'}${people.toString(16).padStart(11, '0')}`,
    })
  })
}
