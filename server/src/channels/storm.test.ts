import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pick, Secret, seededRandom } from '@dunlin/kernel'
import { startIsmg, startMailServer, startSmsc } from '../../../sandbox/src/index.ts'
import type { Channel, SendResult } from './channel.ts'
import { NOW, testPermit } from './channel-contract.ts'
import { aCloudChannel, cloudPermit } from './cloud-sms/test-cloud.ts'
import { openCmppLink } from './cmpp/cmpp-link.ts'
import { cmppSettings } from './cmpp/cmpp-settings.ts'
import { createCmppChannel } from './cmpp/send.ts'
import { emailSettings } from './email/email-settings.ts'
import { createEmailChannel } from './email/send.ts'
import { openSmtpPool } from './email/smtp-pool.ts'
import type { Permit } from './permit.ts'
import { createSmsChannel } from './sms/send.ts'
import { openSmppLink } from './sms/smpp-link.ts'
import { smppSettings } from './sms/smpp-settings.ts'

const clock = { now: () => NOW }
const account = { accountId: '1', name: 'storm', collectionContent: true }
const ROUNDS = 25
const PERMITS_PER_ROUND = 12

/** Messages in rounds, each round under some fault; then every claim is held against what arrived. */
async function storm(
  channel: Channel,
  world: {
    readonly permit: () => Permit
    readonly misbehave: () => void
    readonly timesArrived: (permit: Permit) => number
  },
): Promise<Record<SendResult['fate'], number>> {
  const counts = { accepted: 0, rejected: 0, unknown: 0, 'not-sent': 0 }
  const told: [Permit, SendResult][] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    world.misbehave()
    const permits = Array.from({ length: PERMITS_PER_ROUND }, () => world.permit())
    const results = await channel.send(permits)
    for (const [index, permit] of permits.entries()) {
      const result = results[index]
      assert.equal(result?.permitId, permit.permitId)
      told.push([permit, result])
      counts[result.fate] += 1
    }
  }
  for (const [permit, { fate }] of told) {
    const times = world.timesArrived(permit)
    assert.ok(times <= 1, `${fate} arrived ${times} times`)
    if (fate === 'accepted') assert.equal(times, 1)
    if (fate === 'rejected' || fate === 'not-sent') assert.equal(times, 0)
  }
  return counts
}

function shortPermit(change: Parameters<typeof testPermit>[0] = {}): Permit {
  const permit = testPermit(change)
  const text = `应还1.00元 ${permit.permitId}`
  return testPermit({ ...change, content: { ...permit.content, text } })
}

test('SMS: under every fault nothing arrives twice and no claim is false', async () => {
  const smsc = await startSmsc({ port: 0, clock })
  after(smsc.close)
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'dunlin',
    sourceAddress: '106900001',
    window: 8,
    connections: 2,
    answerWaitMs: 100,
    connectWaitMs: 1000,
    reconnectFirstMs: 10,
    throttleFirstMs: 10,
  })
  const link = openSmppLink({ settings, password: new Secret('x') })
  after(link.close)
  await link.whenBound(2000)
  const random = seededRandom(17)
  const counts = await storm(createSmsChannel({ account, link, clock }), {
    permit: () => shortPermit(),
    misbehave: () => {
      const fault = pick(random, [
        ...['throttleNext', 'queueFullNext', 'rejectNext', 'dropBeforeNext', 'dropAfterNext'],
        ...['silentNext', 'garbageNext', 'refuseBindNext', 'none'],
      ] as [string, ...string[]])
      smsc.misbehave(fault === 'none' ? {} : { [fault]: 1 + Math.floor(random() * 4) })
    },
    timesArrived: (permit) =>
      smsc.log.list().filter(({ text }) => text === permit.content.text).length,
  })
  assert.deepEqual(smsc.log.summary().twice, [])
  for (const fate of ['accepted', 'rejected', 'unknown'] as const) assert.ok(counts[fate] > 0, fate)
})

