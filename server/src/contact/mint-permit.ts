import { type Instant, instant, Secret } from '@dunlin/kernel'
import type { Permit } from '../channels/permit.ts'
import { mintPermit } from '../channels/permit-mint.ts'
import type { Decided } from './model/decide-attempt.ts'

/** How long a permit may be used after the decision; then the gate must be asked again. */
const PERMIT_LIFE_MS = 10 * 60_000

/** The permit of a positive verdict. Called inside the transaction that stores the decision, and nowhere else. */
export function permitFor(
  { attempt, rendered, verdict }: Decided,
  given: {
    permitId: string
    address: string
    addressee: Secret<string> | null
    mailto: string | null
    at: Instant
  },
): Permit {
  if (verdict.verdict !== 'permit') throw new Error('only a permit mints a permit')
  const { permitId, address, addressee, mailto, at } = given
  return mintPermit({
    permitId,
    attemptId: attempt.attemptId,
    borrowerId: attempt.borrowerId,
    channel: attempt.channel,
    via: attempt.via,
    address: new Secret(address),
    addressee,
    content: { ...rendered, html: null },
    unsubscribe:
      attempt.channel === 'email' && mailto !== null
        ? { url: attempt.unsubscribeUrl, mailto }
        : null,
    expiresAt: instant(at + PERMIT_LIFE_MS),
  })
}
