import { createPrivateKey, createPublicKey, createVerify, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { instant } from '@dunlin/kernel'
import { BILL_API } from './bill-api.ts'
import { selfSignedCertificate } from './certificate.ts'
import type { WechatPayMisbehaviour } from './misbehaviour.ts'
import { ORDER_API, orderOf, refundOf, transactionOf } from './order-api.ts'
import {
  createPayState,
  type PayHandler,
  PayRefusal,
  type PayReply,
  type PlatformSigner,
  timeText,
  type WechatPayOptions,
  type WechatPayState,
} from './pay-state.ts'
import { pushNotice, sealResource, signatureHeaders } from './push-notice.ts'
import { billOf, change, TRANSFER_API, transferOf } from './transfer-api.ts'

export type WechatPayServer = {
  readonly url: string
  readonly state: WechatPayState
  readonly misbehave: (change: Partial<WechatPayMisbehaviour>) => void
  /** The person pays an order; `couponMinor` of it with a coupon. Whether the product took the callback. */
  readonly pay: (outTradeNo: string, couponMinor?: number) => Promise<boolean>
  /** A refund reaches the person, or does not. */
  readonly settleRefund: (outRefundNo: string, state: 'SUCCESS' | 'ABNORMAL') => Promise<boolean>
  /** The person confirms a transfer in WeChat; false when it may not be confirmed any more. */
  readonly confirm: (outBillNo: string) => Promise<boolean>
  /** A new certificate signs from now on; the old ones are still listed. */
  readonly rotate: () => void
  readonly close: () => Promise<void>
}

const API: Readonly<Record<string, PayHandler>> = { ...ORDER_API, ...TRANSFER_API, ...BILL_API }
const CERTIFICATES = 'GET /v3/certificates'
const CERTIFICATE_MS = 365 * 86_400_000
const SKEW_SECONDS = 300

/** WeChat Pay's APIv3 on the loopback address: calls and answers really signed, callbacks pushed. */
export async function startWechatPayServer(options: WechatPayOptions): Promise<WechatPayServer> {
  const key = createPrivateKey(options.platformKey)
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const publicKey = { id: options.publicKeyId, key, pem }
  const certificates = [makeCertificate(options)]
  const state = createPayState(options, { publicKey, certificates })
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) => {
      options.onTrouble?.(`WeChat Pay: ${String(error)}`)
      response.destroy()
    })
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    state,
    misbehave: state.faults.set,
    pay: (number, coupon) => pay(state, number, coupon),
    settleRefund: (number, to) => settleRefund(state, number, to),
    confirm: (number) => confirm(state, number),
    rotate: () => {
      certificates.push(makeCertificate(options))
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function makeCertificate({ clock, platformKey }: WechatPayOptions): PlatformSigner {
  const privateKey = createPrivateKey(platformKey)
  // The first byte is neither zero nor negative.
  const serial = `5A${randomBytes(15).toString('hex').toUpperCase()}`
  const now = clock.now()
  const pem = selfSignedCertificate({
    ...{ privateKey, publicKey: createPublicKey(privateKey), serial },
    from: instant(now - (now % 1000)),
    until: instant(now + CERTIFICATE_MS),
  })
  return { id: serial, key: privateKey, pem }
}

async function pay(state: WechatPayState, number: string, couponMinor = 0): Promise<boolean> {
  const order = orderOf(state, number)
  if (order.state !== 'NOTPAY') return false
  order.state = 'SUCCESS'
  order.paidAt = state.clock.now()
  order.payerMinor = order.totalMinor - couponMinor
  order.transactionId = `4200${randomBytes(10).toString('hex')}`
  return pushNotice(state, {
    url: order.notifyUrl,
    eventType: 'TRANSACTION.SUCCESS',
    originalType: 'transaction',
    resource: transactionOf(state, order),
  })
}

async function settleRefund(
  state: WechatPayState,
  number: string,
  to: 'SUCCESS' | 'ABNORMAL',
): Promise<boolean> {
  const refund = state.refunds.get(number)
  if (refund === undefined || refund.state !== 'PROCESSING') return false
  refund.state = to
  const order = orderOf(state, refund.outTradeNo)
  if (to === 'SUCCESS') {
    refund.settledAt = state.clock.now()
    order.refundedMinor += refund.refundMinor
    order.state = 'REFUND'
  }
  return pushNotice(state, {
    url: refund.notifyUrl,
    eventType: `REFUND.${to}`,
    originalType: 'refund',
    resource: refundOf(state, refund, 'refund_status'),
  })
}

async function confirm(state: WechatPayState, number: string): Promise<boolean> {
  const bill = billOf(state, number)
  if (bill.state !== 'WAIT_USER_CONFIRM') return false
  change(state, bill, 'SUCCESS')
  await pushNotice(state, {
    url: bill.notifyUrl,
    eventType: 'MCHTRANSFER.BILL.FINISHED',
    originalType: 'mch_payment',
    resource: transferOf(state, bill),
  })
  return true
}

async function serve(
  state: WechatPayState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readText(request)
  const { slowMs } = state.faults.get()
  if (slowMs > 0) await wait(slowMs)
  if (state.faults.take('dropBeforeNext')) {
    response.destroy()
    return
  }
  const reply = refusedEarly(state) ?? answerOf(state, request, text)
  if (state.faults.take('lostAnswerNext')) {
    response.destroy()
    return
  }
  write(state, response, reply)
}

function refusedEarly({ faults }: WechatPayState): PayReply | null {
  if (faults.take('brokenNext')) return problem(500, 'SYSTEM_ERROR', '系统异常，请稍后重试')
  if (faults.take('rateNext')) return problem(429, 'FREQUENCY_LIMITED', '频率超限')
  return null
}

function answerOf(state: WechatPayState, request: IncomingMessage, text: string): PayReply {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost')
    verifyCall(state, request, text)
    const { route, id } = routeOf(request.method ?? 'GET', url.pathname)
    state.calls.set(route, (state.calls.get(route) ?? 0) + 1)
    if (route === CERTIFICATES) return { status: 200, value: certificatesOf(state) }
    const handler = API[route]
    if (handler === undefined) throw new PayRefusal(404, 'NOT_FOUND', '接口不存在')
    const method = request.method ?? 'GET'
    const asked = { method, path: url.pathname, query: url.searchParams, text, body: bodyOf(text) }
    return handler(state, asked, id)
  } catch (error) {
    if (error instanceof PayRefusal) return problem(error.status, error.code, error.message)
    throw error
  }
}

