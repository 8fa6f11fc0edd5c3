import { createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import type { Secret } from '@dunlin/kernel'

const SCHEME = 'WECHATPAY2-SHA256-RSA2048'

/** Who signs: the merchant's number, its API certificate's serial (upper-case hex) and private key (PEM). */
export type MerchantSigner = {
  readonly merchantId: string
  readonly serial: string
  readonly key: KeyObject
}
/** A request as it goes over the wire: the path percent-encoded with its query, the body's exact text. */
export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly body: string
}
/** When a message was signed (seconds since 1970) and the word that makes it unlike every other. */
export type SignedAt = { readonly timestamp: number; readonly nonce: string }

/** The merchant's signer from its settings. Throws when the key is no private key in PEM. */
export function openMerchantSigner(given: {
  readonly merchantId: string
  readonly serial: string
  readonly privateKey: Secret<string>
}): MerchantSigner {
  const key = createPrivateKey(given.privateKey.reveal())
  return { merchantId: given.merchantId, serial: given.serial, key }
}

/** The `Authorization` header of an APIv3 request; a GET signs the empty body. */
export function signRequest(
  signer: MerchantSigner,
  { method, path, body }: SignedRequest,
  { timestamp, nonce }: SignedAt,
): string {
  const signature = signLines(signer.key, [method, path, String(timestamp), nonce, body])
  const parts = [
    `mchid="${signer.merchantId}"`,
    `nonce_str="${nonce}"`,
    `timestamp="${timestamp}"`,
    `serial_no="${signer.serial}"`,
    `signature="${signature}"`,
  ]
  return `${SCHEME} ${parts.join(',')}`
}

/** What a page inside WeChat needs to ask for the payment of a prepared JSAPI order. */
export type PageInvocation = {
  readonly appId: string
  readonly timeStamp: string
  readonly nonceStr: string
  readonly package: string
  readonly signType: 'RSA'
  readonly paySign: string
}

/** Signs the page's call of a prepared order (`prepay_id`, good for two hours). */
export function signPageInvocation(
  signer: MerchantSigner,
  { appId, prepayId }: { readonly appId: string; readonly prepayId: string },
  { timestamp, nonce }: SignedAt,
): PageInvocation {
  const [timeStamp, named] = [String(timestamp), `prepay_id=${prepayId}`]
  const paySign = signLines(signer.key, [appId, timeStamp, nonce, named])
  return { appId, timeStamp, nonceStr: nonce, package: named, signType: 'RSA', paySign }
}

/** RSA-SHA256 (PKCS#1 v1.5) in base64 over the lines, each ended by a line feed. */
export function signLines(key: KeyObject, lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('')
  return createSign('RSA-SHA256').update(text).sign(key, 'base64')
}
