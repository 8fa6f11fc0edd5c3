import { createCipheriv, createSign, randomBytes, randomUUID } from 'node:crypto'
import { type PlatformSigner, timeText, type WechatPayState } from './pay-state.ts'

const ANSWER_MS = 5_000
const TRIES = 3

/** The key that signs now. */
function signerOf({ options, publicKey, certificates }: WechatPayState): PlatformSigner {
  const newest = certificates.at(-1)
  return options.usesCertificates === true && newest !== undefined ? newest : publicKey
}

/** The four headers under which the platform says something. */
export function signatureHeaders(
  state: WechatPayState,
  body: string | Uint8Array,
  { isWrong }: { isWrong: boolean },
): Record<string, string> {
  const { id, key } = signerOf(state)
  const timestamp = String(Math.floor(state.clock.now() / 1000))
  const nonce = randomBytes(16).toString('hex')
  const signer = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(body)
  const signature = signer.update('\n').sign(key, 'base64')
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': id,
    'Wechatpay-Signature': isWrong ? `WECHATPAY/SIGNTEST/${signature}` : signature,
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
  }
}

/** AEAD_AES_256_GCM under the merchant's APIv3 key. */
export function sealResource(apiV3Key: string, text: string, associated: string): object {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce))
  cipher.setAAD(Buffer.from(associated))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealed.toString('base64'),
    associated_data: associated,
    nonce,
  }
}

export type Notice = {
  readonly url: string | null
  readonly eventType: string
  readonly originalType: string
  readonly resource: object
}

/** Pushes an encrypted callback, three tries of five seconds; whether it was taken. */
export async function pushNotice(state: WechatPayState, notice: Notice): Promise<boolean> {
  const { url, eventType, originalType, resource } = notice
  const behaviour = state.faults.get()
  if (url === null || behaviour.isCallbackLost) return false
  const body = JSON.stringify({
    id: randomUUID(),
    create_time: timeText(state.clock.now()),
    resource_type: 'encrypt-resource',
    event_type: eventType,
    summary: eventType,
    resource: {
      original_type: originalType,
      ...sealResource(state.options.apiV3Key, JSON.stringify(resource), originalType),
    },
  })
  const times = behaviour.isCallbackDoubled ? 2 : 1
  let isTaken = false
  for (let time = 0; time < times; time += 1) {
    isTaken = false
    for (let tries = 0; tries < TRIES && !isTaken; tries += 1)
      isTaken = await pushOnce(state, url, body)
  }
  if (!isTaken) state.options.onTrouble?.('WeChat Pay: a callback was not taken after three tries')
  return isTaken
}

async function pushOnce(state: WechatPayState, url: string, body: string): Promise<boolean> {
  const isWrong = state.faults.take('badSignatureNext')
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(state, body, { isWrong }),
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    await answer.arrayBuffer()
    return answer.status === 200 || answer.status === 204
  } catch (error) {
    const name = error instanceof Error ? error.name : 'failed'
    state.options.onTrouble?.(`WeChat Pay callback: ${name}`)
    return false
  }
}
