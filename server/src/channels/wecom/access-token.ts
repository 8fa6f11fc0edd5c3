import type { Clock } from '@dunlin/kernel'
import { instant } from '@dunlin/kernel'

export type FetchedToken = { readonly token: string; readonly livesSeconds: number }

export type AccessToken = {
  /** A token that is valid as far as we know; waiters share one fetch. */
  readonly get: () => Promise<string>
  /** The vendor refused this token: it is not handed out again. */
  readonly drop: (token: string) => void
  /** When the token at hand ends, for health pages; null without one. */
  readonly endsAt: () => number | null
}

/**
 * Keeps one access token. After `refreshAtPercent` of its life it is renewed beside the work, so that
 * nobody waits; a renewal that fails is tried again by the next caller and only counts once the token ended.
 */
export function createAccessToken(
  fetchToken: () => Promise<FetchedToken>,
  { clock, refreshAtPercent }: { readonly clock: Clock; readonly refreshAtPercent: number },
): AccessToken {
  let held: { token: string; freshUntil: number; endsAt: number } | null = null
  let underWay: Promise<string> | null = null

  function renew(): Promise<string> {
    underWay ??= fetchAndKeep().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function fetchAndKeep(): Promise<string> {
    const askedAt = clock.now()
    const { token, livesSeconds } = await fetchToken()
    const lifeMs = livesSeconds * 1000
    held = {
      token,
      freshUntil: instant(askedAt + (lifeMs * refreshAtPercent) / 100),
      endsAt: instant(askedAt + lifeMs),
    }
    return token
  }

  return {
    get: async () => {
      const now = clock.now()
      if (held === null || now >= held.endsAt) return renew()
      if (now >= held.freshUntil) {
        // The token at hand still serves; who renews it in vain leaves that to the next caller.
        renew().catch(() => undefined)
      }
      return held.token
    },
    drop: (token) => {
      if (held?.token === token) held = null
    },
    endsAt: () => held?.endsAt ?? null,
  }
}
