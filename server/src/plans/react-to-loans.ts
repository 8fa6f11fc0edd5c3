import type { Reactions } from '../platform/events/index.ts'
import { judgePromises } from './promises/judge-promises.ts'

/**
 * Whatever changes a loan may keep or break a promise, in the same transaction; so may a case that ends,
 * which is also how payments of a file are heard of.
 */
export function reactToLoans(reactions: Reactions): void {
  for (const name of ['loan.changed', 'case.cured', 'case.closed'] as const) {
    reactions.on(name, async (tx, events, at) => {
      const borrowerIds = events.map((event) => event.borrowerId)
      await judgePromises(tx, borrowerIds, { reactions, at })
    })
  }
}
