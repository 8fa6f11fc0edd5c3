// How often somebody may knock. Times are the wall's. Over it the answer is `portal.too_many`, whatever was asked.

export type Door = 'link' | 'code' | 'enter' | 'verify' | 'act' | 'data' | 'code-of' | 'enter-of'
export type Limit = { readonly times: number; readonly windowMs: number }

const MINUTE_MS = 60_000

/** Of one address, or of one borrower where the name ends in `-of` or is `act`. */
export const LIMITS: Readonly<Record<Door, Limit>> = {
  link: { times: 60, windowMs: 10 * MINUTE_MS },
  code: { times: 20, windowMs: 60 * MINUTE_MS },
  enter: { times: 60, windowMs: 10 * MINUTE_MS },
  verify: { times: 30, windowMs: 10 * MINUTE_MS },
  act: { times: 120, windowMs: 60 * MINUTE_MS },
  data: { times: 5, windowMs: 60 * MINUTE_MS },
  'code-of': { times: 5, windowMs: 60 * MINUTE_MS },
  'enter-of': { times: 20, windowMs: 60 * MINUTE_MS },
}

export const CODE_DIGITS = 6
export const CODE_LIFE_MS = 10 * MINUTE_MS
/** After so many tries a code is void. */
export const CODE_TRIES_MAX = 5
/** A session ends after so long without a request, and after so long in any case. */
export const SESSION_IDLE_MS = 30 * MINUTE_MS
export const SESSION_MAX_MS = 4 * 60 * MINUTE_MS
export const KNOCKS_KEPT_MS = 24 * 60 * MINUTE_MS
