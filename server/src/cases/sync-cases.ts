import { type EpochDay, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import { lockBorrowers, tellFolds } from '../loanbook/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import {
  applyLoans,
  type CaseChange,
  listBorrowerZones,
  listToSync,
  type PreDue,
} from './case-store.ts'

export type SyncOptions = {
  readonly reactions: Reactions
  readonly asOf: EpochDay
  readonly at: Instant
  readonly preDue: PreDue
}

const BATCH_BORROWERS = 20_000

/**
 * Opens, updates, cures and closes the cases of these borrowers by the facts of their loans alone,
 * in the caller's transaction, and tells each transition.
 */
export async function syncCases(
  tx: Tx,
  borrowerIds: readonly string[],
  { reactions, asOf, at, preDue }: SyncOptions,
): Promise<CaseChange[]> {
  await lockBorrowers(tx, borrowerIds)
  await tellFolds(tx, borrowerIds, at)
  const changes = await applyLoans(tx, borrowerIds, { asOf, preDue })
  await reactions.publish(tx, changes.map(toEvent), at)
  return changes
}

/** The same as of the day that it is, at `at`, where each borrower's portfolio is. */
export async function syncCasesToday(
  tx: Tx,
  borrowerIds: readonly string[],
  options: Omit<SyncOptions, 'asOf'>,
): Promise<void> {
  const found = await listBorrowerZones(tx, [...new Set(borrowerIds)].sort())
  for (const [name, group] of Map.groupBy(found, ({ zone }) => zone)) {
    const asOf = localDay(required(zoneNamed(name), `zone ${name}`), options.at)
    const ids = group.map(({ borrowerId }) => borrowerId)
    await syncCases(tx, ids, { ...options, asOf })
  }
}

/** The same for every borrower whose loans changed or whose day has come, batch by batch; null means every portfolio. */
export async function syncDueCases(
  db: Database,
  options: SyncOptions,
  portfolioIds: readonly string[] | null = null,
): Promise<Record<CaseChange['change'], number>> {
  const counts = { opened: 0, updated: 0, cured: 0, closed: 0 }
  for (;;) {
    const changes = await db.transaction(async (tx) => {
      const borrowerIds = await listToSync(tx, options.asOf, {
        limit: BATCH_BORROWERS,
        portfolioIds,
      })
      return borrowerIds.length === 0 ? null : syncCases(tx, borrowerIds, options)
    })
    if (changes === null) return counts
    for (const { change } of changes) counts[change] += 1
  }
}

const EVENT_OF = {
  opened: 'case.opened',
  updated: 'case.updated',
  cured: 'case.cured',
  closed: 'case.closed',
} as const

function toEvent({ borrowerId, facts, change }: CaseChange): DomainEvent {
  return { name: EVENT_OF[change], borrowerId, payload: facts }
}
