import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Instant, ok, type Result, refused, type Secret } from '@dunlin/kernel'

/** The three headers of a signed callback, as they came. */
export type CallbackHeaders = {
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
}
export type CallbackRefusal = { readonly field: string; readonly detail: string }

/** How far a provider's clock may be from ours, either way. */
const TOLERANCE_SECONDS = 5 * 60
const MS = 1000
const ID = /^[\x21-\x7e]{1,128}$/

/**
 * Whether a callback comes from who holds the secret: HMAC-SHA256 over `id.timestamp.body` (Standard
 * Webhooks, scheme `v1`). Several signatures may be given, so that a secret can be changed without a gap.
 * Returns the id under which the callback counts once.
 */
export function verifyCallback(
  body: Uint8Array,
  headers: CallbackHeaders,
  { secrets, now }: { secrets: readonly Secret<string>[]; now: Instant },
): Result<string, CallbackRefusal> {
  const { id, timestamp, signature } = headers
  if (id === undefined || !ID.test(id)) return no('webhook-id', 'send an id of 1 to 128 characters')
  if (timestamp === undefined || !/^\d{1,11}$/.test(timestamp))
    return no('webhook-timestamp', 'send the seconds since 1970')
  if (Math.abs(Number(timestamp) - now / MS) > TOLERANCE_SECONDS)
    return no('webhook-timestamp', `more than ${TOLERANCE_SECONDS} seconds away from our clock`)
  const given = (signature ?? '').split(' ').filter((each) => each.startsWith('v1,'))
  const wanted = secrets.map((secret) => signCallback(body, { id, timestamp, secret }))
  const fits = given.some((each) => wanted.some((want) => isSame(each, want)))
  return fits ? ok(id) : no('webhook-signature', 'no signature fits the body')
}

/** The signature of a body as a provider sends it. The secret may carry the prefix `whsec_` before base64. */
export function signCallback(
  body: Uint8Array,
  { id, timestamp, secret }: { id: string; timestamp: string; secret: Secret<string> },
): string {
  const text = secret.reveal()
  const key = text.startsWith('whsec_')
    ? Buffer.from(text.slice('whsec_'.length), 'base64')
    : Buffer.from(text)
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return `v1,${mac}`
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function no(field: string, detail: string): Result<string, CallbackRefusal> {
  return refused({ field, detail })
}
