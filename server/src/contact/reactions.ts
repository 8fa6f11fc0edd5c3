import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { cancelPlannedOf } from './result-store.ts'

/** A case that ends takes its planned attempts with it, in the same transaction. */
export function reactToCases(reactions: Reactions): void {
  for (const name of ['case.cured', 'case.closed'] as const) {
    reactions.on(name, async (tx, events, at) => {
      const cancelled = await cancelPlannedOf(
        tx,
        events.map(({ borrowerId, payload }) => ({ borrowerId, caseId: String(payload.caseId) })),
      )
      const told = cancelled.map(
        ({ borrowerId, ...payload }): DomainEvent => ({
          ...{ name: 'contact.cancelled', borrowerId, payload },
        }),
      )
      await reactions.publish(tx, told, at)
    })
  }
}
