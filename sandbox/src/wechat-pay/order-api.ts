import { parseInstant } from '@dunlin/kernel'
import {
  amountOf,
  makeNumber,
  type Order,
  objectOf,
  type PayHandler,
  PayRefusal,
  type PayReply,
  type Refund,
  textOf,
  timeText,
  type WechatPayState,
} from './pay-state.ts'

const NUMBER = /^[0-9A-Za-z_\-|*]{6,32}$/
const DESCRIPTION_CHARS_MAX = 127

/** `METHOD path` with `{}` for the number in it → what answers. */
export const ORDER_API: Readonly<Record<string, PayHandler>> = {
  'POST /v3/pay/transactions/jsapi': (state, { body, text }) => make(state, 'jsapi', body, text),
  'POST /v3/pay/transactions/native': (state, { body, text }) => make(state, 'native', body, text),
  'POST /v3/pay/transactions/h5': (state, { body, text }) => make(state, 'h5', body, text),
  'GET /v3/pay/transactions/out-trade-no/{}': (state, { query }, number) => {
    ownMerchant(state, query.get('mchid'))
    return { status: 200, value: transactionOf(state, orderOf(state, number)) }
  },
  'POST /v3/pay/transactions/out-trade-no/{}/close': (state, { body }, number) => {
    ownMerchant(state, body.mchid)
    const order = orderOf(state, number)
    if (order.state === 'SUCCESS' || order.state === 'REFUND')
      throw new PayRefusal(400, 'ORDERPAID', '该订单已支付')
    order.state = 'CLOSED'
    return { status: 204 }
  },
  'POST /v3/refund/domestic/refunds': (state, { body }) => refund(state, body),
  'GET /v3/refund/domestic/refunds/{}': (state, _request, number) => {
    const found = state.refunds.get(number)
    if (found === undefined) throw new PayRefusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
    return { status: 200, value: refundOf(state, found, 'status') }
  },
}

