import { formatInstant } from '@dunlin/kernel'
import type { ProviderReceipt } from '../channels/inbound.ts'
import type { Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { applyOpenReceipts, insertReceipts } from './result-store.ts'

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
  const settled = await applyOpenReceipts(tx, messageIds, formatInstant(last.at))
  const events = settled.flatMap(({ borrower_id, attempt_id, line }): DomainEvent[] => {
    if (line !== 'delivered' && line !== 'failed') return []
    return [
      { name: `contact.${line}`, borrowerId: borrower_id, payload: { attemptId: attempt_id } },
    ]
  })
  await reactions.publish(tx, events, last.at)
}
