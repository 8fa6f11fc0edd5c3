import { type ByteReader, type ByteWriter, createReader, createWriter } from './bytes.ts'
import { HEADER_BYTES } from './frames.ts'

// CMPP 2.0 and 3.0 as the China Mobile interface specification lays their PDUs out: what an SP writes and reads.

export type CmppVersion = '2.0' | '3.0'

/** What we write. */
export type Outgoing =
  | {
      readonly command: 'connect'
      readonly sourceAddress: string
      readonly authenticator: Buffer
      readonly timestamp: number
    }
  | ({ readonly command: 'submit' } & CmppSubmit)
  | { readonly command: 'deliver-answer'; readonly messageId: Buffer; readonly result: number }
  | { readonly command: 'active-test' }
  | { readonly command: 'active-test-answer' }
  | { readonly command: 'terminate' }
  | { readonly command: 'terminate-answer' }

export type CmppSubmit = {
  readonly total: number
  readonly number: number
  readonly isReceiptAsked: boolean
  readonly serviceId: string
  readonly hasHeader: boolean
  readonly format: number
  /** Six-digit SP id that pays. */
  readonly source: string
  /** The number that borrowers see: 106… */
  readonly from: string
  readonly to: string
  readonly content: Buffer
}

/** What we read. */
export type Incoming =
  | {
      readonly command: 'connect-answer'
      readonly status: number
      readonly authenticator: Buffer
      readonly version: number
    }
  | { readonly command: 'submit-answer'; readonly messageId: string; readonly result: number }
  | ({ readonly command: 'deliver' } & CmppDeliver)
  | { readonly command: 'active-test' }
  | { readonly command: 'active-test-answer' }
  | { readonly command: 'terminate' }
  | { readonly command: 'terminate-answer' }
  | { readonly command: 'unknown'; readonly id: number }

export type CmppDeliver = {
  readonly messageId: Buffer
  readonly to: string
  readonly from: string
  readonly hasHeader: boolean
  readonly format: number
  readonly content: Buffer
  /** What became of a submit, when the deliver is a status report rather than a phone's message. */
  readonly report: CmppReport | null
}

export type CmppReport = { readonly messageId: string; readonly state: string }

const COMMANDS = {
  connect: 1,
  'connect-answer': 0x80000001,
  terminate: 2,
  'terminate-answer': 0x80000002,
  submit: 4,
  'submit-answer': 0x80000004,
  deliver: 5,
  'deliver-answer': 0x80000005,
  'active-test': 8,
  'active-test-answer': 0x80000008,
} as const
const VERSION_BYTE = { '2.0': 0x20, '3.0': 0x30 } as const
/** Bytes of a phone number, of a number result, and of what closes a submit or deliver. */
const SIZES = {
  '2.0': { phone: 21, reserve: 8 },
  '3.0': { phone: 32, reserve: 20 },
} as const
const ROOM = 512
/** Msg_Length of the specification for all but ASCII; ASCII is kept to it too. */
export const CONTENT_BYTES_MAX = 140

export function encodePdu(pdu: Outgoing, sequence: number, version: CmppVersion): Buffer {
  const writer = createWriter(ROOM).u32(0).u32(COMMANDS[pdu.command]).u32(sequence)
  const whole = writeBody(pdu, writer, version).done()
  whole.writeUInt32BE(whole.length)
  return whole
}

function writeBody(pdu: Outgoing, writer: ByteWriter, version: CmppVersion): ByteWriter {
  switch (pdu.command) {
    case 'connect':
      return writer
        .text(pdu.sourceAddress, 6)
        .bytes(pdu.authenticator, 16)
        .u8(VERSION_BYTE[version])
        .u32(pdu.timestamp)
    case 'submit':
      return writeSubmit(pdu, writer, version)
    case 'deliver-answer':
      writer.bytes(pdu.messageId, 8)
      return version === '2.0' ? writer.u8(pdu.result) : writer.u32(pdu.result)
    case 'active-test-answer':
      return writer.u8(0)
    case 'active-test':
    case 'terminate':
    case 'terminate-answer':
      return writer
  }
}

