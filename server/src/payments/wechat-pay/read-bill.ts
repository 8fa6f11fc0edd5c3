import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { ok, type Result, refused } from '@dunlin/kernel'
import { parse } from 'csv-parse/sync'

/** A line of the trade bill: a payment, or a refund of one. */
export type BillLine = {
  readonly kind: 'payment' | 'refund'
  /** Our number of the order. */
  readonly outTradeNo: string
  /** Our number of the refund; null for a payment. */
  readonly outRefundNo: string | null
  readonly amountMinor: bigint
}

const TEXT_BYTES_MAX = 512 * 1024 * 1024
const COLUMNS = {
  state: '交易状态',
  outTradeNo: '商户订单号',
  outRefundNo: '商户退款单号',
  currency: '货币种类',
  total: '订单金额',
  refund: '申请退款金额',
} as const
const SUMMARY = { count: '总交易单数', total: '订单总金额', refund: '申请退款总金额' } as const
const REFUND_STATES = new Set(['REFUND', 'REVOKED'])

/** The text of a downloaded bill, whose hash was told under a signature. */
export function openBill(bytes: Buffer, sha1: string): Result<string, string> {
  let text: Buffer
  try {
    text = gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX })
  } catch {
    return refused('the bill is no gzip')
  }
  const hash = createHash('sha1').update(text).digest('hex')
  return hash === sha1.toLowerCase()
    ? ok(text.toString())
    : refused('the bill is not the one whose hash was told')
}

/**
 * The lines of a trade bill (all kinds). Columns are found by name; the two last lines must agree with
 * what the others add up to, to the cent.
 */
export function parseBill(text: string): Result<readonly BillLine[], string> {
  const rows: string[][] = parse(text, {
    ...{ bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
    cast: (value) => value.trim().replace(/^`/, ''),
  })
  const header = rows[0] ?? []
  const end = rows.findIndex((row) => row[0] === SUMMARY.count)
  if (end < 1 || end !== rows.length - 2) return refused('the bill has no summary at its end')
  const missing = Object.values(COLUMNS).filter((name) => !header.includes(name))
  if (missing.length > 0) return refused(`the bill has no column ${missing.join(', ')}`)
  const lines: BillLine[] = []
  for (const [index, row] of rows.slice(1, end).entries()) {
    const line = toLine(new Map(header.map((name, at) => [name, row[at] ?? ''])))
    if (line === null) return refused(`line ${index + 2} of the bill is not understood`)
    lines.push(line)
  }
  const summary = new Map((rows[end] ?? []).map((name, at) => [name, rows[end + 1]?.[at] ?? '']))
  const sums =
    Number(summary.get(SUMMARY.count)) === lines.length &&
    minorOf(summary.get(SUMMARY.total) ?? '') === sumOf(lines, 'payment') &&
    minorOf(summary.get(SUMMARY.refund) ?? '') === sumOf(lines, 'refund')
  return sums ? ok(lines) : refused('the lines of the bill do not add up to its summary')
}

function toLine(row: ReadonlyMap<string, string>): BillLine | null {
  const field = (name: keyof typeof COLUMNS): string => row.get(COLUMNS[name]) ?? ''
  const isRefund = REFUND_STATES.has(field('state'))
  if (!isRefund && field('state') !== 'SUCCESS') return null
  const amountMinor = minorOf(field(isRefund ? 'refund' : 'total'))
  if (amountMinor === null || field('currency') !== 'CNY' || field('outTradeNo') === '') return null
  return {
    kind: isRefund ? 'refund' : 'payment',
    outTradeNo: field('outTradeNo'),
    outRefundNo: isRefund ? field('outRefundNo') : null,
    amountMinor,
  }
}

function sumOf(lines: readonly BillLine[], kind: BillLine['kind']): bigint {
  return lines
    .filter((line) => line.kind === kind)
    .reduce((total, { amountMinor }) => total + amountMinor, 0n)
}

/** Yuan with two places → fen. */
function minorOf(text: string): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text)
  if (match === null) return null
  const [, whole = '0', part = ''] = match
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
}
