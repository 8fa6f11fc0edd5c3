import { instant } from '@dunlin/kernel'
import type { IncentivesContext } from './context.ts'
import { type Grant, listDueGrants } from './grant-store.ts'
import { askGrant, recallTransfer } from './take-grant.ts'
import { unwaive, waive } from './waive-grant.ts'

/** How long nobody looked at a grant before the sweep does. */
const REST_MS = 60_000
const BATCH_MAX = 100

/**
 * Does what grants wait for: waivers are booked and taken back, transfers asked about and recalled. Whatever
 * died in between ends here. How many it looked at.
 */
export async function sweepGrants(context: IncentivesContext): Promise<number> {
  const before = instant(context.clock.now() - REST_MS)
  const grants = await listDueGrants(context.db, { before, limit: BATCH_MAX })
  const failures: unknown[] = []
  for (const grant of grants)
    await look(context, grant).catch((error: unknown) => failures.push(error))
  // One that cannot be settled does not keep the others waiting.
  if (failures.length > 0) throw failures[0]
  return grants.length
}

function look(context: IncentivesContext, grant: Grant): Promise<void> {
  if (grant.kind === 'waiver')
    return grant.state === 'withdrawing' ? unwaive(context, grant) : waive(context, grant)
  return grant.state === 'withdrawing' ? recallTransfer(context, grant) : askGrant(context, grant)
}
