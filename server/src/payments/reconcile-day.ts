import { ok, type Result, refused } from '@dunlin/kernel'
import type { PaymentsContext } from './context.ts'
import { compareBill, type Movement } from './model/compare-bill.ts'
import { findOrderNumbered } from './order-store.ts'
import { insertReconciliation, listMovements, type Reconciliation } from './reconcile-store.ts'
import { askAndSettle } from './settle-order.ts'
import { fetchTradeBill } from './wechat-pay/bills.ts'
import type { Merchant } from './wechat-pay/merchant.ts'
import { type BillLine, parseBill } from './wechat-pay/read-bill.ts'

export type ReconcileRefusal = { readonly code: string; readonly detail: string }

/**
 * Compares a day's bill with our orders and refunds, to the cent, and keeps the report. What the bill says
 * was paid and we have not heard of is asked about and booked first; what still differs is a difference.
 */
export async function reconcileDay(
  context: PaymentsContext,
  { merchant, day }: { merchant: Merchant; day: string },
): Promise<Result<Reconciliation & { id: string }, ReconcileRefusal>> {
  const { db, clock } = context
  const bill = await readBill(merchant, day)
  if (!bill.ok) return bill
  const { lines, sha1 } = bill.value
  const settledLate = await settleUnheard(context, lines)
  const theirs = lines.map(toMovement)
  const stored = await db.transaction(async (tx) => {
    const ours = await listMovements(tx, { accountId: merchant.accountId, day })
    const report: Reconciliation = {
      accountId: merchant.accountId,
      ...{ day, sha1, settledLate, billLines: lines.length },
      billPaidMinor: sumOf(theirs, 'payment'),
      billRefundedMinor: sumOf(theirs, 'refund'),
      oursPaidMinor: sumOf(ours, 'payment'),
      oursRefundedMinor: sumOf(ours, 'refund'),
      differences: compareBill(ours, theirs),
    }
    return { ...report, id: await insertReconciliation(tx, report, clock.now()) }
  })
  return ok(stored)
}

async function readBill(
  merchant: Merchant,
  day: string,
): Promise<Result<{ lines: readonly BillLine[]; sha1: string | null }, ReconcileRefusal>> {
  const bill = await fetchTradeBill(merchant, day)
  if (!bill.ok) return bill
  const parsed = parseBill(bill.value.text)
  if (!parsed.ok) return refused({ code: 'damaged', detail: parsed.refusal })
  return ok({ lines: parsed.value, sha1: bill.value.sha1 })
}

/** Books payments of the bill whose callbacks were lost; how many. */
async function settleUnheard(
  context: PaymentsContext,
  lines: readonly BillLine[],
): Promise<number> {
  let settled = 0
  for (const { kind, outTradeNo } of lines) {
    if (kind !== 'payment') continue
    const order = await findOrderNumbered(context.db, outTradeNo)
    if (order === null || order.state === 'paid') continue
    if ((await askAndSettle(context, order, { isEnding: false })) === 'paid') settled += 1
  }
  return settled
}

function toMovement({ kind, outTradeNo, outRefundNo, amountMinor }: BillLine): Movement {
  return { subject: kind, number: outRefundNo ?? outTradeNo, amountMinor }
}

function sumOf(movements: readonly Movement[], subject: Movement['subject']): bigint {
  return movements
    .filter((each) => each.subject === subject)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
}
