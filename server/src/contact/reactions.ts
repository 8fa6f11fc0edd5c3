import type { Reactions } from '../platform/events/index.ts'
import { cancelPlannedOf } from './result-store.ts'

/** A case that ends takes its planned attempts with it, in the same transaction. */
export function reactToCases(reactions: Reactions): void {
  for (const name of ['case.cured', 'case.closed']) {
    reactions.on(name, async (tx, events) => {
      await cancelPlannedOf(
        tx,
        events.map(({ borrowerId, payload }) => ({ borrowerId, caseId: String(payload.caseId) })),
      )
    })
  }
}
