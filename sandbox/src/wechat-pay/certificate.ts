import { createSign, type KeyObject } from 'node:crypto'
import type { Instant } from '@dunlin/kernel'

// A self-signed X.509 certificate, written by hand in DER: no system package is needed to make one.

const SHA256_WITH_RSA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03]
const NULL = [0x05, 0x00]
const PEM_LINE = 64

/** The certificate in PEM; `serial` is upper-case hex of an even length whose first byte is below 0x80. */
export function selfSignedCertificate(given: {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly serial: string
  readonly from: Instant
  readonly until: Instant
}): string {
  const algorithm = der(0x30, Buffer.from([...SHA256_WITH_RSA, ...NULL]))
  const name = nameOf('Sandbox payment platform')
  const body = der(
    0x30,
    Buffer.concat([
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.from(given.serial, 'hex')),
      algorithm,
      name,
      der(0x30, Buffer.concat([timeOf(given.from), timeOf(given.until)])),
      name,
      given.publicKey.export({ type: 'spki', format: 'der' }),
    ]),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(given.privateKey)
  const bits = der(0x03, Buffer.concat([Buffer.from([0]), signature]))
  const text = der(0x30, Buffer.concat([body, algorithm, bits])).toString('base64')
  const lines = text.match(new RegExp(`.{1,${PEM_LINE}}`, 'g')) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function nameOf(text: string): Buffer {
  const value = der(0x0c, Buffer.from(text))
  const pair = der(0x30, Buffer.concat([Buffer.from(COMMON_NAME), value]))
  return der(0x30, der(0x31, pair))
}

/** GeneralizedTime, whole seconds in UTC. */
function timeOf(at: Instant): Buffer {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' })
  return der(0x18, Buffer.from(text.replaceAll(/[-:T]/g, '')))
}

function der(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content])
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  const hex = length.toString(16)
  const bytes = [...Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]
  return [0x80 | bytes.length, ...bytes]
}
