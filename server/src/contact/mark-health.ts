import type { Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { updateHealth } from './ask-store.ts'

export type MarkedHealth = {
  readonly borrowerId: string
  readonly contactPointId: string
  readonly health: 'dead' | 'wrong-person'
  /** Why, as a code. */
  readonly reason: string
}

/** Marks a contact point that the gate refuses from now on. The caller holds the borrower's lock. */
export async function markHealth(
  { tx, reactions, at }: { tx: Tx; reactions: Reactions; at: Instant },
  { borrowerId, contactPointId, health, reason }: MarkedHealth,
): Promise<void> {
  if (!(await updateHealth(tx, { borrowerId, contactPointId, health }))) return
  const payload = { contactPointId, health, reason }
  await reactions.publish(tx, [{ name: 'contact-point.changed', borrowerId, payload }], at)
}
