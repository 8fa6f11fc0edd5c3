import { type Clock, type Instant, instant } from '@dunlin/kernel'
import type { Channel } from '../channels/channel.ts'
import type { Permit } from '../channels/permit.ts'
import { createSinkChannel } from '../channels/sink/send.ts'
import { createReactions, type Reactions } from '../platform/events/index.ts'
import { loadPolicy } from '../platform/packs.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import type { Gate, Outlet } from './dispatch-batch.ts'
import { reactToCases } from './reactions.ts'
import { openRoute, type Route } from './route.ts'
import { loadTemplates } from './templates/index.ts'

// A gate with the packs of production, and outlets that keep what they were given.

export async function aGate(reactions: Reactions = createReactions()): Promise<Gate> {
  reactToCases(reactions)
  return {
    policyOf: (packs, overlay) =>
      loadPolicy(overlay === null ? packs : [...packs, overlay], { allowTest: true }),
    templates: await loadTemplates(),
    sealer: createTestSealer(),
    reactions,
    publicUrl: 'https://lender.example.com',
  }
}

export function aClock(start: number): Clock & { set: (at: number) => void } {
  let at = instant(start)
  return {
    now: () => at,
    set: (next) => {
      at = instant(next)
    },
  }
}

export type SinkOutlet = Outlet & { readonly given: Permit[] }

export function aSink(
  kind: 'sms' | 'email',
  clock: Clock,
  change: Partial<Channel> = {},
): SinkOutlet {
  const given: Permit[] = []
  const account = { accountId: kind === 'sms' ? '1' : '2', name: kind, collectionContent: true }
  const channel = createSinkChannel({
    account,
    window: 1000,
    clock,
    onPermit: (permit) => given.push(permit),
  })
  return {
    kind,
    given,
    isLoopback: true,
    unsubscribeMailbox: 'u@lender.example.com',
    channel: { ...channel, ...change },
    route: openRoute({
      carries: new Set(['collection', 'service']),
      cost: null,
      isConnected: () => true,
    }),
  }
}

/** Of an account that may carry everything, is always connected, and of unknown cost. */
export function aRoute(change: Partial<Parameters<typeof openRoute>[0]> = {}): Route {
  const carries = new Set(['collection', 'service', 'code'] as const)
  return openRoute({ carries, cost: null, isConnected: () => true, ...change })
}

export function utc(text: string): Instant {
  return instant(Temporal.Instant.from(text).epochMilliseconds)
}