/** The route with `{}` for the number in the path. */
function routeOf(method: string, path: string): { route: string; id: string } {
  const match = /^(.*\/(?:out-trade-no|refunds|out-bill-no)\/)([^/]+)(\/[a-z]+)?$/.exec(path)
  if (match === null) return { route: `${method} ${path}`, id: '' }
  const [, start = '', id = '', end = ''] = match
  return { route: `${method} ${start}{}${end}`, id: decodeURIComponent(id) }
}

/** Refuses a call whose signature, merchant, certificate or time is wrong. */
function verifyCall(state: WechatPayState, request: IncomingMessage, text: string): void {
  const header = request.headers.authorization ?? ''
  const fields = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
  const { options, clock, merchantKey } = state
  const timestamp = fields.get('timestamp') ?? ''
  const lines = [request.method, request.url, timestamp, fields.get('nonce_str'), text]
  const fits =
    header.startsWith('WECHATPAY2-SHA256-RSA2048 ') &&
    fields.get('mchid') === options.merchantId &&
    fields.get('serial_no') === options.merchantSerial &&
    Math.abs(Number(timestamp) - clock.now() / 1000) < SKEW_SECONDS &&
    createVerify('RSA-SHA256')
      .update(lines.map((line) => `${line}\n`).join(''))
      .verify(merchantKey, fields.get('signature') ?? '', 'base64')
  if (!fits) throw new PayRefusal(401, 'SIGN_ERROR', '签名错误')
}

function certificatesOf({ options, certificates, clock }: WechatPayState): object {
  const data = certificates.map(({ id, pem }) => ({
    serial_no: id,
    effective_time: timeText(clock.now()),
    expire_time: timeText(instant(clock.now() + CERTIFICATE_MS)),
    encrypt_certificate: sealResource(options.apiV3Key, pem, 'certificate'),
  }))
  return { data }
}

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function problem(status: number, code: string, message: string): PayReply {
  return { status, value: { code, message } }
}

function write(state: WechatPayState, response: ServerResponse, reply: PayReply): void {
  const { status, value, bytes } = reply
  const body = bytes ?? Buffer.from(value === undefined ? '' : JSON.stringify(value))
  const isWrong = state.faults.take('badAnswerSignatureNext')
  const headers = {
    'content-type': bytes === undefined ? 'application/json; charset=utf-8' : 'text/plain',
    'Request-ID': randomBytes(8).toString('hex').toUpperCase(),
    // A file is not signed: its hash was told under a signature.
    ...(bytes === undefined ? signatureHeaders(state, body, { isWrong }) : {}),
  }
  if (state.faults.take('halfNext')) {
    response.writeHead(status, { ...headers, 'content-length': String(body.length) })
    response.write(body.subarray(0, body.length / 2), () => response.destroy())
    return
  }
  response.writeHead(status, headers)
  response.end(body)
}
