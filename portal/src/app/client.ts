import type { PortalEndpoints } from '@dunlin/contract'
import { createClient } from '@dunlin/ui'

/** Every call of the portal, typed by the contract. */
export const call = createClient<PortalEndpoints>()

/** A key under which an act is done once, however often it is sent. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
