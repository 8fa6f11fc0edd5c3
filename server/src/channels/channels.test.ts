import { instant, Secret } from '@dunlin/kernel'
import { startIsmg, startMailServer, startSmsc } from '../../../sandbox/src/index.ts'
import type { ProviderAccount } from './channel.ts'
import { type ContractSetUp, channelContract, NOW, testPermit } from './channel-contract.ts'
import { aCloudChannel, cloudPermit } from './cloud-sms/test-cloud.ts'
import { openCmppLink } from './cmpp/cmpp-link.ts'
import { cmppSettings } from './cmpp/cmpp-settings.ts'
import { createCmppChannel } from './cmpp/send.ts'
import { emailSettings } from './email/email-settings.ts'
import { createEmailChannel } from './email/send.ts'
import { openSmtpPool } from './email/smtp-pool.ts'
import { createSinkChannel } from './sink/send.ts'
import { createSmsChannel } from './sms/send.ts'
import { openSmppLink } from './sms/smpp-link.ts'
import { smppSettings } from './sms/smpp-settings.ts'

const clock = { now: () => instant(NOW) }
const account: ProviderAccount = { accountId: '1', name: 'test', collectionContent: true }

channelContract('sink', async () => ({
  channel: createSinkChannel({ account, window: 20, clock }),
  arrived: () => [],
  faults: null,
  close: async () => undefined,
}))

channelContract('sms', setUpSms)

async function setUpSms(): Promise<ContractSetUp> {
  const arrived: { to: string; text: string }[] = []
  const smsc = await startSmsc({ port: 0, clock, onMessage: (message) => arrived.push(message) })
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'dunlin',
    sourceAddress: '106900001',
    window: 16,
    answerWaitMs: 1000,
    connectWaitMs: 400,
    reconnectFirstMs: 20,
    throttleFirstMs: 20,
  })
  const link = openSmppLink({ settings, password: new Secret('secret') })
  await link.whenBound(2000)
  return {
    channel: createSmsChannel({ account, link, clock }),
    arrived: () => arrived,
    faults: {
      refuseNext: () => smsc.misbehave({ rejectNext: 1 }),
      deferNext: () => smsc.misbehave({ throttleNext: 2, queueFullNext: 1 }),
      dropBeforeNext: () => smsc.misbehave({ dropBeforeNext: 1 }),
      dropAfterNext: () => smsc.misbehave({ dropAfterNext: 1 }),
      staySilentNext: () => smsc.misbehave({ silentNext: 1 }),
      goDown: smsc.close,
    },
    close: smsc.close,
  }
}

for (const version of ['2.0', '3.0'] as const) {
  channelContract(`cmpp ${version}`, () => setUpCmpp(version))
}

async function setUpCmpp(version: '2.0' | '3.0'): Promise<ContractSetUp> {
  const arrived: { to: string; text: string }[] = []
  const onMessage = (message: { to: string; text: string }): number => arrived.push(message)
  const ismg = await startIsmg({ port: 0, clock, secret: 'secret', onMessage })
  const settings = cmppSettings.parse({
    ...{ host: '127.0.0.1', port: ismg.port, version, sourceAddress: '901234' },
    ...{ accessNumber: '10690001', connections: 2, window: 8, answerWaitMs: 1000 },
    ...{ connectWaitMs: 400, reconnectFirstMs: 20, throttleFirstMs: 20 },
  })
  const link = openCmppLink({ settings, password: new Secret('secret'), clock })
  await link.whenBound(2000)
  return {
    channel: createCmppChannel({ account, link, clock }),
    arrived: () => arrived,
    faults: {
      refuseNext: () => ismg.misbehave({ rejectNext: 1 }),
      deferNext: () => ismg.misbehave({ flowControlNext: 3 }),
      dropBeforeNext: () => ismg.misbehave({ dropBeforeNext: 1 }),
      dropAfterNext: () => ismg.misbehave({ dropAfterNext: 1 }),
      staySilentNext: () => ismg.misbehave({ silentNext: 1 }),
      goDown: ismg.close,
    },
    close: ismg.close,
  }
}

for (const vendor of ['aliyun', 'tencent'] as const) {
  channelContract(`${vendor} sms`, () => setUpCloud(vendor), cloudPermit)
}

async function setUpCloud(vendor: 'aliyun' | 'tencent'): Promise<ContractSetUp> {
  const { channel, cloud } = await aCloudChannel(vendor, clock)
  return {
    channel,
    arrived: cloud.arrived,
    faults: {
      refuseNext: () => cloud.misbehave({ refuseNext: 1 }),
      deferNext: () => cloud.misbehave({ throttleNext: 1 }),
      dropBeforeNext: () => cloud.misbehave({ dropBeforeNext: 1 }),
      dropAfterNext: () => cloud.misbehave({ dropAfterNext: 1 }),
      staySilentNext: () => cloud.misbehave({ silentNext: 1 }),
      goDown: cloud.close,
    },
    close: cloud.close,
  }
}

channelContract('email', setUpEmail, (change) =>
  testPermit({
    channel: 'email',
    address: new Secret('wang@example.com'),
    unsubscribe: {
      url: 'https://u.lender.example.com/u/TOKEN',
      mailto: 'mailto:unsubscribe@lender.example.com?subject=TOKEN',
    },
    ...change,
  }),
)

async function setUpEmail(): Promise<ContractSetUp> {
  const server = await startMailServer({ port: 0, clock })
  const settings = emailSettings.parse({
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    fromName: '示例消费金融',
    fromAddress: 'notice@lender.example.com',
    replyTo: 'reply@lender.example.com',
    unsubscribeMailbox: 'unsubscribe@lender.example.com',
    bounceDomain: 'bounce.lender.example.com',
    connections: 3,
    answerWaitMs: 3000,
    connectWaitMs: 3000,
  })
  const secrets = {
    password: null,
    dkimPrivateKey: null,
    verpKey: new Secret<Uint8Array>(Buffer.alloc(32, 7)),
  }
  const pool = openSmtpPool(settings, secrets)
  return {
    channel: createEmailChannel({ account, settings, secrets, pool, clock }),
    arrived: () => server.mails().map(({ to, text }) => ({ to: to[0] ?? '', text })),
    faults: {
      refuseNext: () => server.misbehave({ rejectRecipientNext: 1 }),
      deferNext: () => server.misbehave({ deferRecipientNext: 1 }),
      dropBeforeNext: () => server.misbehave({ dropBeforeNext: 1 }),
      dropAfterNext: () => server.misbehave({ dropAfterNext: 1 }),
      staySilentNext: () => server.misbehave({ silentNext: 1 }),
      goDown: server.close,
    },
    close: server.close,
  }
}
