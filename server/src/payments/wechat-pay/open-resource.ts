import { constants, createDecipheriv, type KeyObject, publicEncrypt } from 'node:crypto'
import { ok, type Result, refused, type Secret } from '@dunlin/kernel'

/** The encrypted part of a callback or of the list of platform certificates. */
export type EncryptedResource = {
  readonly algorithm: string
  readonly ciphertext: string
  readonly associated_data?: string | undefined
  readonly nonce: string
}

const ALGORITHM = 'AEAD_AES_256_GCM'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * The plain text of a resource under the merchant's APIv3 key (32 characters). Refuses another algorithm,
 * another nonce's length, and whatever was changed on the way; throws when the key itself has another length.
 */
export function openResource(
  { algorithm, ciphertext, associated_data: associated, nonce }: EncryptedResource,
  apiKey: Secret<string>,
): Result<string, string> {
  const key = Buffer.from(apiKey.reveal())
  if (key.length !== KEY_BYTES) throw new Error(`an APIv3 key has ${KEY_BYTES} characters`)
  if (algorithm !== ALGORITHM) return refused(`the algorithm is ${algorithm}, not ${ALGORITHM}`)
  const iv = Buffer.from(nonce)
  if (iv.length !== NONCE_BYTES) return refused(`the nonce has not ${NONCE_BYTES} bytes`)
  const sealed = Buffer.from(ciphertext, 'base64')
  if (sealed.length < TAG_BYTES) return refused('the ciphertext is shorter than its tag')
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(associated ?? ''))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    return ok(Buffer.concat([plain, decipher.final()]).toString())
  } catch {
    return refused('the ciphertext does not fit the APIv3 key')
  }
}

/** A sensitive field (a name) encrypted for the platform: RSA-OAEP with SHA-1, base64. */
export function encryptField(text: string, platformKey: KeyObject): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return publicEncrypt({ key: platformKey, padding, oaepHash: 'sha1' }, Buffer.from(text)).toString(
    'base64',
  )
}