/** Fee_UserType 2: the SP pays. FeeType 01: free of charge to the phone, so that a borrower never pays. */
const SP_PAYS = 2
const FREE = '01'

function writeSubmit(pdu: CmppSubmit, writer: ByteWriter, version: CmppVersion): ByteWriter {
  const { phone, reserve } = SIZES[version]
  if (pdu.content.length > CONTENT_BYTES_MAX) {
    throw new RangeError(`a part of ${pdu.content.length} bytes: at most ${CONTENT_BYTES_MAX}`)
  }
  writer
    .bytes(EMPTY, 8)
    .u8(pdu.total)
    .u8(pdu.number)
    .u8(pdu.isReceiptAsked ? 1 : 0)
    .u8(0)
    .text(pdu.serviceId, 10)
    .u8(SP_PAYS)
    .text('', phone)
  if (version === '3.0') writer.u8(0)
  writer
    .u8(0)
    .u8(pdu.hasHeader ? 1 : 0)
    .u8(pdu.format)
    .text(pdu.source, 6)
    .text(FREE, 2)
    .text('000000', 6)
    .text('', 17)
    .text('', 17)
    .text(pdu.from, 21)
    .u8(1)
    .text(pdu.to, phone)
  if (version === '3.0') writer.u8(0)
  return writer.u8(pdu.content.length).bytes(pdu.content).text('', reserve)
}

const EMPTY = Buffer.alloc(0)

/** One whole PDU, as `createFrameCutter` gives it. Throws RangeError when its body is too short. */
export function decodePdu(
  frame: Buffer,
  version: CmppVersion,
): { readonly sequence: number; readonly pdu: Incoming } {
  const id = frame.readUInt32BE(4)
  const sequence = frame.readUInt32BE(8)
  return { sequence, pdu: readBody(id, createReader(frame.subarray(HEADER_BYTES)), version) }
}

function readBody(id: number, reader: ByteReader, version: CmppVersion): Incoming {
  const result = (): number => (version === '2.0' ? reader.u8() : reader.u32())
  switch (id) {
    case COMMANDS['connect-answer']: {
      const status = result()
      const authenticator = reader.bytes(16)
      return { command: 'connect-answer', status, authenticator, version: reader.u8() }
    }
    case COMMANDS['submit-answer']: {
      const messageId = messageIdText(reader.bytes(8))
      return { command: 'submit-answer', messageId, result: result() }
    }
    case COMMANDS.deliver:
      return readDeliver(reader, version)
    case COMMANDS['active-test']:
      return { command: 'active-test' }
    case COMMANDS['active-test-answer']:
      return { command: 'active-test-answer' }
    case COMMANDS.terminate:
      return { command: 'terminate' }
    case COMMANDS['terminate-answer']:
      return { command: 'terminate-answer' }
    default:
      return { command: 'unknown', id }
  }
}

function readDeliver(reader: ByteReader, version: CmppVersion): Incoming {
  const { phone } = SIZES[version]
  const messageId = Buffer.from(reader.bytes(8))
  const to = reader.text(21)
  reader.text(10)
  reader.u8()
  const hasHeader = reader.u8() === 1
  const format = reader.u8()
  const from = reader.text(phone)
  if (version === '3.0') reader.u8()
  const isReport = reader.u8() === 1
  const content = reader.bytes(reader.u8())
  const report = isReport ? readReport(content) : null
  return { command: 'deliver', messageId, to, from, hasHeader, format, content, report }
}

/** Only what is needed: the rest of a report's 60 (71) bytes are times, the phone and a sequence. */
function readReport(content: Buffer): CmppReport {
  const reader = createReader(content)
  return { messageId: messageIdText(reader.bytes(8)), state: reader.text(7) }
}

/** Msg_Id as the unsigned number that operators write in their records. */
function messageIdText(bytes: Buffer): string {
  return bytes.readBigUInt64BE().toString()
}
