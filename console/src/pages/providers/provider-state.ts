import type { Answer } from '../../api/client.ts'

export type Provider = Answer<'GET /console-api/providers'>['items'][number]
export type ProviderState =
  | 'stopped'
  | 'disabled'
  | 'silent'
  | 'disconnected'
  | 'resting'
  | 'partly'
  | 'ready'

/** The worst that is known of an account: what somebody decided first, then what its processes say. */
export function stateOf({ stopped, isEnabled, connections }: Provider): ProviderState {
  if (stopped !== null) return 'stopped'
  if (!isEnabled) return 'disabled'
  if (connections.length === 0) return 'silent'
  const connected = connections.filter(({ isConnected }) => isConnected).length
  if (connected === 0) return 'disconnected'
  if (connections.some(({ restingUntil }) => restingUntil !== null)) return 'resting'
  return connected < connections.length ? 'partly' : 'ready'
}

export const TONE = {
  stopped: 'bad',
  disabled: 'quiet',
  silent: 'bad',
  disconnected: 'bad',
  resting: 'warn',
  partly: 'warn',
  ready: 'good',
} as const satisfies Record<ProviderState, string>

/** Of what was sent and has a receipt, how much was delivered; null before the first receipt. */
export function deliveredShare({ lastHour }: Provider): number | null {
  const told = lastHour.delivered + lastHour.undelivered
  return told === 0 ? null : lastHour.delivered / told
}
