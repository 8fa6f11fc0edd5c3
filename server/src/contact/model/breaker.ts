import { type Instant, instant } from '@dunlin/kernel'

type Fate = 'accepted' | 'rejected' | 'unknown' | 'not-sent'

/** What an account's last messages say of it: how many in a row did not get through, and how long it rests. */
export type BreakerState = {
  readonly failures: number
  /** How often in a row it rested without a success between. */
  readonly rests: number
  readonly restsUntil: Instant | null
}

export const CLOSED: BreakerState = { failures: 0, rests: 0, restsUntil: null }

/** So many messages in a row that were not answered or not taken, and the account rests. */
const FAILURES_MAX = 20
const REST_FIRST_MS = 10_000
const REST_MAX_MS = 5 * 60_000
const RESTS_COUNTED_MAX = 10

/**
 * After results: the provider's own word, also a refusal, shows that it lives; silence and what was never
 * written count against it. After a rest one message tries the line; when that fails, it rests twice as long.
 */
export function afterResults(
  state: BreakerState,
  results: readonly { readonly fate: Fate }[],
  at: Instant,
): BreakerState {
  if (results.length === 0) return state
  if (results.some(({ fate }) => fate === 'accepted' || fate === 'rejected')) return CLOSED
  const failures = state.failures + results.length
  const isTrial = state.restsUntil !== null && at >= state.restsUntil
  if (failures < FAILURES_MAX && !isTrial) return { ...state, failures }
  const rests = Math.min(state.rests + 1, RESTS_COUNTED_MAX)
  const restMs = Math.min(REST_MAX_MS, REST_FIRST_MS * 2 ** (rests - 1))
  return { failures, rests, restsUntil: instant(at + restMs) }
}

/** How many messages may be handed over now: none while it rests, one to try it after that. */
export function allowance(state: BreakerState, at: Instant): 'none' | 'one' | 'all' {
  if (state.restsUntil === null) return 'all'
  return at < state.restsUntil ? 'none' : 'one'
}
