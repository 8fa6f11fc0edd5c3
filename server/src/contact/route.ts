import type { Instant } from '@dunlin/kernel'
import type { SendResult } from '../channels/channel.ts'
import type { Content } from '../channels/limits.ts'
import { afterResults, allowance, type BreakerState, CLOSED } from './model/breaker.ts'
import type { MessageTemplate } from './model/templates.ts'

/** What a process knows of an account beside its channel; made once for as long as the account is open. */
export type Route = {
  readonly carries: ReadonlySet<Content>
  /** What a thousand parts cost; null when nobody said. */
  readonly cost: { readonly perThousandMinor: bigint; readonly currency: string } | null
  readonly isConnected: () => boolean
  readonly record: (results: readonly SendResult[], at: Instant) => void
  readonly allowance: (at: Instant) => 'none' | 'one' | 'all'
  readonly restsUntil: () => Instant | null
}

export function openRoute(given: Pick<Route, 'carries' | 'cost' | 'isConnected'>): Route {
  let breaker: BreakerState = CLOSED
  return {
    ...given,
    record: (results, at) => {
      breaker = afterResults(breaker, results, at)
    },
    allowance: (at) => allowance(breaker, at),
    restsUntil: () => breaker.restsUntil,
  }
}

/** What a template is about: what asks for money is collection, whatever it is called. */
export function contentOf({ purpose }: MessageTemplate): Content {
  return purpose === 'service' ? 'service' : 'collection'
}
