import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '@dunlin/contract'

// WeChat Pay in a demo: keys made once per installation, one half for the sandbox, the other for the account.

const MERCHANT = {
  appId: 'wx0000000000000001',
  merchantId: '1900000001',
  merchantSerial: 'AB12',
}
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0000000000000024101100397200000006'
const DEMO_ACCOUNT = 'sandbox-pay'

/** The file that the sandbox reads. */
export function demoWechatPayFile(folder: string): string {
  return join(folder, 'wechat-pay.json')
}

/** Makes the keys at the first start; the account that speaks with the sandbox. */
export async function makeDemoWechatPay(
  folder: string,
  { port, productPort }: { port: number; productPort: number },
): Promise<Settings['accounts'][number]> {
  const [merchant, platform] = [keyPair(), keyPair()]
  const apiV3Key = randomBytes(16).toString('hex')
  const sandbox = {
    ...{ ...MERCHANT, port, apiV3Key, publicKeyId: PUBLIC_KEY_ID },
    ...{ merchantPublicKey: merchant.publicKey, platformKey: platform.privateKey },
  }
  await writeFile(demoWechatPayFile(folder), JSON.stringify(sandbox), { mode: 0o600 })
  return {
    name: DEMO_ACCOUNT,
    channel: 'payment',
    adapter: 'wechat-pay',
    collectionContent: false,
    serviceContent: false,
    oneTimeCodes: false,
    enabled: true,
    settings: {
      ...{ ...MERCHANT, apiUrl: `http://127.0.0.1:${port}` },
      ...{ publicKeyId: PUBLIC_KEY_ID, publicKey: platform.publicKey },
      notifyUrl: `http://127.0.0.1:${productPort}/callbacks/wechat-pay/${DEMO_ACCOUNT}`,
    },
    secrets: { merchantKey: merchant.privateKey, apiV3Key },
  }
}

function keyPair(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
