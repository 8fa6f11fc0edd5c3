import type { Pdu } from 'smpp'

/** Where a part stands in a long message, by its user data header or its SAR parameters. */
export type PartHeader = {
  readonly reference: number
  readonly total: number
  readonly sequence: number
}

const CONCAT_8_BIT = 0x00
const CONCAT_16_BIT = 0x08

/** The concatenation header of a PDU; null when it is a message of its own or the header makes no sense. */
export function partHeader(pdu: Pdu): PartHeader | null {
  const found = (pdu.short_message?.udh ?? []).map(fromElement).find((header) => header !== null)
  const header = found ?? fromSar(pdu)
  return header !== null && isSensible(header) ? header : null
}

/** The concatenation header at the front of a message's bytes, and what follows the user data header. */
export function splitHeader(bytes: Buffer): {
  readonly header: PartHeader | null
  readonly body: Buffer
} {
  const end = 1 + (bytes[0] ?? 0)
  if (end > bytes.length) return { header: null, body: bytes }
  let header: PartHeader | null = null
  for (let at = 1; at + 1 < end && header === null; at += 2 + (bytes[at + 1] ?? 0)) {
    header = fromElement(bytes.subarray(at, Math.min(end, at + 2 + (bytes[at + 1] ?? 0))))
  }
  return {
    header: header !== null && isSensible(header) ? header : null,
    body: bytes.subarray(end),
  }
}

function fromElement(element: Buffer): PartHeader | null {
  const [kind, length, a = 0, b = 0, c = 0, d = 0] = element
  if (kind === CONCAT_8_BIT && length === 3) return { reference: a, total: b, sequence: c }
  if (kind === CONCAT_16_BIT && length === 4) {
    return { reference: a * 256 + b, total: c, sequence: d }
  }
  return null
}

function fromSar(pdu: Pdu): PartHeader | null {
  const {
    sar_msg_ref_num: reference,
    sar_total_segments: total,
    sar_segment_seqnum: sequence,
  } = pdu
  if (reference === undefined || total === undefined || sequence === undefined) return null
  return { reference, total, sequence }
}

function isSensible({ total, sequence }: PartHeader): boolean {
  return total > 1 && sequence >= 1 && sequence <= total
}
