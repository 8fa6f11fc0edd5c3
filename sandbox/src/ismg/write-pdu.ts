import { createHash } from 'node:crypto'
import { ANSWER, COMMAND, type Version } from './read-pdu.ts'

/** One PDU: its total length, command and sequence before the body. */
export function frame(command: number, sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32BE(12 + body.length, 0)
  head.writeUInt32BE(command, 4)
  head.writeUInt32BE(sequence, 8)
  return Buffer.concat([head, body])
}

export function connectAnswer(
  sequence: number,
  answer: {
    readonly version: Version
    readonly status: number
    readonly source: Buffer
    readonly secret: string
  },
): Buffer {
  const { version, source, secret } = answer
  const status = whole(answer.status, version)
  const authenticator = createHash('md5').update(status).update(source).update(secret).digest()
  const byte = Buffer.from([version === '2.0' ? 0x20 : 0x30])
  return frame(ANSWER + COMMAND.connect, sequence, Buffer.concat([status, authenticator, byte]))
}

export function submitAnswer(
  sequence: number,
  answer: { readonly version: Version; readonly messageId: bigint; readonly result: number },
): Buffer {
  const body = Buffer.concat([long(answer.messageId), whole(answer.result, answer.version)])
  return frame(ANSWER + COMMAND.submit, sequence, body)
}

/** What a phone wrote, or what became of a submit. */
export type Delivery = {
  readonly messageId: bigint
  readonly to: string
  readonly from: string
  readonly hasHeader: boolean
  readonly format: number
  readonly isReport: boolean
  readonly content: Buffer
}

export function deliver(sequence: number, delivery: Delivery, version: Version): Buffer {
  const isNew = version === '3.0'
  const { from, content } = delivery
  const body = Buffer.concat([
    long(delivery.messageId),
    chars(delivery.to, 21),
    chars('', 10),
    Buffer.from([0, delivery.hasHeader ? 1 : 0, delivery.format]),
    chars(from, isNew ? 32 : 21),
    Buffer.from(isNew ? [0] : []),
    Buffer.from([delivery.isReport ? 1 : 0, content.length]),
    content,
    Buffer.alloc(isNew ? 20 : 8),
  ])
  return frame(COMMAND.deliver, sequence, body)
}

/** The 60 (3.0: 71) bytes of a status report. Times are `YYMMDDHHMM`. */
export function report(
  given: {
    readonly messageId: bigint
    readonly state: string
    readonly submitted: string
    readonly done: string
    readonly to: string
    readonly sequence: number
  },
  version: Version,
): Buffer {
  const sequence = Buffer.alloc(4)
  sequence.writeUInt32BE(given.sequence)
  return Buffer.concat([
    long(given.messageId),
    chars(given.state, 7),
    chars(given.submitted, 10),
    chars(given.done, 10),
    chars(given.to, version === '3.0' ? 32 : 21),
    sequence,
  ])
}

/** Msg_Id: month 4, day 5, hour 5, minute 6, second 6, gateway 22, sequence 16 bits. */
export function makeMessageId(
  local: Temporal.ZonedDateTime,
  gateway: number,
  sequence: number,
): bigint {
  const fields: readonly (readonly [number, bigint])[] = [
    [local.month, 4n],
    [local.day, 5n],
    [local.hour, 5n],
    [local.minute, 6n],
    [local.second, 6n],
    [gateway, 22n],
    [sequence, 16n],
  ]
  return fields.reduce(
    (id, [value, bits]) => (id << bits) | BigInt.asUintN(Number(bits), BigInt(value)),
    0n,
  )
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/** A status or result: one byte in 2.0, four in 3.0. */
function whole(value: number, version: Version): Buffer {
  const bytes = Buffer.alloc(version === '2.0' ? 1 : 4)
  bytes.writeUIntBE(value, 0, bytes.length)
  return bytes
}

function chars(text: string, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  bytes.write(text.slice(0, size), 'latin1')
  return bytes
}
