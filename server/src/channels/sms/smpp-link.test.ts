import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { startSmsc } from '../../../../sandbox/src/index.ts'
import { NOW, testPermit } from '../channel-contract.ts'
import { isReceipt, parseReceipt } from './parse-receipt.ts'
import { createSmsChannel } from './send.ts'
import { openSmppLink } from './smpp-link.ts'
import { smppSettings } from './smpp-settings.ts'
import { submitFields } from './submit-fields.ts'

const text = `【示例消费金融】您尾号1234的借款已逾期3天，应还金额1,234.50元，请于11月30日前还款。如有困难请致电400-555-0100。${'详情请登录App查看。'.repeat(8)}拒收请回复R`

test('a long Chinese text reaches the phone whole and its receipt comes back', async () => {
  const seen: string[] = []
  const smsc = await startSmsc({
    port: 0,
    clock: { now: () => instant(Date.UTC(2026, 10, 24)) },
    onMessage: (message) => seen.push(message.text),
  })
  after(smsc.close)
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'dunlin',
    sourceAddress: '106900001',
  })
  const link = openSmppLink({ settings, password: new Secret('secret') })
  after(link.close)
  const receipt = new Promise<string>((resolve) => {
    link.onDeliver(async (pdu) => {
      if (isReceipt(pdu)) resolve(JSON.stringify(parseReceipt(pdu, 'same')))
    })
  })
  assert.equal(await link.whenBound(5000), true)
  const parts = submitFields({ settings, address: '+8619900001234', text, reference: 0xabcd })
  assert.ok(parts.length > 1)
  const answers = await Promise.all(parts.map((fields) => link.submit(fields)))
  const ids = answers.map((answer) => (answer.kind === 'accepted' ? answer.messageId : answer.kind))
  assert.deepEqual(JSON.parse(await receipt), {
    messageId: ids.at(-1),
    line: 'delivered',
    detail: 'DELIVRD 000',
  })
  assert.deepEqual(seen, [text])
})

test('several binds share the work; one that drops loses nothing and doubles nothing', async () => {
  const smsc = await startSmsc({ port: 0, clock: { now: () => NOW } })
  after(smsc.close)
  const settings = smppSettings.parse({
    ...{ host: '127.0.0.1', port: smsc.port, systemId: 'dunlin', sourceAddress: '106900001' },
    ...{ connections: 3, window: 4, reconnectFirstMs: 10 },
  })
  const link = openSmppLink({ settings, password: new Secret('secret') })
  after(link.close)
  const deadline = performance.now() + 5000
  while (link.bound() < 3 && performance.now() < deadline) {
    await new Promise((done) => setTimeout(done, 5))
  }
  assert.equal(smsc.bound(), 3)
  const account = { accountId: '1', name: 'a', collectionContent: true }
  const channel = createSmsChannel({ account, link, clock: { now: () => NOW } })
  smsc.misbehave({ slowMs: 10, dropAfterNext: 1 })
  const permits = Array.from({ length: 60 }, () => {
    const content = { language: 'zh-CN', subject: null, html: null }
    const { permitId } = testPermit()
    return testPermit({ permitId, content: { ...content, text: `应还1.00元 ${permitId}` } })
  })
  const results = await channel.send(permits)
  const unknown = results.filter(({ fate }) => fate === 'unknown').length
  assert.ok(unknown >= 1 && unknown <= 4, `${unknown} lay on the bind that dropped`)
  assert.equal(results.filter(({ fate }) => fate === 'accepted').length, 60 - unknown)
  assert.deepEqual(smsc.log.summary().twice, [])
})
