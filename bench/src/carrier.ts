import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { instant, Secret } from '@dunlin/kernel'
import type { Channel } from '../../server/src/channels/channel.ts'
import type { InboundHandlers } from '../../server/src/channels/inbound.ts'
import type { Permit } from '../../server/src/channels/permit.ts'
import { mintPermit } from '../../server/src/channels/permit-mint.ts'

// What the benches of carriers share: the sandbox as its own process, permits, and waiting for receipts.

export const NOW = instant(1_795_492_800_000)
export const WINDOW = 500
const BATCH = 1000
const SANDBOX = join(import.meta.dirname, '../../sandbox/src/main.ts')
const FREE_PORTS = ['--smpp-port', '0', '--smtp-port', '0', '--control-port', '0', '--no-people']

/** Starts the sandbox with the given flags and gives the port that it printed under `door`. */
export async function withCentre(
  door: 'smpp' | 'cmpp',
  measure: (port: number) => Promise<number>,
): Promise<number> {
  const flags = door === 'cmpp' ? ['--cmpp-port', '0', '--cmpp-secret', 'bench'] : []
  const child = spawn(process.execPath, [SANDBOX, ...FREE_PORTS, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    return await measure(Number(String(JSON.parse(String(line))[door]).split(':')[1]))
  } finally {
    child.kill()
  }
}

export function textOf(index: number): string {
  return `您好，应还${index}.00元，请于11月30日前还款，详询400-555-0100。拒收请回复R`
}

function permitOf(index: number): Permit {
  return mintPermit({
    permitId: `018f6f3a-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    attemptId: String(index),
    borrowerId: '1',
    channel: 'sms',
    via: null,
    addressee: null,
    address: new Secret(`+861990000${String(index % 10_000).padStart(4, '0')}`),
    content: { language: 'zh-CN', subject: null, text: textOf(index), html: null },
    unsubscribe: null,
    expiresAt: instant(NOW + 1),
  })
}

/** Counts receipts until there are as many as messages. */
export function countReceipts(messages: number): {
  readonly handlers: InboundHandlers
  readonly all: Promise<void>
} {
  const all = Promise.withResolvers<void>()
  let receipts = 0
  return {
    all: all.promise,
    handlers: {
      onReceipts: async (batch) => {
        receipts += batch.length
        if (receipts >= messages) all.resolve()
      },
      onInbound: async () => undefined,
    },
  }
}

/** Messages a second from the first submit to the last receipt. */
export async function measureChannel(
  channel: Channel,
  { messages, all }: { readonly messages: number; readonly all: Promise<void> },
): Promise<number> {
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
  await all
  const seconds = (performance.now() - started) / 1000
  await channel.close()
  return messages / seconds
}
