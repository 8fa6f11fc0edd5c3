import { createPublicKey, createVerify, type KeyObject, X509Certificate } from 'node:crypto'
import { type Instant, instant, ok, type Result, refused } from '@dunlin/kernel'

/** The headers that sign an answer or a callback, as they came. */
export type SignedHeaders = {
  readonly timestamp: string | undefined
  readonly nonce: string | undefined
  readonly signature: string | undefined
  readonly serial: string | undefined
}
export type MessageRefusal = { readonly field: string; readonly detail: string }

/** Keys of the platform by the name in `Wechatpay-Serial`. */
export type PlatformKeys = ReadonlyMap<string, PlatformKey>
/** A public key (`PUB_KEY_ID_…`) has no term; a certificate is believed inside its own. */
export type PlatformKey = {
  readonly key: KeyObject
  readonly term: { readonly from: Instant; readonly until: Instant } | undefined
}

const PUBLIC_KEY_PREFIX = 'PUB_KEY_ID_'
const TOLERANCE_SECONDS = 5 * 60
const MS = 1000

/** The platform's public key, as downloaded from the merchant's portal. Throws when the PEM or the id is none. */
export function readPublicKey(id: string, pem: string): readonly [string, PlatformKey] {
  if (!id.startsWith(PUBLIC_KEY_PREFIX))
    throw new Error(`the id of a WeChat Pay public key starts with ${PUBLIC_KEY_PREFIX}`)
  return [id, { key: createPublicKey(pem), term: undefined }]
}

/** A platform certificate, known by its serial in upper-case hex. Throws when the PEM is no certificate. */
export function readPlatformCertificate(pem: string): readonly [string, PlatformKey] {
  const certificate = new X509Certificate(pem)
  const term = {
    from: instant(certificate.validFromDate.getTime()),
    until: instant(certificate.validToDate.getTime()),
  }
  return [certificate.serialNumber.toUpperCase(), { key: certificate.publicKey, term }]
}

/**
 * Whether WeChat Pay signed these exact bytes, less than five minutes away from our clock. Probes with a
 * deliberately wrong signature fail like any other. An unknown serial means no.
 */
export function verifyMessage(
  body: Uint8Array,
  { timestamp, nonce, signature, serial }: SignedHeaders,
  { keys, now }: { readonly keys: PlatformKeys; readonly now: Instant },
): Result<void, MessageRefusal> {
  if (timestamp === undefined || !/^\d{1,11}$/.test(timestamp))
    return no('wechatpay-timestamp', 'send the seconds since 1970')
  if (Math.abs(Number(timestamp) - now / MS) >= TOLERANCE_SECONDS)
    return no('wechatpay-timestamp', `${TOLERANCE_SECONDS} seconds or more away from our clock`)
  if (nonce === undefined || nonce === '') return no('wechatpay-nonce', 'send the nonce')
  const known = serial === undefined ? undefined : keys.get(serial)
  if (known === undefined) return no('wechatpay-serial', 'no platform key of that name is set')
  if (known.term !== undefined && (now < known.term.from || now > known.term.until))
    return no('wechatpay-serial', 'the platform certificate is outside its term')
  const verifier = createVerify('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(body)
  const fits = verifier.update('\n').verify(known.key, signature ?? '', 'base64')
  return fits ? ok(undefined) : no('wechatpay-signature', 'the signature does not fit the body')
}

function no(field: string, detail: string): Result<void, MessageRefusal> {
  return refused({ field, detail })
}
