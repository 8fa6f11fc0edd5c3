import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@dunlin/kernel'

const SIGNATURE_BYTES = 8
const BOUNCE = /^bounce\+([0-9a-f]{32})\.([0-9a-f]{16})@/i
const REPLY = /^[^+@]{1,64}\+([0-9a-f]{32})\.([0-9a-f]{16})@/i
/** Wherever in a text; the second half of each is checked against our key. */
const BOUNCE_WITHIN = /bounce\+[0-9a-f]{32}\.[0-9a-f]{16}@/gi

/** The envelope sender of one permit's mail, so that its bounce names it: `bounce+<permit>.<signature>@domain`. */
export function bounceAddress(
  permitId: string,
  mail: { readonly bounceDomain: string; readonly verpKey: Secret<Uint8Array> },
): string {
  return `bounce+${tagOf(permitId, 'bounce', mail.verpKey)}@${mail.bounceDomain}`
}

/** The permit a bounce address names; null when we did not sign it. Letter case may have been lost on the way. */
export function readBounceAddress(address: string, verpKey: Secret<Uint8Array>): string | null {
  return readTag(BOUNCE.exec(address), 'bounce', verpKey)
}

/** Where one permit's mail is answered to: `reply+<permit>.<signature>@domain` for `reply@domain`. */
export function replyAddress(
  permitId: string,
  mail: { readonly replyTo: string; readonly verpKey: Secret<Uint8Array> },
): string {
  return mail.replyTo.replace('@', `+${tagOf(permitId, 'reply', mail.verpKey)}@`)
}

/** The permit that an address for answers names; null when we did not sign it. */
export function readReplyAddress(address: string, verpKey: Secret<Uint8Array>): string | null {
  return readTag(REPLY.exec(address), 'reply', verpKey)
}

/** The permit of the first bounce address of ours in a report, which quotes it where it tells of the sender. */
export function findBounceAddress(text: string, verpKey: Secret<Uint8Array>): string | null {
  const found = text.match(BOUNCE_WITHIN)?.slice(0, FOUND_MAX) ?? []
  return (
    found.map((address) => readBounceAddress(address, verpKey)).find((id) => id !== null) ?? null
  )
}

const FOUND_MAX = 20

/** Signed apart for each use, so that an address for answers is none for bounces. */
type Use = 'bounce' | 'reply'

function tagOf(permitId: string, use: Use, verpKey: Secret<Uint8Array>): string {
  const id = permitId.replaceAll('-', '').toLowerCase()
  return `${id}.${signature(id, use, verpKey).toString('hex')}`
}

function readTag(
  match: RegExpExecArray | null,
  use: Use,
  verpKey: Secret<Uint8Array>,
): string | null {
  const [, id = '', signed = ''] = match?.map((part) => part.toLowerCase()) ?? []
  if (id === '') return null
  return timingSafeEqual(Buffer.from(signed, 'hex'), signature(id, use, verpKey))
    ? uuidOf(id)
    : null
}

function signature(id: string, use: Use, verpKey: Secret<Uint8Array>): Buffer {
  const mac = createHmac('sha256', verpKey.reveal()).update(`${use} ${id}`).digest()
  return mac.subarray(0, SIGNATURE_BYTES)
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
