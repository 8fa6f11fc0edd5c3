import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { instant, Secret } from '@dunlin/kernel'
import { connect } from 'smpp'
import { mintPermit } from '../../server/src/channels/permit-mint.ts'
import { receiveSms } from '../../server/src/channels/sms/receive.ts'
import { createSmsChannel } from '../../server/src/channels/sms/send.ts'
import { openSmppLink } from '../../server/src/channels/sms/smpp-link.ts'
import { smppSettings } from '../../server/src/channels/sms/smpp-settings.ts'
import type { BenchLine } from './bench-line.ts'

const MESSAGES = 60_000
const BATCH = 1000
const WINDOW = 500
const BAR = 5000
const SANDBOX = join(import.meta.dirname, '../../sandbox/src/main.ts')
const FREE_PORTS = ['--smpp-port', '0', '--smtp-port', '0', '--control-port', '0', '--no-people']
const NOW = instant(1_795_492_800_000)

/** Submits a second over SMPP with their receipts stored, beside the library's bare client. */
export async function benchChannels({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const messages = quick ? MESSAGES / 10 : MESSAGES
  const ours = await withCentre((port) => measureChannel(port, messages))
  const bare = await withCentre((port) => measureBareClient(port, messages))
  return [
    {
      name: 'channels',
      value: Math.round(ours),
      unit: 'submits/s with receipts',
      peer: 'bare smpp client, same window, receipts acknowledged unread',
      peerValue: Math.round(bare),
      ratio: ours / bare,
      bar: `>= ${BAR} 1/s`,
      met: ours >= BAR,
    },
  ]
}

async function withCentre(measure: (port: number) => Promise<number>): Promise<number> {
  const child = spawn(process.execPath, [SANDBOX, ...FREE_PORTS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { smpp } = JSON.parse(String(line))
    return await measure(Number(String(smpp).split(':')[1]))
  } finally {
    child.kill()
  }
}

function textOf(index: number): string {
  return `您好，应还${index}.00元，请于11月30日前还款，详询400-555-0100。拒收请回复R`
}

function permitOf(index: number) {
  return mintPermit({
    permitId: `018f6f3a-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    attemptId: String(index),
    borrowerId: '1',
    channel: 'sms',
    via: null,
    address: new Secret(`+861990000${String(index % 10_000).padStart(4, '0')}`),
    content: { language: 'zh-CN', subject: null, text: textOf(index), html: null },
    unsubscribe: null,
    expiresAt: instant(NOW + 1),
  })
}

async function measureChannel(port: number, messages: number): Promise<number> {
  const clock = { now: () => NOW }
  const settings = smppSettings.parse({
    host: '127.0.0.1',
    port,
    systemId: 'bench',
    sourceAddress: '106900001',
    window: WINDOW,
  })
  const link = openSmppLink({ settings, password: new Secret('bench') })
  const all = Promise.withResolvers<void>()
  let receipts = 0
  const handlers = {
    onReceipts: async (batch: readonly object[]) => {
      receipts += batch.length
      if (receipts >= messages) all.resolve()
    },
    onInbound: async () => undefined,
  }
  receiveSms({ accountId: '1', link, clock, handlers })
  await link.whenBound(settings.connectWaitMs)
  const account = { accountId: '1', name: 'bench', collectionContent: true }
  const channel = createSmsChannel({ account, link, clock })
  const started = performance.now()
  for (let from = 0; from < messages; from += BATCH) {
    const results = await channel.send(
      Array.from({ length: Math.min(BATCH, messages - from) }, (_, index) =>
        permitOf(from + index),
      ),
    )
    const lost = results.find(({ fate }) => fate !== 'accepted')
    if (lost !== undefined) throw new Error(`not accepted: ${JSON.stringify(lost)}`)
  }
  await all.promise
  const seconds = (performance.now() - started) / 1000
  await channel.close()
  return messages / seconds
}

async function measureBareClient(port: number, messages: number): Promise<number> {
  const session = connect({ host: '127.0.0.1', port })
  await once(session, 'connect')
  await new Promise((bound) => {
    session.bind_transceiver({ system_id: 'bench', password: 'bench' }, bound)
  })
  const all = Promise.withResolvers<void>()
  let [sent, receipts] = [0, 0]
  const submitNext = (): void => {
    if (sent >= messages) return
    const text = textOf(sent)
    sent += 1
    const fields = {
      source_addr: '106900001',
      destination_addr: '8619900000000',
      registered_delivery: 1,
      data_coding: 8,
      short_message: text,
    }
    session.submit_sm(fields, submitNext)
  }
  session.on('deliver_sm', (pdu) => {
    session.send(pdu.response())
    receipts += 1
    if (receipts >= messages) all.resolve()
  })
  const started = performance.now()
  for (let count = 0; count < WINDOW; count += 1) submitNext()
  await all.promise
  const seconds = (performance.now() - started) / 1000
  session.destroy()
  return messages / seconds
}