function make(
  state: WechatPayState,
  kind: Order['kind'],
  body: Readonly<Record<string, unknown>>,
  text: string,
): PayReply {
  ownMerchant(state, body.mchid)
  if (body.appid !== state.options.appId)
    throw new PayRefusal(400, 'APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配')
  const outTradeNo = textOf(body, 'out_trade_no')
  if (!NUMBER.test(outTradeNo)) throw new PayRefusal(400, 'PARAM_ERROR', '商户订单号格式错误')
  if (textOf(body, 'description').length > DESCRIPTION_CHARS_MAX)
    throw new PayRefusal(400, 'PARAM_ERROR', '商品描述过长')
  const notifyUrl = textOf(body, 'notify_url')
  const amount = objectOf(body.amount)
  const known = state.orders.get(outTradeNo)
  if (known !== undefined && (known.request !== text || known.state !== 'NOTPAY'))
    throw new PayRefusal(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
  const expires = typeof body.time_expire === 'string' ? parseInstant(body.time_expire) : null
  const payer = objectOf(body.payer)
  const order: Order = known ?? {
    outTradeNo,
    kind,
    totalMinor: amountOf(amount.total),
    description: textOf(body, 'description'),
    notifyUrl,
    openid: kind === 'jsapi' ? textOf(payer, 'openid') : null,
    request: text,
    expiresAt: expires,
    prepayId: makeNumber(state, 'wx'),
    state: 'NOTPAY',
    transactionId: null,
    paidAt: null,
    payerMinor: 0,
    refundedMinor: 0,
  }
  if (kind === 'h5') textOf(objectOf(body.scene_info), 'payer_client_ip')
  state.orders.set(outTradeNo, order)
  return { status: 200, value: preparedOf(order) }
}

function preparedOf({ kind, prepayId }: Order): object {
  if (kind === 'native') return { code_url: `weixin://wxpay/bizpayurl?pr=${prepayId}` }
  if (kind === 'h5')
    return { h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}` }
  return { prepay_id: prepayId }
}

function ownMerchant(state: WechatPayState, merchantId: unknown): void {
  if (merchantId !== state.options.merchantId)
    throw new PayRefusal(400, 'PARAM_ERROR', '商户号不一致')
}

/** The order of a number, closed when its time has run out. */
export function orderOf(state: WechatPayState, number: string): Order {
  const order = state.orders.get(number)
  if (order === undefined) throw new PayRefusal(404, 'ORDER_NOT_EXIST', '订单不存在')
  const { expiresAt } = order
  if (order.state === 'NOTPAY' && expiresAt !== null && state.clock.now() >= expiresAt)
    order.state = 'CLOSED'
  return order
}

const TRADE_TYPES = { jsapi: 'JSAPI', native: 'NATIVE', h5: 'MWEB', app: 'APP' } as const
const STATE_WORDS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  CLOSED: '订单已关闭',
  REFUND: '转入退款',
}

export function transactionOf({ options }: WechatPayState, order: Order): object {
  const isPaid = order.paidAt !== null
  return {
    mchid: options.merchantId,
    appid: options.appId,
    out_trade_no: order.outTradeNo,
    trade_state: order.state,
    trade_state_desc: STATE_WORDS[order.state],
    attach: '',
    amount: {
      total: order.totalMinor,
      currency: 'CNY',
      ...(isPaid ? { payer_total: order.payerMinor, payer_currency: 'CNY' } : {}),
    },
    ...(order.paidAt === null
      ? {}
      : {
          transaction_id: order.transactionId,
          trade_type: TRADE_TYPES[order.kind],
          bank_type: 'OTHERS',
          success_time: timeText(order.paidAt),
          payer: { openid: order.openid ?? 'o-sandbox-payer' },
        }),
  }
}

const PARTIAL_REFUNDS_MAX = 50

function refund(state: WechatPayState, body: Readonly<Record<string, unknown>>): PayReply {
  const order = orderOf(state, textOf(body, 'out_trade_no'))
  const outRefundNo = textOf(body, 'out_refund_no')
  const amount = objectOf(body.amount)
  const refundMinor = amountOf(amount.refund)
  const known = state.refunds.get(outRefundNo)
  if (known !== undefined) {
    if (known.outTradeNo !== order.outTradeNo || known.refundMinor !== refundMinor)
      throw new PayRefusal(400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致')
    return { status: 200, value: refundOf(state, known, 'status') }
  }
  if (order.paidAt === null || amount.total !== order.totalMinor)
    throw new PayRefusal(400, 'INVALID_REQUEST', '订单未支付或金额不一致')
  const earlier = [...state.refunds.values()].filter(
    (each) => each.outTradeNo === order.outTradeNo && each.state !== 'CLOSED',
  )
  const used = earlier.reduce((sum, each) => sum + each.refundMinor, 0)
  if (used + refundMinor > order.totalMinor || earlier.length >= PARTIAL_REFUNDS_MAX)
    throw new PayRefusal(403, 'NOT_ENOUGH', '订单可退金额不足')
  const made: Refund = {
    outRefundNo,
    outTradeNo: order.outTradeNo,
    refundId: makeNumber(state, '503'),
    refundMinor,
    notifyUrl: typeof body.notify_url === 'string' ? body.notify_url : null,
    madeAt: state.clock.now(),
    state: 'PROCESSING',
    settledAt: null,
  }
  state.refunds.set(outRefundNo, made)
  return { status: 200, value: refundOf(state, made, 'status') }
}

/** A refund as the API (`status`) or a callback (`refund_status`) shows it. */
export function refundOf(
  { options, orders }: WechatPayState,
  refunded: Refund,
  stateName: 'status' | 'refund_status',
): object {
  const order = orders.get(refunded.outTradeNo)
  return {
    mchid: options.merchantId,
    refund_id: refunded.refundId,
    out_refund_no: refunded.outRefundNo,
    transaction_id: order?.transactionId,
    out_trade_no: refunded.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    create_time: timeText(refunded.madeAt),
    [stateName]: refunded.state,
    ...(refunded.settledAt === null ? {} : { success_time: timeText(refunded.settledAt) }),
    amount: {
      total: order?.totalMinor,
      refund: refunded.refundMinor,
      payer_total: order?.payerMinor,
      payer_refund: refunded.refundMinor,
      currency: 'CNY',
    },
  }
}
