import type { PduFields } from 'smpp'
import { encodeGsm } from './gsm-alphabet.ts'
import { type Segments, segmentText } from './segment-text.ts'
import type { SmppSettings } from './smpp-settings.ts'

const GSM_DEFAULT = 0
const UCS2 = 8
const HEADER_PRESENT = 0x40
const RECEIPT_ASKED = 1

/**
 * The submit_sm of every part of a text. All parts carry the permit's reference, in the concatenation
 * header and as user_message_reference; the last one asks for the delivery receipt.
 * Throws RangeError when the text needs too many parts.
 */
export function submitFields(message: {
  readonly settings: SmppSettings
  readonly address: string
  readonly text: string
  readonly reference: number
}): readonly PduFields[] {
  const { settings, reference } = message
  const segments = segmentText(message.text, settings.alphabet)
  const total = segments.parts.length
  const common = {
    source_addr_ton: settings.sourceTon,
    source_addr_npi: settings.sourceNpi,
    source_addr: settings.sourceAddress,
    dest_addr_ton: settings.destinationTon,
    dest_addr_npi: settings.destinationNpi,
    destination_addr: message.address.replace(/\D/g, ''),
    data_coding: segments.encoding === 'gsm' ? GSM_DEFAULT : UCS2,
    user_message_reference: reference,
  }
  return segments.parts.map((part, index) => {
    const body = encode(part, segments.encoding)
    const header = Buffer.from([5, 0, 3, reference & 0xff, total, index + 1])
    return {
      ...common,
      esm_class: total === 1 ? 0 : HEADER_PRESENT,
      registered_delivery: index === total - 1 ? RECEIPT_ASKED : 0,
      short_message: total === 1 ? body : Buffer.concat([header, body]),
    }
  })
}

/** A 16-bit reference from a permit id (a UUID): what fits of the idempotency key into SMPP. */
export function permitReference(permitId: string): number {
  return Number.parseInt(permitId.replaceAll('-', '').slice(-4), 16)
}

function encode(text: string, encoding: Segments['encoding']): Buffer {
  return encoding === 'gsm' ? encodeGsm(text) : Buffer.from(text, 'utf16le').swap16()
}
