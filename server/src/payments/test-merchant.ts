import { generateKeyPairSync } from 'node:crypto'
import { after } from 'node:test'
import type { Clock } from '@dunlin/kernel'
import { startWechatPayServer, type WechatPayServer } from '../../../sandbox/src/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

// A WeChat Pay of our own on the loopback address, and an account that speaks with it.

function keyPair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

const MERCHANT = keyPair()
export const PLATFORM = keyPair()
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0000000000000024101100397200000006'
export const API_V3_KEY = '0123456789abcdef0123456789abcdef'
export const APP = { appId: 'wx0000000000000001', merchantId: '1900000001' }

export type MerchantOptions = {
  readonly clock: Clock
  readonly mode?: 'public-key' | 'certificates' | 'both'
  readonly signsWithCertificates?: boolean
}

export async function aPlatform(given: MerchantOptions): Promise<WechatPayServer> {
  const mode = given.mode ?? 'public-key'
  const server = await startWechatPayServer({
    ...{ port: 0, clock: given.clock, ...APP, merchantSerial: 'AB12' },
    ...{ merchantPublicKey: MERCHANT.publicKey, apiV3Key: API_V3_KEY },
    ...{ platformKey: PLATFORM.privateKey, publicKeyId: PUBLIC_KEY_ID },
    usesCertificates: given.signsWithCertificates ?? mode === 'certificates',
  })
  after(server.close)
  return server
}

export function settingsOf(
  server: WechatPayServer,
  { mode = 'public-key', notifyUrl }: { mode?: MerchantOptions['mode']; notifyUrl: string },
): Record<string, unknown> {
  const publicKey = { publicKeyId: PUBLIC_KEY_ID, publicKey: PLATFORM.publicKey }
  return {
    ...{ apiUrl: server.url, ...APP, merchantSerial: 'AB12', notifyUrl, answerWaitMs: 500 },
    ...(mode === 'certificates' ? {} : publicKey),
    ...(mode === 'both' ? { usesCertificates: true } : {}),
  }
}

export const SECRETS = { merchantKey: MERCHANT.privateKey, apiV3Key: API_V3_KEY }

/** An enabled account in the database; its id. */
export async function anAccount(
  db: Database,
  sealer: Sealer,
  settings: Record<string, unknown>,
): Promise<string> {
  const [row] = await db.query<{ id: string }>(
    `insert into provider_account (name, channel, adapter, settings, sealed_secrets, collection_content)
     values ('pay', 'payment', 'wechat-pay', $1, $2, false) returning provider_account_id as id`,
    [JSON.stringify(settings), sealer.seal(JSON.stringify(SECRETS))],
  )
  if (row === undefined) throw new Error('no account')
  return row.id
}
