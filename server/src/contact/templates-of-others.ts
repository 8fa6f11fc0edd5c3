import type { Instant } from '@dunlin/kernel'
import type { Outlet } from './dispatch-batch.ts'
import { takersOf } from './model/choose-route.ts'
import type { MessageTemplate } from './model/templates.ts'
import { contentOf } from './route.ts'

/** Templates of an outlet's channel that other accounts take now, so that this one leaves them alone. */
export function templatesOfOthers(
  outlet: Outlet,
  given: {
    readonly outlets: readonly Outlet[]
    readonly templates: ReadonlyMap<string, MessageTemplate>
    readonly stopped: ReadonlySet<string>
    readonly at: Instant
  },
): readonly string[] {
  const { accountId } = outlet.channel.account
  const routes = given.outlets
    .filter(({ kind }) => kind === outlet.kind)
    .map(({ channel, route }) => ({
      accountId: channel.account.accountId,
      carries: route.carries,
      costPerThousandMinor: route.cost?.perThousandMinor ?? null,
      isStopped: given.stopped.has(channel.account.accountId),
      isWell: route.isConnected() && route.allowance(given.at) !== 'none',
    }))
  return [...given.templates.values()]
    .filter(({ channel }) => channel === outlet.kind)
    .filter((template) => !takersOf(routes, contentOf(template)).has(accountId))
    .map(({ id }) => id)
}
