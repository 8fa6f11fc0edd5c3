import type { Clock } from '@dunlin/kernel'
import type { PlatformKeys } from './verify-message.ts'

/** The keys by which the platform is believed. */
export type KeyRing = {
  /** What is known; fetched first when it is time. */
  readonly get: () => Promise<PlatformKeys>
  /** Fetches because a serial is unknown; at most once a minute, whoever asks. */
  readonly renew: () => Promise<PlatformKeys>
}

const RENEW_MS = 60_000

/**
 * The fixed public key, and platform certificates that are fetched again and again. Certificates fetched
 * before stay known beside the new ones, as they overlap; each is believed inside its own term only. A fetch
 * that fails leaves what is known, and several askers wait for one fetch.
 */
export function createKeyRing(given: {
  readonly fixed: PlatformKeys
  /** Null: certificates are not used. */
  readonly fetchCertificates: (() => Promise<PlatformKeys | null>) | null
  readonly clock: Clock
  readonly refreshMs: number
}): KeyRing {
  const { fixed, fetchCertificates, clock, refreshMs } = given
  let known: PlatformKeys = fixed
  let fetchedAt: number | null = null
  let triedAt: number | null = null
  let running: Promise<PlatformKeys> | null = null

  async function fetchOnce(fetch: () => Promise<PlatformKeys | null>): Promise<PlatformKeys> {
    triedAt = clock.now()
    const found = await fetch()
    if (found === null) return known
    fetchedAt = clock.now()
    const live = [...known].filter(([, { term }]) => term === undefined || term.until > clock.now())
    known = new Map([...live, ...found])
    return known
  }

  function fetchShared(): Promise<PlatformKeys> {
    if (fetchCertificates === null) return Promise.resolve(known)
    running ??= fetchOnce(fetchCertificates).finally(() => {
      running = null
    })
    return running
  }

  const isWithin = (at: number | null, ms: number): boolean => at !== null && clock.now() < at + ms
  return {
    get: async () => {
      const isFresh = isWithin(fetchedAt, refreshMs)
      return isFresh || isWithin(triedAt, RENEW_MS) ? (running ?? known) : fetchShared()
    },
    renew: async () => (isWithin(triedAt, RENEW_MS) ? (running ?? known) : fetchShared()),
  }
}
