import type { EpochDay } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import { bringForward } from './case-store.ts'

/** A case whose facts changed other than by its loans is looked at again on that day, at the latest. */
export async function wakeCases(
  tx: Tx,
  cases: readonly { borrowerId: string; caseId: string; on: EpochDay }[],
): Promise<void> {
  for (const each of cases) await bringForward(tx, each)
}