test('CMPP: under every fault nothing arrives twice and no claim is false', async () => {
  const ismg = await startIsmg({ port: 0, clock, secret: 'x' })
  const settings = cmppSettings.parse({
    ...{ host: '127.0.0.1', port: ismg.port, version: '3.0', sourceAddress: '901234' },
    ...{ accessNumber: '10690001', connections: 2, window: 8, answerWaitMs: 100 },
    ...{ connectWaitMs: 1000, reconnectFirstMs: 10, throttleFirstMs: 10 },
  })
  const link = openCmppLink({ settings, password: new Secret('x'), clock })
  after(async () => {
    await link.close()
    await ismg.close()
  })
  await link.whenBound(2000)
  const random = seededRandom(19)
  const counts = await storm(createCmppChannel({ account, link, clock }), {
    permit: () => shortPermit(),
    misbehave: () => {
      const fault = pick(random, [
        ...['flowControlNext', 'rejectNext', 'dropBeforeNext', 'dropAfterNext', 'silentNext'],
        ...['garbageNext', 'halfAnswerNext', 'refuseConnectNext', 'wrongAuthenticatorNext', 'none'],
      ] as [string, ...string[]])
      ismg.misbehave(fault === 'none' ? {} : { [fault]: 1 + Math.floor(random() * 4) })
    },
    timesArrived: (permit) =>
      ismg.log.list().filter(({ text }) => text === permit.content.text).length,
  })
  assert.deepEqual(ismg.log.summary().twice, [])
  for (const fate of ['accepted', 'rejected', 'unknown'] as const) assert.ok(counts[fate] > 0, fate)
})

for (const vendor of ['aliyun', 'tencent'] as const) {
  test(`${vendor}: under every fault nothing arrives twice and no claim is false`, async () => {
    const { channel, cloud } = await aCloudChannel(vendor, clock)
    after(cloud.close)
    const random = seededRandom(21)
    const counts = await storm(channel, {
      permit: () => cloudPermit(),
      misbehave: () => {
        const fault = pick(random, [
          ...['refuseNext', 'throttleNext', 'badSignatureNext', 'strangeCodeNext', 'none'],
          ...['serverErrorNext', 'dropBeforeNext', 'dropAfterNext', 'silentNext', 'halfNext'],
        ] as [string, ...string[]])
        cloud.misbehave(fault === 'none' ? {} : { [fault]: 1 + Math.floor(random() * 3) })
      },
      timesArrived: (permit) =>
        cloud.arrived().filter(({ text }) => text === permit.content.text).length,
    })
    for (const fate of ['accepted', 'rejected', 'unknown', 'not-sent'] as const) {
      assert.ok(counts[fate] > 0, fate)
    }
  })
}

test('email: under every fault nothing arrives twice and no claim is false', async () => {
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
    answerWaitMs: 120,
  })
  const secrets = {
    password: null,
    dkimPrivateKey: null,
    verpKey: new Secret<Uint8Array>(Buffer.alloc(32, 7)),
  }
  const pool = openSmtpPool(settings, secrets)
  const channel = createEmailChannel({ account, settings, secrets, pool, clock })
  after(async () => {
    await channel.close()
    await server.close()
  })
  const random = seededRandom(18)
  const counts = await storm(channel, {
    permit: () => shortPermit({ channel: 'email', address: new Secret('wang@example.com') }),
    misbehave: () => {
      const fault = pick(random, [
        ...['rejectRecipientNext', 'deferRecipientNext', 'rejectContentNext', 'none'],
        ...['deferContentNext', 'dropBeforeNext', 'dropAfterNext', 'silentNext'],
      ] as [string, ...string[]])
      server.misbehave(fault === 'none' ? {} : { [fault]: 1 + Math.floor(random() * 3) })
    },
    timesArrived: (permit) =>
      server.mails().filter(({ text }) => text.trim() === permit.content.text).length,
  })
  for (const fate of ['accepted', 'rejected', 'unknown', 'not-sent'] as const) {
    assert.ok(counts[fate] > 0, fate)
  }
})
