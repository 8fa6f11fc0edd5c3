// The gateway's side of CMPP, read from the specification's tables apart from the product's own codec.

export type Version = '2.0' | '3.0'

export const COMMAND = {
  connect: 0x0000_0001,
  terminate: 0x0000_0002,
  submit: 0x0000_0004,
  deliver: 0x0000_0005,
  activeTest: 0x0000_0008,
} as const
export const ANSWER = 0x8000_0000

export type Head = { readonly command: number; readonly sequence: number }

const HEAD_BYTES = 12
const PDU_BYTES_MAX = 65_536

export function readHead(pdu: Buffer): Head {
  return { command: pdu.readUInt32BE(4), sequence: pdu.readUInt32BE(8) }
}

/** The first whole PDU of a buffer; null while more must come. Throws on a length that no PDU has. */
export function firstPdu(buffer: Buffer): Buffer | null {
  if (buffer.length < 4) return null
  const length = buffer.readUInt32BE(0)
  if (length < HEAD_BYTES || length > PDU_BYTES_MAX) throw new RangeError('no CMPP')
  return buffer.length < length ? null : buffer.subarray(0, length)
}

export type Connect = {
  readonly source: string
  readonly authenticator: Buffer
  readonly version: number
  readonly timestamp: number
}

const CONNECT_BYTES = 39

export function readConnect(pdu: Buffer): Connect | null {
  if (pdu.length !== CONNECT_BYTES) return null
  return {
    source: chars(pdu, 12, 6),
    authenticator: pdu.subarray(18, 34),
    version: pdu.readUInt8(34),
    timestamp: pdu.readUInt32BE(35),
  }
}

export type Submit = {
  readonly total: number
  readonly number: number
  readonly isReceiptAsked: boolean
  readonly serviceId: string
  readonly hasHeader: boolean
  readonly format: number
  readonly source: string
  readonly feeType: string
  readonly from: string
  readonly to: readonly string[]
  readonly content: Buffer
}

/** Where the fields of a submit lie, counted from the start of the PDU. */
const LAYOUT = {
  '2.0': {
    udhi: 57,
    format: 58,
    source: 59,
    feeType: 65,
    from: 107,
    count: 128,
    phone: 21,
    reserve: 8,
  },
  '3.0': {
    udhi: 69,
    format: 70,
    source: 71,
    feeType: 77,
    from: 119,
    count: 140,
    phone: 32,
    reserve: 20,
  },
} as const
const RECEIVERS_MAX = 100

/** null when the lengths do not add up. */
export function readSubmit(pdu: Buffer, version: Version): Submit | null {
  const at = LAYOUT[version]
  const count = pdu.length > at.count ? pdu.readUInt8(at.count) : 0
  if (count < 1 || count > RECEIVERS_MAX) return null
  const kind = version === '3.0' ? 1 : 0
  const lengthAt = at.count + 1 + count * at.phone + kind
  if (pdu.length <= lengthAt) return null
  const length = pdu.readUInt8(lengthAt)
  if (pdu.length !== lengthAt + 1 + length + at.reserve) return null
  return {
    total: pdu.readUInt8(20),
    number: pdu.readUInt8(21),
    isReceiptAsked: pdu.readUInt8(22) === 1,
    serviceId: chars(pdu, 24, 10),
    hasHeader: pdu.readUInt8(at.udhi) === 1,
    format: pdu.readUInt8(at.format),
    source: chars(pdu, at.source, 6),
    feeType: chars(pdu, at.feeType, 2),
    from: chars(pdu, at.from, 21),
    to: Array.from({ length: count }, (_, index) =>
      chars(pdu, at.count + 1 + index * at.phone, at.phone),
    ),
    content: pdu.subarray(lengthAt + 1, lengthAt + 1 + length),
  }
}

export type DeliverAnswer = { readonly result: number }

export function readDeliverAnswer(pdu: Buffer, version: Version): DeliverAnswer | null {
  if (pdu.length !== (version === '2.0' ? 21 : 24)) return null
  return { result: version === '2.0' ? pdu.readUInt8(20) : pdu.readUInt32BE(20) }
}

function chars(pdu: Buffer, from: number, size: number): string {
  return pdu.toString('latin1', from, from + size).replace(/\0.*$/s, '')
}
