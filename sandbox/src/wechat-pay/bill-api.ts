import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Instant, instant } from '@dunlin/kernel'
import {
  dayText,
  type Order,
  type PayHandler,
  PayRefusal,
  type Refund,
  timeText,
  type WechatPayState,
} from './pay-state.ts'

const TOKEN_MS = 5 * 60_000
const READY_HOUR = 10

export const BILL_API: Readonly<Record<string, PayHandler>> = {
  'GET /v3/bill/tradebill': (state, { query }) => {
    const day = query.get('bill_date') ?? ''
    if (!isReady(state, day)) throw new PayRefusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
    const text = writeBill(state, day)
    const token = randomBytes(12).toString('hex')
    const served = state.faults.get().isBillDamaged ? text.replace('`0.', '`9.') : text
    const until = instant(state.clock.now() + TOKEN_MS)
    const isZipped = query.get('tar_type') === 'GZIP'
    const bytes = isZipped ? gzipSync(served) : Buffer.from(served)
    state.bills.set(token, { bytes, until })
    const value = {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(text).digest('hex'),
      download_url: `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${token}`,
    }
    return { status: 200, value }
  },
  'GET /v3/billdownload/file': (state, { query }) => {
    const bill = state.bills.get(query.get('token') ?? '')
    if (bill === undefined || state.clock.now() >= bill.until)
      throw new PayRefusal(400, 'INVALID_REQUEST', '下载链接已失效')
    return { status: 200, bytes: bill.bytes }
  },
}

/** A bill is there from ten o'clock of the next day in China. */
function isReady({ clock }: WechatPayState, day: string): boolean {
  const now = timeText(clock.now())
  const readyFrom = instant(clock.now() - READY_HOUR * 3_600_000)
  return /^\d{4}-\d\d-\d\d$/.test(day) && day < now.slice(0, 10) && day < dayText(readyFrom)
}

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const SUMMARY =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

type Line = {
  readonly at: Instant
  readonly paid: number
  readonly refund: number
  readonly text: string
}

/** The bill of a day: what was paid, then what was refunded, each value behind a back-tick. */
function writeBill(state: WechatPayState, day: string): string {
  const paid = [...state.orders.values()].flatMap((order) => paidLine(state, order, day))
  const refunds = [...state.refunds.values()].flatMap((refund) => refundLine(state, refund, day))
  const lines = [...paid, ...refunds].sort((a, b) => a.at - b.at)
  const sum = (pick: (line: Line) => number) =>
    yuan(lines.reduce((total, line) => total + pick(line), 0))
  const totals = [
    String(lines.length),
    sum((line) => line.paid),
    sum((line) => line.refund),
    '0.00',
    '0.00000',
    sum((line) => line.paid),
    sum((line) => line.refund),
  ]
  const rows = [HEADER, ...lines.map(({ text }) => text), SUMMARY, ticked(totals)]
  return `\ufeff${rows.join('\r\n')}\r\n`
}

function paidLine(state: WechatPayState, order: Order, day: string): Line[] {
  const { paidAt: at } = order
  if (at === null || dayText(at) !== day) return []
  const money = { paid: order.totalMinor, refund: 0 }
  const text = row(state, order, { at, ...money, tradeState: 'SUCCESS', refund: null })
  return [{ at, ...money, text }]
}

function refundLine(state: WechatPayState, refund: Refund, day: string): Line[] {
  const order = state.orders.get(refund.outTradeNo)
  const at = refund.madeAt
  if (order === undefined || dayText(at) !== day || refund.state === 'CLOSED') return []
  const text = row(state, order, { at, paid: 0, tradeState: 'REFUND', refund })
  return [{ at, paid: 0, refund: refund.refundMinor, text }]
}

function row(
  { options }: WechatPayState,
  order: Order,
  given: { at: Instant; paid: number; tradeState: string; refund: Refund | null },
): string {
  const { refund } = given
  const back = yuan(refund?.refundMinor ?? 0)
  return ticked([
    timeText(given.at).replace('T', ' ').slice(0, 19),
    options.appId,
    options.merchantId,
    '0',
    '',
    order.transactionId ?? '',
    order.outTradeNo,
    order.openid ?? 'o-sandbox-payer',
    order.kind === 'h5' ? 'MWEB' : order.kind.toUpperCase(),
    given.tradeState,
    'OTHERS',
    'CNY',
    yuan(given.paid),
    '0.00',
    refund?.refundId ?? '0',
    refund?.outRefundNo ?? '0',
    back,
    '0.00',
    refund === null ? '' : 'ORIGINAL',
    refund?.state ?? '',
    order.description,
    '',
    '0.00000',
    '0.60%',
    yuan(given.paid),
    back,
    '',
  ])
}

function ticked(values: readonly string[]): string {
  return values.map((value) => `\`${value.replaceAll(',', '，')}`).join(',')
}

function yuan(minor: number): string {
  return `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
}
