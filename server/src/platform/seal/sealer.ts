import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

/** What a keyed hash is of: the same text of two kinds has two hashes. */
export type HashKind =
  | 'phone'
  | 'email'
  | 'id_no'
  | 'name'
  | 'wecom'
  | 'address'
  | 'push'
  | 'row'
  | 'person'
  | 'api_key'
  | 'portal_code'
  | 'portal_session'
  | 'portal_knock'
  | 'portal_paper'
  | 'plan_code'
  | 'login'

/**
 * Seals personal data and finds it again. AES-256-GCM with a random nonce; the first byte names the
 * key, so that several keys may be in use while data is sealed anew. Hashes are HMAC-SHA-256, cut to 16 bytes.
 */
export type Sealer = {
  readonly seal: (plain: string) => Buffer
  /** Throws when the bytes were changed or the key is not held. No bytes, as an erasure leaves them, open to nothing. */
  readonly open: (sealed: Uint8Array) => string
  /** `text` must be normalised by the caller: E.164 for a phone, lower case for an email. */
  readonly hash: (kind: HashKind, text: string) => Buffer
  /** The key of one borrower's evidence payloads; without the salt it is lost for good. */
  readonly payloadKey: (salt: Uint8Array) => Buffer
  /** A new salt of 16 random bytes. */
  readonly salt: () => Buffer
}

export type SealKeys = {
  /** Keys by number 1–255; data is sealed with the current one and opened with the one it names. */
  readonly current: number
  readonly keys: ReadonlyMap<number, Buffer>
  readonly hashKey: Buffer
}

const NONCE = 12
const TAG = 16
const HASH = 16
const SALT = 16
const RANDOM_AT_ONCE = 8192

/** Every nonce and salt comes from one source. */
const random = randomSource()

export function createSealer({ current, keys, hashKey }: SealKeys): Sealer {
  const currentKey = keys.get(current)
  if (currentKey === undefined) throw new Error(`there is no seal key ${current}`)
  return {
    seal: (plain) => sealWith({ id: current, key: currentKey, nonce: random(NONCE) }, plain),
    open: (sealed) => {
      if (sealed.length === 0) return ''
      const key = keys.get(sealed[0] ?? 0)
      if (key === undefined) throw new Error(`sealed with key ${sealed[0]}, which is not held`)
      return openWith(key, sealed).toString('utf8')
    },
    hash: (kind, text) =>
      createHmac('sha256', hashKey).update(`${kind}\0${text}`).digest().subarray(0, HASH),
    payloadKey: (salt) =>
      // Not the current key: what was sealed before a rotation must still open.
      createHmac('sha256', hashKey).update('payload\0').update(salt).digest(),
    salt: () => random(SALT),
  }
}

/** A chunk is what one document packs to: zlib's own of 16 KiB would be made and thrown away for each. */
const FASTEST = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 }, chunkSize: 2048 }

/** Seals with a key of one's own, such as a borrower's, a document that is worth packing first. */
export function sealWithKey(key: Buffer, plain: string): Buffer {
  return sealWith({ id: 0, key, nonce: random(NONCE) }, brotliCompressSync(plain, FASTEST))
}

/** Opens what `sealWithKey` sealed; throws when it was changed. */
export function openWithKey(key: Buffer, sealed: Uint8Array): string {
  return brotliDecompressSync(openWith(key, sealed)).toString('utf8')
}

function openWith(key: Buffer, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE))
  decipher.setAuthTag(bytes.subarray(1 + NONCE, 1 + NONCE + TAG))
  return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE + TAG)), decipher.final()])
}

function sealWith(
  { id, key, nonce }: { id: number; key: Buffer; nonce: Buffer },
  plain: string | Uint8Array,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  cipher.final()
  return Buffer.concat([Buffer.of(id), nonce, cipher.getAuthTag(), body])
}

/** Random bytes, drawn many at a time because each draw asks the system. No byte is given twice. */
function randomSource(): (length: number) => Buffer {
  let pool = Buffer.alloc(0)
  return (length) => {
    if (pool.length < length) pool = randomBytes(RANDOM_AT_ONCE)
    const taken = pool.subarray(0, length)
    pool = pool.subarray(length)
    return taken
  }
}
