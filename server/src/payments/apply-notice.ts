import { type Instant, type Result, refused } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { PaymentsContext } from './context.ts'
import { applyRefund } from './refund-order.ts'
import { settlePaid } from './settle-order.ts'
import type { Merchant } from './wechat-pay/merchant.ts'
import { readNotice } from './wechat-pay/read-notice.ts'
import type { TransferResource } from './wechat-pay/resources.ts'

/** What is done with a transfer's news: incentives, a tier above, know what it was for. */
export type OnTransfer = (
  tx: Tx,
  given: { accountId: string; transfer: TransferResource; at: Instant },
) => Promise<Result<unknown, string>>

/**
 * Does what a stored callback of WeChat Pay tells, in the caller's transaction; a sentence about what is
 * wrong with it when it can never be done. The account is opened before the transaction begins: no
 * transaction waits for another connection.
 */
export async function applyNotice(
  tx: Tx,
  context: PaymentsContext & { readonly merchant: Merchant; readonly onTransfer: OnTransfer },
  { raw, at }: { raw: Buffer; at: Instant },
): Promise<Result<unknown, string>> {
  const { merchant, onTransfer } = context
  const notice = readNotice(merchant, raw)
  if (!notice.ok) return notice
  switch (notice.value.kind) {
    case 'payment':
      return settlePaid(tx, context, { payment: notice.value.payment, at })
    case 'refund':
      return applyRefund(tx, context, { resource: notice.value.refund, at })
    case 'transfer': {
      const { accountId } = merchant
      return onTransfer(tx, { accountId, transfer: notice.value.transfer, at })
    }
    case 'other':
      return refused(`nothing is done with ${notice.value.eventType}`)
  }
}
