import { createHmac, randomBytes } from 'node:crypto'

// Signatures of the Standard Webhooks specification 1.0.0: HMAC-SHA256 over `id.timestamp.body`.

const PREFIX = 'whsec_'
/** Of the key behind the prefix, in bytes: what the specification asks for. */
const KEY_BYTES_MIN = 24
const KEY_BYTES_MAX = 64
const NEW_KEY_BYTES = 32

/** A new secret in the form that receivers' libraries take. */
export function newSecret(): string {
  return `${PREFIX}${randomBytes(NEW_KEY_BYTES).toString('base64')}`
}

/** The key of a secret `whsec_…`; null when it is none of 24 to 64 bytes. */
function keyOf(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null
  const text = secret.slice(PREFIX.length)
  const key = Buffer.from(text, 'base64')
  const isBase64 = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isBase64 && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX ? key : null
}

export function isSecret(text: string): boolean {
  return keyOf(text) !== null
}

export type Signed = { readonly id: string; readonly seconds: number; readonly body: string }

/** The headers under which a body goes out. */
export function signedHeaders(
  secret: string,
  { id, seconds, body }: Signed,
): Record<string, string> {
  const key = keyOf(secret)
  if (key === null) throw new Error('the secret of a webhook is not in its form any more')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
}
