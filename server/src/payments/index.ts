export { applyNotice, type OnTransfer } from './apply-notice.ts'
export type { PaymentsContext } from './context.ts'
export type { LedgerEntry, LedgerPort, OwedLoan } from './ledger-port.ts'
export { makeOrder, type OrderAsked, type OrderRefusal } from './make-order.ts'
export { createMerchants, type Merchants } from './merchants.ts'
export { listLines, type Order, type OrderLine, readOrder } from './order-store.ts'
export { placeOrder } from './place-order.ts'
export { type ReconcileRefusal, reconcileDay } from './reconcile-day.ts'
export type { Reconciliation } from './reconcile-store.ts'
export { makeRefund, placeRefund, type RefundRefusal } from './refund-order.ts'
export { listRefundsOf, type Refund } from './refund-store.ts'
export { sweepOrders } from './sweep-orders.ts'
export {
  type CallbackHeaders,
  type CallbackRefusal,
  signCallback,
  verifyCallback,
} from './verify-callback.ts'
export type { Merchant } from './wechat-pay/merchant.ts'
export { type OrderWay, pageInvocationOf } from './wechat-pay/orders.ts'
export { verifyNotice } from './wechat-pay/read-notice.ts'
export type { TransferResource } from './wechat-pay/resources.ts'
export {
  askTransfer,
  cancelTransfer,
  placeTransfer,
} from './wechat-pay/transfers.ts'
