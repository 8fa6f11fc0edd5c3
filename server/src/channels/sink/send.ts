import type { Clock } from '@dunlin/kernel'
import type { Channel, ProviderAccount } from '../channel.ts'
import type { Permit } from '../permit.ts'

export type SinkOptions = {
  readonly account: ProviderAccount
  readonly window: number
  readonly clock: Clock
  readonly onPermit?: (permit: Permit) => void
}

/** Accepts everything and sends nothing: for benchmarks and for portfolios that only rehearse. */
export function createSinkChannel(options: SinkOptions): Channel {
  return {
    name: 'sink',
    account: options.account,
    window: options.window,
    countParts: () => 1,
    send: async (permits) =>
      permits.map((permit) => {
        const { permitId } = permit
        if (options.clock.now() >= permit.expiresAt) {
          return { permitId, fate: 'not-sent', detail: 'the permit has expired' }
        }
        options.onPermit?.(permit)
        return { permitId, fate: 'accepted', providerMessageId: permitId, parts: 1 }
      }),
    close: async () => undefined,
  }
}
