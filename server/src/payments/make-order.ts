import { randomBytes } from 'node:crypto'
import { type Instant, instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { PaymentsContext } from './context.ts'
import { splitAmount } from './model/split-amount.ts'
import { insertOrder } from './order-store.ts'
import type { Merchant } from './wechat-pay/merchant.ts'
import type { OrderWay } from './wechat-pay/orders.ts'

export type OrderAsked = {
  readonly borrowerId: string
  /** Null: all of the borrower's loans. */
  readonly loanNos: readonly string[] | null
  readonly amountMinor: bigint
  readonly currency: string
  readonly way: OrderWay
}
export type OrderRefusal = {
  readonly code:
    | 'payment.exceeds_owed'
    | 'payment.currency_mismatch'
    | 'payment.unknown_loan'
    | 'payment.bad_amount'
  readonly field: string
  readonly detail: string
}

/** The platform shows it to the payer and on their statement: it says nothing of a debt. */
const DESCRIPTION = '账单支付'
const CURRENCY = 'CNY'
const MINUTE_MS = 60_000
const NUMBER_BYTES = 15
/** The platform takes amounts as 32-bit integers. */
const TOTAL_MAX = 2_147_483_647n

/**
 * Stores an order under its number, in the caller's transaction: the provider has not heard of it yet
 * (`place-order.ts`). Not more than what is owed now, split to the loans.
 */
export async function makeOrder(
  { tx, at }: { tx: Tx; at: Instant },
  { ledger, sealer }: Pick<PaymentsContext, 'ledger' | 'sealer'>,
  { merchant, asked }: { merchant: Merchant; asked: OrderAsked },
): Promise<Result<string, OrderRefusal>> {
  if (asked.currency !== CURRENCY)
    return no('payment.currency_mismatch', 'currency', `WeChat Pay takes ${CURRENCY} only`)
  if (asked.amountMinor > TOTAL_MAX)
    return no('payment.bad_amount', 'amountMinor', `at most ${TOTAL_MAX} in one order`)
  const { borrowerId, loanNos } = asked
  const all = await ledger.readOwed(tx, { borrowerId, loanIds: null })
  const missing = loanNos?.find((number) => !all.some(({ loanNo }) => loanNo === number))
  if (missing !== undefined)
    return no('payment.unknown_loan', 'loanNos', `the borrower has no loan ${missing}`)
  const loans = all.filter(({ loanNo }) => loanNos === null || loanNos.includes(loanNo))
  const payable = loans.filter(({ currency }) => currency === CURRENCY)
  if (loanNos !== null && payable.length < loans.length)
    return no('payment.currency_mismatch', 'loanNos', 'a loan is in another currency')
  const split = splitAmount(payable, asked.amountMinor)
  if (!split.ok) {
    const detail = `${split.refusal.owedMinor} is owed, in minor units of ${CURRENCY}`
    return no('payment.exceeds_owed', 'amountMinor', detail)
  }
  const payer = payerOf(asked.way)
  const orderId = await insertOrder(tx, {
    borrowerId,
    accountId: merchant.accountId,
    outTradeNo: `DO${randomBytes(NUMBER_BYTES).toString('hex')}`,
    way: asked.way.way,
    sealedPayer: payer === null ? null : sealer.seal(payer),
    description: DESCRIPTION,
    currency: CURRENCY,
    totalMinor: asked.amountMinor,
    shares: split.value,
    madeAt: at,
    expiresAt: instant(at + merchant.settings.orderMinutes * MINUTE_MS),
  })
  return ok(orderId)
}

function payerOf(way: OrderWay): string | null {
  switch (way.way) {
    case 'jsapi':
      return way.openid
    case 'h5':
      return way.payerIp
    case 'native':
      return null
  }
}

function no(
  code: OrderRefusal['code'],
  field: string,
  detail: string,
): Result<never, OrderRefusal> {
  return refused({ code, field, detail })
}
