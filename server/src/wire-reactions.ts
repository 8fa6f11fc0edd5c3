import { syncCasesToday } from './cases/index.ts'
import type { Reactions } from './platform/events/index.ts'
import { readPreDue } from './strategy/index.ts'

/** Who hears of what across domains: a loan that changed brings its case in line, in the same transaction. */
export function wireReactions(reactions: Reactions): void {
  reactions.on('loan.changed', async (tx, events, at) => {
    const borrowerIds = events.map((event) => event.borrowerId)
    await syncCasesToday(tx, borrowerIds, { reactions, at, preDue: await readPreDue(tx) })
  })
}
