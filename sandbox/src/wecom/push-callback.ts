import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type { WecomState } from './wecom-state.ts'

const TRIES = 3
const ANSWER_MS = 5_000

/** Fields of a callback in order; a value may be a list of nested elements already written. */
export type CallbackFields = Readonly<Record<string, string | number>>

/** Pushes an encrypted callback as the platform does: three tries of five seconds. Whether one was taken. */
export async function pushCallback(state: WecomState, fields: CallbackFields): Promise<boolean> {
  const { callback, onTrouble } = state.options
  if (callback === undefined) return false
  const message = writeXml(fields)
  const times = state.faults.get().isCallbackDoubled ? 2 : 1
  let isTaken = false
  for (let time = 0; time < times; time += 1) {
    isTaken = false
    for (let tries = 0; tries < TRIES && !isTaken; tries += 1) {
      isTaken = await pushOnce(state, callback, message)
    }
  }
  if (!isTaken) onTrouble?.('a callback was not taken after three tries')
  return isTaken
}

async function pushOnce(
  state: WecomState,
  callback: NonNullable<WecomState['options']['callback']>,
  message: string,
): Promise<boolean> {
  const corpId = state.options.corpId ?? 'ww0000000000000000'
  const encrypted = encrypt(callback.encodingAesKey, message, corpId)
  const timestamp = String(Math.floor(state.clock.now() / 1000))
  const nonce = String(randomBytes(4).readUInt32BE())
  const signature = state.faults.take('badSignatureNext')
    ? '0'.repeat(40)
    : createHash('sha1')
        .update([callback.token, timestamp, nonce, encrypted].sort().join(''))
        .digest('hex')
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  const body = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  try {
    const answer = await fetch(`${callback.url()}?${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const text = await answer.text()
    return answer.status === 200 && (text === '' || text === 'success')
  } catch (error) {
    state.options.onTrouble?.(`callback: ${error instanceof Error ? error.name : 'failed'}`)
    return false
  }
}

function writeXml(fields: CallbackFields): string {
  const inner = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number'
      ? `<${name}>${value}</${name}>`
      : `<${name}><![CDATA[${value}]]></${name}>`,
  )
  return `<xml>${inner.join('')}</xml>`
}

function encrypt(encodingAesKey: string, message: string, corpId: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const words = Buffer.from(message)
  const length = Buffer.from([0, 0, 0, 0])
  length.writeUInt32BE(words.length)
  const whole = Buffer.concat([randomBytes(16), length, words, Buffer.from(corpId)])
  const pad = 32 - (whole.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([whole, Buffer.alloc(pad, pad)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}
