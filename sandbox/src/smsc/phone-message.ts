import type { PduFields } from 'smpp'

const UCS2 = 8
const HEADER_PRESENT = 0x40
const UNITS_SINGLE = 70
const UNITS_PART = 67

/** `deliver_sm` fields of what a phone wrote: UCS-2, with a concatenation header when it is long. */
export function phoneMessageParts(message: {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly reference: number
}): readonly PduFields[] {
  const { text, reference } = message
  const address = { source_addr: message.from, destination_addr: message.to, data_coding: UCS2 }
  if (text.length <= UNITS_SINGLE) return [{ ...address, short_message: ucs2(text) }]
  // A phone counts UTF-16 units and may cut an emoji in two: a receiver has to live with it.
  const total = Math.ceil(text.length / UNITS_PART)
  return Array.from({ length: total }, (_, index) => {
    const header = Buffer.from([5, 0, 3, reference, total, index + 1])
    const part = ucs2(text.slice(index * UNITS_PART, (index + 1) * UNITS_PART))
    return { ...address, esm_class: HEADER_PRESENT, short_message: Buffer.concat([header, part]) }
  })
}

function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}
