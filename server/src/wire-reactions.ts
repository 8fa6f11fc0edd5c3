import { syncCasesToday } from './cases/index.ts'
import { markUnwanted } from './channels/wecom/wecom-store.ts'
import { reactToPromises } from './incentives/index.ts'
import { reactToLoans, reactToMessages, reactToTellings } from './plans/index.ts'
import type { Reactions } from './platform/events/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import { readPreDue } from './strategy/index.ts'

/** Who hears of what across domains: a loan that changed brings its case in line, in the same transaction. */
export function wireReactions(reactions: Reactions, sealer: Sealer): void {
  reactions.on('loan.changed', async (tx, events, at) => {
    const borrowerIds = events.map((event) => event.borrowerId)
    await syncCasesToday(tx, borrowerIds, { reactions, at, preDue: await readPreDue(tx) })
  })
  // After the case: a cured one keeps its promise.
  reactToLoans(reactions)
  // What becomes of the message with a decision is kept on its matter.
  reactToTellings(reactions)
  // What a message stops is owed a decision.
  reactToMessages(reactions, sealer)
  // Whatever keeps a promise may earn something; whatever breaks it takes it back.
  reactToPromises(reactions)
  // A message that still lies with a member is taken back when it is no longer wanted.
  for (const name of ['loan.changed', 'case.cured', 'case.closed', 'hold.started'] as const) {
    reactions.on(name, async (tx, events) => {
      await markUnwanted(
        tx,
        events.map((event) => event.borrowerId),
        name,
      )
    })
  }
}
