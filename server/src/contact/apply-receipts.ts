import { formatInstant, type Instant } from '@dunlin/kernel'
import type { ProviderReceipt } from '../channels/inbound.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { applyOpenReceipts, insertReceipts, listCrossed } from './result-store.ts'

/**
 * Takes what providers say became of our messages, in the caller's transaction. A receipt is kept
 * once; one that comes before our own bookkeeping waits and is applied with it.
 */
export async function applyReceipts(
  tx: Tx,
  reactions: Reactions,
  receipts: readonly ProviderReceipt[],
): Promise<void> {
  const last = receipts.at(-1)
  if (last === undefined) return
  await insertReceipts(
    tx,
    receipts.map((receipt) => ({ ...receipt, receivedAt: formatInstant(receipt.at) })),
  )
  const messageIds = [...new Set(receipts.map((receipt) => receipt.providerMessageId))]
  await applyWaitingReceipts(tx, reactions, { messageIds, at: last.at })
}

/** Applies receipts that are stored and not applied yet to the attempts they are about, and tells who listens. */
export async function applyWaitingReceipts(
  tx: Tx,
  reactions: Reactions,
  { messageIds, at }: { messageIds: readonly string[]; at: Instant },
): Promise<number> {
  const settled = await applyOpenReceipts(tx, messageIds, formatInstant(at))
  const events = settled.flatMap(({ borrower_id, attempt_id, line }): DomainEvent[] => {
    if (line !== 'delivered' && line !== 'failed') return []
    return [
      { name: `contact.${line}`, borrowerId: borrower_id, payload: { attemptId: attempt_id } },
    ]
  })
  await reactions.publish(tx, events, at)
  return settled.length
}

/**
 * Applies receipts that crossed with the results of sending: stored in one transaction while another stored
 * the provider's id, so that neither saw the other. Run it again and again, like the recovery of lost permits.
 */
export async function applyCrossedReceipts(
  db: Database,
  { reactions, at }: { reactions: Reactions; at: Instant },
): Promise<number> {
  return db.transaction(async (tx) => {
    const messageIds = await listCrossed(tx)
    return applyWaitingReceipts(tx, reactions, { messageIds, at })
  })
}
