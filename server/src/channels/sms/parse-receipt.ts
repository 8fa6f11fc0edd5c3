import type { Pdu } from 'smpp'

/** How a provider writes in receipts the message id that it gave in hexadecimal or decimal in answers. */
export type ReceiptId = 'same' | 'answer-hex-receipt-decimal' | 'answer-decimal-receipt-hex'

export type SmppReceipt = {
  readonly messageId: string
  /** null while the message is still on its way. */
  readonly line: 'delivered' | 'failed' | 'unknown' | null
  readonly detail: string
}

const RECEIPT_TYPES = 0x3c
const RECEIPT = 0x04
const MESSAGE_STATES = [
  '',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
]

/** Whether a deliver_sm is a delivery receipt rather than a message from a phone. */
export function isReceipt(pdu: Pdu): boolean {
  return ((pdu.esm_class ?? 0) & RECEIPT_TYPES) === RECEIPT
}

/** Reads a delivery receipt from its parameters or, failing them, its text; null when it names no message. */
export function parseReceipt(pdu: Pdu, mapping: ReceiptId): SmppReceipt | null {
  const raw = pdu.short_message?.message ?? ''
  const text = typeof raw === 'string' ? raw : raw.toString('latin1')
  const id = pdu.receipted_message_id ?? /\bid:(\S+)/i.exec(text)?.[1]
  if (id === undefined || id === '') return null
  const state = MESSAGE_STATES[pdu.message_state ?? 0] || /\bstat:(\w+)/i.exec(text)?.[1] || ''
  const error = /\berr:(\w+)/i.exec(text)?.[1] ?? ''
  return {
    messageId: receiptMessageId(id, mapping),
    line: lineOf(state.toUpperCase()),
    detail: error === '' ? state : `${state} ${error}`,
  }
}

/** The id of an answer in the form in which receipts are looked up. */
export function answerMessageId(id: string, mapping: ReceiptId): string {
  if (mapping === 'same') return id
  return canonical(id, mapping === 'answer-hex-receipt-decimal' ? 16 : 10)
}

function receiptMessageId(id: string, mapping: ReceiptId): string {
  if (mapping === 'same') return id
  return canonical(id, mapping === 'answer-hex-receipt-decimal' ? 10 : 16)
}

/** Hexadecimal without leading zeros; an id that is no number stays as it is. */
function canonical(id: string, radix: 10 | 16): string {
  const isNumber = radix === 10 ? /^\d{1,40}$/.test(id) : /^[0-9a-f]{1,40}$/i.test(id)
  return isNumber ? BigInt(radix === 16 ? `0x${id}` : id).toString(16) : id
}

function lineOf(state: string): SmppReceipt['line'] {
  switch (state) {
    case 'DELIVRD':
      return 'delivered'
    case 'UNDELIV':
    case 'EXPIRED':
    case 'DELETED':
    case 'REJECTD':
      return 'failed'
    case 'ENROUTE':
    case 'ACCEPTD':
      return null
    default:
      return 'unknown'
  }
}
