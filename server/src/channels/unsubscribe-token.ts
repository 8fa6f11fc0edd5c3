/** The part of the sealer that tokens need: sealing is authenticated, so a token cannot be forged or read. */
export type TokenSealer = {
  readonly seal: (plain: string) => Uint8Array
  readonly open: (sealed: Uint8Array) => string
}

/** Whose channel a token stops. `partyId` null is the borrower. */
export type UnsubscribeClaim = {
  readonly borrowerId: string
  readonly partyId: string | null
  readonly channel: 'email' | 'sms'
}

const PURPOSE = 'unsubscribe/1'
const TOKEN_CHARS_MAX = 400

/** An opaque token for a List-Unsubscribe address: it tells a stranger nothing and needs no table. */
export function makeUnsubscribeToken(sealer: TokenSealer, claim: UnsubscribeClaim): string {
  const plain = [PURPOSE, claim.borrowerId, claim.partyId ?? '', claim.channel].join(' ')
  return Buffer.from(sealer.seal(plain)).toString('base64url')
}

/** The claim of a token that we made; null for anything else. */
export function readUnsubscribeToken(sealer: TokenSealer, token: string): UnsubscribeClaim | null {
  if (token.length > TOKEN_CHARS_MAX || !/^[\w-]+$/.test(token)) return null
  const plain = openOrNull(sealer, Buffer.from(token, 'base64url'))
  const [, borrowerId = '', partyId = '', channel] =
    /^unsubscribe\/1 (\d+) (\d*) (email|sms)$/.exec(plain ?? '') ?? []
  if (channel !== 'email' && channel !== 'sms') return null
  return { borrowerId, partyId: partyId === '' ? null : partyId, channel }
}

/** Anybody may send any bytes here: what does not open is not ours, which is no failure of the system. */
function openOrNull(sealer: TokenSealer, sealed: Uint8Array): string | null {
  try {
    return sealer.open(sealed)
  } catch {
    return null
  }
}
