import { instant } from '@dunlin/kernel'
import type { PaymentsContext } from './context.ts'
import { closeUnplaced, listLive, type Order } from './order-store.ts'
import { placeRefund } from './refund-order.ts'
import { listLiveRefunds } from './refund-store.ts'
import { askAndSettle } from './settle-order.ts'

/** How long nobody looked at an order or refund before the sweep does. */
const REST_MS = 60_000
const BATCH_MAX = 100

/**
 * Asks about every order and refund whose end is not known: a callback may be lost, an answer too, and a
 * process may have died in between. How many it looked at.
 */
export async function sweepOrders(context: PaymentsContext): Promise<number> {
  const before = instant(context.clock.now() - REST_MS)
  const orders = await listLive(context.db, { before, limit: BATCH_MAX })
  const refunds = await listLiveRefunds(context.db, { before, limit: BATCH_MAX })
  const failures: unknown[] = []
  const each = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) => failures.push(error))
  }
  for (const order of orders) await each(look(context, order))
  for (const { refundId } of refunds) await each(placeRefund(context, refundId))
  // One that cannot be settled does not keep the others waiting.
  if (failures.length > 0) throw failures[0]
  return orders.length + refunds.length
}

async function look(context: PaymentsContext, order: Order): Promise<void> {
  // Whoever was to place it has died or given up before the provider heard of it.
  if (await closeUnplaced(context.db, order)) return
  await askAndSettle(context, order, { isEnding: false })
}
