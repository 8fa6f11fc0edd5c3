import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@dunlin/kernel'

const SIGNATURE_BYTES = 8
const SHAPE = /^bounce\+([0-9a-f]{32})\.([0-9a-f]{16})@/i

/** The envelope sender of one permit's mail, so that its bounce names it: `bounce+<permit>.<signature>@domain`. */
export function bounceAddress(
  permitId: string,
  mail: { readonly bounceDomain: string; readonly verpKey: Secret<Uint8Array> },
): string {
  const id = permitId.replaceAll('-', '').toLowerCase()
  return `bounce+${id}.${signature(id, mail.verpKey).toString('hex')}@${mail.bounceDomain}`
}

/** The permit a bounce address names; null when we did not sign it. Letter case may have been lost on the way. */
export function readBounceAddress(address: string, verpKey: Secret<Uint8Array>): string | null {
  const [, id = '', signed = ''] = SHAPE.exec(address)?.map((part) => part.toLowerCase()) ?? []
  if (id === '') return null
  return timingSafeEqual(Buffer.from(signed, 'hex'), signature(id, verpKey)) ? uuidOf(id) : null
}

function signature(id: string, verpKey: Secret<Uint8Array>): Buffer {
  const mac = createHmac('sha256', verpKey.reveal()).update(`bounce ${id}`).digest()
  return mac.subarray(0, SIGNATURE_BYTES)
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
