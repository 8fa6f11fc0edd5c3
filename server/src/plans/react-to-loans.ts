import type { Reactions } from '../platform/events/index.ts'
import { cancelPlan } from './agreements/change-plan.ts'
import { judgePlans } from './agreements/judge-plans.ts'
import { listRunning } from './agreements/plan-store.ts'
import { cancelPromise } from './promises/cancel-promise.ts'
import { judgePromises } from './promises/judge-promises.ts'
import { listPromisesOf } from './promises/promise-store.ts'

/**
 * Whatever changes a loan may keep or break promises and plans, in the same transaction; so may a case that
 * ends, which is also how payments of a file are heard of.
 */
export function reactToLoans(reactions: Reactions): void {
  for (const name of ['loan.changed', 'case.cured', 'case.closed'] as const) {
    reactions.on(name, async (tx, events, at) => {
      const borrowerIds = events.map((event) => event.borrowerId)
      await judgePromises(tx, borrowerIds, { reactions, at })
      await judgePlans({ tx, reactions, at }, borrowerIds)
    })
  }
  // A matter that is decided ends what it spared; a confirmed death ends promises and plans without blame.
  reactions.on('matter.decided', async (tx, events, at) => {
    const work = { tx, reactions, at }
    for (const { borrowerId, payload } of events) {
      if (payload.kind === 'death' && payload.outcome === 'upheld')
        await endForDeath(work, borrowerId)
      await judgePlans(work, [borrowerId])
    }
  })
}

type EndWork = Parameters<typeof cancelPlan>[0]

async function endForDeath(work: EndWork, borrowerId: string): Promise<void> {
  for (const { planId } of await listRunning(work.tx, borrowerId))
    await cancelPlan(work, { planId, reason: 'death' })
  for (const { promiseId, state } of await listPromisesOf(work.tx, [borrowerId]))
    if (state === 'open') await cancelPromise(work, { promiseId, reason: 'death' })
}
