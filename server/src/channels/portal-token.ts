import { type Instant, instant } from '@dunlin/kernel'
import type { TokenSealer } from './unsubscribe-token.ts'

/** Whose portal a link opens, and until when. The link alone shows nothing: a code follows. */
export type PortalClaim = { readonly borrowerId: string; readonly expiresAt: Instant }

const PURPOSE = 'portal/1'
const TOKEN_CHARS_MAX = 400
const LINK_LIFE_MS = 30 * 86_400_000

/** The address of a borrower's portal, for a message to them: it tells a stranger nothing and needs no table. */
export function makePortalUrl(
  sealer: TokenSealer,
  given: { readonly publicUrl: string; readonly borrowerId: string; readonly at: Instant },
): string {
  const expiresAt = instant(given.at + LINK_LIFE_MS)
  const token = makePortalToken(sealer, { borrowerId: given.borrowerId, expiresAt })
  // After the hash: it reaches no log of a server on the way.
  return `${given.publicUrl}/portal/#/s/${token}`
}

function makePortalToken(sealer: TokenSealer, { borrowerId, expiresAt }: PortalClaim): string {
  const plain = [PURPOSE, borrowerId, expiresAt].join(' ')
  return Buffer.from(sealer.seal(plain)).toString('base64url')
}

/** The claim of a token that we made and whose days are not over; null for anything else. */
export function readPortalToken(
  sealer: TokenSealer,
  token: string,
  at: Instant,
): PortalClaim | null {
  if (token.length > TOKEN_CHARS_MAX || !/^[\w-]+$/.test(token)) return null
  const plain = openOrNull(sealer, Buffer.from(token, 'base64url'))
  const [, borrowerId = '', until = ''] = /^portal\/1 (\d+) (\d+)$/.exec(plain ?? '') ?? []
  if (borrowerId === '' || Number(until) <= at) return null
  return { borrowerId, expiresAt: instant(Number(until)) }
}

/** Anybody may send any bytes here: what does not open is not ours, which is no failure of the system. */
function openOrNull(sealer: TokenSealer, sealed: Uint8Array): string | null {
  try {
    return sealer.open(sealed)
  } catch {
    return null
  }
}
