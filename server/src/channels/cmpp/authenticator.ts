import { createHash, timingSafeEqual } from 'node:crypto'
import type { Instant } from '@dunlin/kernel'
import type { CmppVersion } from './codec.ts'

const GATEWAY_ZONE = 'Asia/Shanghai'

/** `MMDDHHMMSS` on the gateway's clock, as the ten digits that are hashed and as the number that is sent. */
export function connectTimestamp(at: Instant): { readonly digits: string; readonly value: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(GATEWAY_ZONE)
  const { month, day, hour, minute, second } = local
  const digits = [month, day, hour, minute, second].map((n) => String(n).padStart(2, '0')).join('')
  return { digits, value: Number(digits) }
}

/**
 * AuthenticatorSource: MD5 of the SP id, nine NUL, the secret and the timestamp as ten text digits with
 * its leading zero. Four binary bytes instead of the digits are refused by gateways.
 */
export function sourceAuthenticator(given: {
  readonly sourceAddress: string
  readonly secret: string
  readonly digits: string
}): Buffer {
  return md5([given.sourceAddress, Buffer.alloc(9), given.secret, given.digits])
}

/** AuthenticatorISMG: by it a gateway shows that it knows the secret too. Status is one byte in 2.0, four in 3.0. */
export function isGatewayGenuine(
  answer: { readonly status: number; readonly authenticator: Buffer },
  given: { readonly source: Buffer; readonly secret: string; readonly version: CmppVersion },
): boolean {
  const status = Buffer.alloc(given.version === '2.0' ? 1 : 4)
  status.writeUIntBE(answer.status, 0, status.length)
  return timingSafeEqual(answer.authenticator, md5([status, given.source, given.secret]))
}

function md5(parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
