import type { Pdu } from 'smpp'

/** One part of a message that came in several, as its header (UDH or SAR) says. */
export type PartHeader = { readonly ref: number; readonly total: number; readonly seq: number }

/** The concatenation header of a PDU: 8- or 16-bit UDH reference, or SAR parameters; null when single. */
export function partHeader(pdu: Pdu): PartHeader | null {
  for (const element of pdu.short_message?.udh ?? []) {
    const header = headerOf(element)
    if (header !== null) return header
  }
  const { sar_msg_ref_num: ref, sar_total_segments: total, sar_segment_seqnum: seq } = pdu
  return ref === undefined || total === undefined || seq === undefined ? null : { ref, total, seq }
}

function headerOf(element: Buffer): PartHeader | null {
  const [kind, length, a = 0, b = 0, c = 0, d = 0] = element
  if (kind === 0x00 && length === 3) return { ref: a, total: b, seq: c }
  return kind === 0x08 && length === 4 ? { ref: a * 256 + b, total: c, seq: d } : null
}

/** The text of one PDU, from short_message or message_payload. */
export function textOf(pdu: Pdu): string {
  const body = pdu.short_message?.message ?? ''
  const chosen = body.length > 0 ? body : (pdu.message_payload?.message ?? '')
  return typeof chosen === 'string' ? chosen : chosen.toString('latin1')
}

const UNFINISHED_MAX = 10_000

/** Puts the parts of long messages together by sender, receiver and reference. */
export type Assembler = (
  key: string,
  header: PartHeader,
  text: string,
) => { readonly text: string; readonly parts: number } | null

export function createAssembler(): Assembler {
  const unfinished = new Map<string, Map<number, string>>()
  return (key, header, text) => {
    if (header.total <= 1) return { text, parts: 1 }
    const group = `${key}:${header.ref}:${header.total}`
    const parts = unfinished.get(group) ?? new Map<number, string>()
    parts.set(header.seq, text)
    unfinished.set(group, parts)
    if (parts.size < header.total) {
      forgetOldest(unfinished)
      return null
    }
    unfinished.delete(group)
    const ordered = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    return { text: ordered.join(''), parts: header.total }
  }
}

function forgetOldest(unfinished: Map<string, unknown>): void {
  if (unfinished.size <= UNFINISHED_MAX) return
  const [oldest] = unfinished.keys()
  if (oldest !== undefined) unfinished.delete(oldest)
}
