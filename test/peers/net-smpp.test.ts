import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { instant, Secret } from '@dunlin/kernel'
import { startSmsc } from '../../sandbox/src/index.ts'
import { NOW, testPermit } from '../../server/src/channels/channel-contract.ts'
import { receiveSms } from '../../server/src/channels/sms/receive.ts'
import { createSmsChannel } from '../../server/src/channels/sms/send.ts'
import { openSmppLink } from '../../server/src/channels/sms/smpp-link.ts'
import { smppSettings } from '../../server/src/channels/sms/smpp-settings.ts'

const clock = { now: () => instant(NOW) }
const isInstalled = spawnSync('perl', ['-MNet::SMPP', '-e', '1']).status === 0
const skip = isInstalled ? false : 'needs another SMPP maker: apt-get install libnet-smpp-perl'
const DEADLINE_MS = 10_000

test('our SMS channel works with a centre of another maker', { skip }, async () => {
  const peer = spawn('perl', [join(import.meta.dirname, 'net-smpp-smsc.pl')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => peer.kill('SIGKILL'))
  const lines: string[] = []
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: peer.stdout }).on('line', (line) => {
      if (/^\d+$/.test(line)) resolve(Number(line))
      else lines.push(line)
    })
  })
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port,
    systemId: 'dunlin',
    sourceAddress: '106900001',
  })
  const link = openSmppLink({ settings, password: new Secret('secret') })
  after(link.close)
  const came: string[] = []
  receiveSms({
    accountId: '1',
    link,
    clock,
    handlers: {
      onReceipts: async (receipts) => {
        for (const { providerMessageId, line } of receipts)
          came.push(`${providerMessageId} ${line}`)
      },
      onInbound: async (item) => {
        came.push(item.kind === 'message' ? `${item.from} ${item.text}` : item.kind)
      },
    },
  })
  const account = { accountId: '1', name: 'perl', collectionContent: true }
  const permit = testPermit()
  const [result] = await createSmsChannel({ account, link, clock }).send([permit])
  assert.equal(result?.fate, 'accepted')
  const parts = result.parts
  await until(() => came.length === 2 && lines.length === parts + 2)
  const submits = lines.map((line) => JSON.parse(line)).filter(({ hex }) => hex !== undefined)
  const text = submits
    .map(({ hex }) => Buffer.from(hex, 'hex').subarray(6).swap16().toString('utf16le'))
    .join('')
  assert.equal(text, permit.content.text)
  assert.deepEqual(
    submits.map(({ coding, esm, receipt }) => [coding, esm, receipt]),
    submits.map((_, index) => [8, 0x40, index === parts - 1 ? 1 : 0]),
  )
  const to = permit.address.reveal().replace('+', '')
  assert.deepEqual(
    came.toSorted(),
    [`${to} Ｒ`, `${result.providerMessageId} delivered`].toSorted(),
  )
})

test('the sandbox’s centre works with a client of another maker', { skip }, async () => {
  const seen: string[] = []
  const smsc = await startSmsc({ port: 0, clock, onMessage: ({ text }) => seen.push(text) })
  after(smsc.close)
  const script = join(import.meta.dirname, 'net-smpp-esme.pl')
  const { stdout } = await promisify(execFile)('perl', [script, String(smsc.port)])
  const [id, receipt] = stdout.split('\n')
  assert.match(receipt ?? '', new RegExp(`^id:${id} .* stat:DELIVRD err:000`))
  assert.deepEqual(seen, ['还款'])
})

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, 'waited in vain')
    await new Promise((done) => setTimeout(done, 10))
  }
}
