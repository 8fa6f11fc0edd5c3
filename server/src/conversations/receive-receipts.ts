import type { ProviderReceipt } from '../channels/inbound.ts'
import type { ConversationContext } from './context.ts'

/** Takes a batch of receipts; when this resolves they are stored and the provider may be told so. */
export async function receiveReceipts(
  context: ConversationContext,
  receipts: readonly ProviderReceipt[],
): Promise<void> {
  if (receipts.length === 0) return
  await context.db.transaction((tx) => context.receipts(tx, receipts))
}
