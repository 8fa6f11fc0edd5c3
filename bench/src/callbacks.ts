import { randomBytes } from 'node:crypto'
import { instant, Secret } from '@dunlin/kernel'
import { openCallbackCrypto } from '../../server/src/channels/wecom/callback-crypto.ts'
import { createCallbackDoor } from '../../server/src/channels/wecom/receive.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { withBenchDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'

const CALLBACKS = 30_000
const AT_ONCE = 200
const RATE_BAR = 5000
const P99_BAR_MS = 50
const NOW = instant(1_795_492_800_000)
const CORP = 'ww1'

/** Callbacks verified, decrypted, sealed and stored a second, beside storing the same bytes as they come. */
export async function benchCallbacks({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const given = makeCallbacks(quick ? CALLBACKS / 10 : CALLBACKS)
  const { ours, p99, floor } = await withBenchDatabase(async (db) => {
    await db.run(`insert into provider_account (name, channel, adapter, collection_content)
      values ('corp', 'wecom', 'wecom', true)`)
    const taken = await takeAll(db, given)
    await db.run('truncate provider_callback')
    return { ...taken, floor: await storeBare(db, given) }
  })
  const rate = { name: 'callbacks', value: Math.round(ours), unit: 'callbacks/s stored' }
  const wait = { name: 'callbacks wait', value: p99, unit: `ms at p99, ${AT_ONCE} at once` }
  return [
    {
      ...rate,
      peer: 'the same bytes inserted bare, 500 a statement',
      peerValue: Math.round(floor),
      ratio: ours / floor,
      bar: `>= ${RATE_BAR} 1/s`,
      met: ours >= RATE_BAR,
    },
    {
      ...wait,
      ...{ peer: null, peerValue: null, ratio: null },
      bar: `<= ${P99_BAR_MS} ms`,
      met: p99 <= P99_BAR_MS,
    },
  ]
}

type Callback = { readonly query: Readonly<Record<string, string>>; readonly body: string }

function cryptoOfBench() {
  return openCallbackCrypto({
    token: new Secret('token'),
    encodingAesKey: new Secret('B'.repeat(43)),
    receiveId: CORP,
  })
}

function makeCallbacks(count: number): readonly Callback[] {
  const crypto = cryptoOfBench()
  const timestamp = String(Math.floor(NOW / 1000))
  return Array.from({ length: count }, (_, index) => {
    const event = `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[token${index}]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>`
    const encrypted = crypto.seal(event, randomBytes(16))
    const sign = { timestamp, nonce: String(index) }
    return {
      query: { ...sign, msg_signature: crypto.sign(sign, encrypted) },
      body: `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
    }
  })
}

async function takeAll(
  db: Database,
  given: readonly Callback[],
): Promise<{ readonly ours: number; readonly p99: number }> {
  const door = createCallbackDoor({
    ...{ db, sealer: createTestSealer(), clock: { now: () => NOW } },
    accounts: [{ accountId: '1', name: 'corp', crypto: cryptoOfBench() }],
  })
  const waits: number[] = []
  const waiting = given.values()
  const lane = async (): Promise<void> => {
    for (const { query, body } of waiting) {
      const from = performance.now()
      const { status } = await door.take('corp', query, body)
      if (status !== 200) throw new Error(`a callback was answered ${status}`)
      waits.push(performance.now() - from)
    }
  }
  const from = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const seconds = (performance.now() - from) / 1000
  waits.sort((one, two) => one - two)
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0
  return { ours: given.length / seconds, p99: Math.round(p99 * 10) / 10 }
}

const STATEMENT = 500

async function storeBare(db: Database, given: readonly Callback[]): Promise<number> {
  const from = performance.now()
  for (let start = 0; start < given.length; start += STATEMENT) {
    const some = given.slice(start, start + STATEMENT)
    await db.run(
      `insert into provider_callback (provider_account_id, dedupe_key, lane, sealed, received_at, due_at)
       select 1, k, 'service', b, 'epoch', 'epoch' from unnest($1::bytea[], $2::bytea[]) as u(k, b)`,
      [
        some.map((_, index) => Buffer.from(String(start + index))),
        some.map(({ body }) => Buffer.from(body)),
      ],
    )
  }
  return given.length / ((performance.now() - from) / 1000)
}
