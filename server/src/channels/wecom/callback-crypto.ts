import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import { ok, type Result, refused, type Secret } from '@dunlin/kernel'

// The vendor's callback encryption: AES-256-CBC whose vector is the key's first half, padded to 32-byte
// blocks, around `random(16) | length(4, big endian) | message | receiver`; signed by SHA-1 over sorted texts.

/** What stands in the query of every callback. */
export type CallbackSign = {
  readonly signature: string
  readonly timestamp: string
  readonly nonce: string
}

export type CallbackRefusal = 'wecom.bad_signature' | 'wecom.bad_cipher' | 'wecom.bad_receiver'

export type CallbackCrypto = {
  /** Checks the signature, decrypts, checks whom it is for; the message as it was written. */
  readonly open: (sign: CallbackSign, encrypted: string) => Result<string, CallbackRefusal>
  /** An encrypted answer; `random` is 16 bytes. */
  readonly seal: (message: string, random: Uint8Array) => string
  readonly sign: (given: Omit<CallbackSign, 'signature'>, encrypted: string) => string
}

export type CallbackKeys = {
  readonly token: Secret<string>
  /** 43 letters and digits: 32 bytes in base64 without its end. */
  readonly encodingAesKey: Secret<string>
  /** The corp id for a corp's own application. */
  readonly receiveId: string
}

const BLOCK = 32
const RANDOM = 16
const LENGTH = 4

/** Throws when the key is not 43 characters of base64. */
export function openCallbackCrypto({
  token,
  encodingAesKey,
  receiveId,
}: CallbackKeys): CallbackCrypto {
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey.reveal())) {
    throw new Error('encodingAesKey must be the 43 letters and digits that the admin page shows')
  }
  const key = Buffer.from(`${encodingAesKey.reveal()}=`, 'base64')
  const sign: CallbackCrypto['sign'] = ({ timestamp, nonce }, encrypted) =>
    createHash('sha1')
      .update([token.reveal(), timestamp, nonce, encrypted].sort().join(''))
      .digest('hex')
  return {
    sign,
    open: (given, encrypted) => {
      if (!isSame(sign(given, encrypted), given.signature)) return refused('wecom.bad_signature')
      const plain = decrypt(key, encrypted)
      if (plain === null) return refused('wecom.bad_cipher')
      return plain.receiveId === receiveId ? ok(plain.message) : refused('wecom.bad_receiver')
    },
    seal: (message, random) => encrypt(key, frame(message, receiveId, random)),
  }
}

function isSame(expected: string, given: string): boolean {
  const [one, two] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === two.length && timingSafeEqual(one, two)
}

function frame(message: string, receiveId: string, random: Uint8Array): Buffer {
  if (random.length !== RANDOM) throw new RangeError('random must be 16 bytes')
  const body = Buffer.from(message)
  const length = Buffer.alloc(LENGTH)
  length.writeUInt32BE(body.length)
  const bare = Buffer.concat([random, length, body, Buffer.from(receiveId)])
  const pad = BLOCK - (bare.length % BLOCK)
  return Buffer.concat([bare, Buffer.alloc(pad, pad)])
}

function encrypt(key: Buffer, framed: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, RANDOM))
  // The padding of 32-byte blocks is our own work: the library would pad to 16.
  cipher.setAutoPadding(false)
  return Buffer.concat([cipher.update(framed), cipher.final()]).toString('base64')
}

function decrypt(key: Buffer, encrypted: string): { message: string; receiveId: string } | null {
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % RANDOM !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, RANDOM))
  decipher.setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const pad = padded.at(-1) ?? 0
  if (pad < 1 || pad > BLOCK || pad > padded.length - RANDOM - LENGTH) return null
  const plain = padded.subarray(0, padded.length - pad)
  const end = RANDOM + LENGTH + plain.readUInt32BE(RANDOM)
  if (end > plain.length) return null
  return {
    message: plain.toString('utf8', RANDOM + LENGTH, end),
    receiveId: plain.toString('utf8', end),
  }
}
