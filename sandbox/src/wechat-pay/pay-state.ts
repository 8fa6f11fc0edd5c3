import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { type Clock, type Instant, instant } from '@dunlin/kernel'
import { createWechatPayFaults, type WechatPayFaults } from './misbehaviour.ts'

export type WechatPayOptions = {
  readonly port: number
  readonly clock: Clock
  readonly merchantId: string
  readonly appId: string
  /** Serial and public key (PEM) of the merchant whose calls are believed. */
  readonly merchantSerial: string
  readonly merchantPublicKey: string
  readonly apiV3Key: string
  /** The platform's own key (PEM, private), and the id under which its public half is known. */
  readonly platformKey: string
  readonly publicKeyId: string
  /** Signs with certificates instead of the public key. */
  readonly usesCertificates?: boolean
  readonly onTrouble?: (what: string) => void
}

export type Order = {
  readonly outTradeNo: string
  readonly kind: 'jsapi' | 'native' | 'h5' | 'app'
  readonly totalMinor: number
  readonly description: string
  readonly notifyUrl: string
  readonly openid: string | null
  readonly request: string
  readonly expiresAt: Instant | null
  readonly prepayId: string
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED' | 'REFUND'
  transactionId: string | null
  paidAt: Instant | null
  payerMinor: number
  refundedMinor: number
}
export type Refund = {
  readonly outRefundNo: string
  readonly outTradeNo: string
  readonly refundId: string
  readonly refundMinor: number
  readonly notifyUrl: string | null
  readonly madeAt: Instant
  state: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED'
  settledAt: Instant | null
}
export type TransferState =
  | 'WAIT_USER_CONFIRM'
  | 'TRANSFERING'
  | 'SUCCESS'
  | 'FAIL'
  | 'CANCELING'
  | 'CANCELLED'
export type Transfer = {
  readonly outBillNo: string
  readonly transferBillNo: string
  readonly openid: string
  readonly amountMinor: number
  readonly notifyUrl: string | null
  readonly request: string
  readonly madeAt: Instant
  state: TransferState
  updatedAt: Instant
  failReason: string | null
}

/** A key of the platform as it signs: known by the id of a public key or by the serial of a certificate. */
export type PlatformSigner = { readonly id: string; readonly key: KeyObject; readonly pem: string }

export type WechatPayState = {
  readonly options: WechatPayOptions
  readonly clock: Clock
  readonly faults: WechatPayFaults
  readonly merchantKey: KeyObject
  readonly orders: Map<string, Order>
  readonly refunds: Map<string, Refund>
  readonly transfers: Map<string, Transfer>
  /** Bills by the token of their download. */
  readonly bills: Map<string, { readonly bytes: Buffer; readonly until: Instant }>
  /** How often each call was taken. */
  readonly calls: Map<string, number>
  /** Certificates in force, newest last; the last one signs. */
  readonly certificates: PlatformSigner[]
  readonly publicKey: PlatformSigner
  count: number
}

export type PayRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}
/** An answer: JSON, nothing (204), or bytes that nobody signs. */
export type PayReply = { readonly status: number; readonly value?: object; readonly bytes?: Buffer }
export type PayHandler = (state: WechatPayState, request: PayRequest, id: string) => PayReply

/** What the platform says no to, with its own code. */
export class PayRefusal extends Error {
  override readonly name = 'PayRefusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function createPayState(
  options: WechatPayOptions,
  keys: { publicKey: PlatformSigner; certificates: PlatformSigner[] },
): WechatPayState {
  return {
    options,
    clock: options.clock,
    faults: createWechatPayFaults(),
    merchantKey: createPublicKey(options.merchantPublicKey),
    orders: new Map(),
    refunds: new Map(),
    transfers: new Map(),
    bills: new Map(),
    calls: new Map(),
    ...keys,
    count: 0,
  }
}

/** A number of the platform's own: unlike every other, in order. */
export function makeNumber(state: WechatPayState, prefix: string): string {
  state.count += 1
  return `${prefix}${String(state.count).padStart(10, '0')}${randomBytes(4).toString('hex')}`
}

const EAST_MS = 8 * 3_600_000

/** An instant as the platform writes it: whole seconds at +08:00. */
export function timeText(at: Instant): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at + EAST_MS).toString({
    smallestUnit: 'second',
  })
  return text.replace('Z', '+08:00')
}

/** The day in China on which an instant lies. */
export function dayText(at: Instant): string {
  return timeText(instant(at)).slice(0, 10)
}

export function textOf(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw new PayRefusal(400, 'PARAM_ERROR', `输入源“/body/${name}”映射到值字段必填`)
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function amountOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new PayRefusal(400, 'PARAM_ERROR', '金额需为大于0的整数')
}
