import { randomBytes } from 'node:crypto'
import type { Clock, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import { adviceOf, meaningOf } from './api-error.ts'
import { exchange, type RawAnswer } from './exchange.ts'
import { openResource } from './open-resource.ts'
import { createKeyRing, type KeyRing } from './platform-keys.ts'
import { type MerchantSigner, signRequest } from './sign-message.ts'
import {
  type PlatformKeys,
  readPlatformCertificate,
  readPublicKey,
  verifyMessage,
} from './verify-message.ts'
import type { WechatPaySettings } from './wechat-pay-settings.ts'

/**
 * What came of a call. `refused`: read and not done. `not-sent`: not done, and may be made again. `unknown`:
 * it may have been done; whoever made it asks by its number and never makes it again blindly.
 */
export type PayAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  | { readonly kind: 'not-sent'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }

export type PayCall<T> = {
  readonly method: 'GET' | 'POST'
  /** With its query, percent-encoded as it is sent. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly answer: z.ZodType<T>
}

export type WechatPayApi = {
  readonly call: <T>(call: PayCall<T>) => Promise<PayAnswer<T>>
  /** A file's bytes; they are not signed. The address' host is never followed, only its path. */
  readonly download: (address: string) => Promise<PayAnswer<Buffer>>
  readonly keys: KeyRing
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
}

export type WechatPayApiOptions = {
  readonly settings: WechatPaySettings
  readonly signer: MerchantSigner
  readonly apiKey: Secret<string>
  readonly clock: Clock
}

const ANSWER_BYTES_MAX = 1024 * 1024
const FILE_BYTES_MAX = 256 * 1024 * 1024
const FILE_WAIT_MS = 60_000
const UNAUTHORIZED = 401
const problemShape = z.looseObject({ code: z.string(), message: z.string().optional() })

/** Calls WeChat Pay's APIv3: signed, answered under a signature that is checked, never repeated here. */
export function createWechatPayApi(options: WechatPayApiOptions): WechatPayApi {
  const { settings, clock } = options
  const counts = { calls: 0, failures: 0, lastCode: '' }
  const fixed = fixedKeys(settings)
  const isFetching = settings.usesCertificates ?? fixed.size === 0
  const keys = createKeyRing({
    ...{ fixed, clock, refreshMs: settings.certificateMs },
    fetchCertificates: isFetching ? () => fetchCertificates(options) : null,
  })

  async function call<T>(asked: PayCall<T>): Promise<PayAnswer<T>> {
    counts.calls += 1
    const raw = await send(options, asked, ANSWER_BYTES_MAX)
    const answer = raw.kind === 'answer' ? await understand(raw, asked) : raw
    if (answer.kind !== 'ok') counts.failures += 1
    if (answer.kind === 'refused') counts.lastCode = answer.code
    return answer
  }

  async function understand<T>(raw: RawAnswer, asked: PayCall<T>): Promise<PayAnswer<T>> {
    // Whoever cannot read our signature has nothing to sign about it.
    if (raw.status !== UNAUTHORIZED && !(await isGenuine(raw)))
      return { kind: 'unknown', detail: 'the answer’s signature does not fit' }
    return readAnswer(raw, asked)
  }

  async function isGenuine({ body, headers }: RawAnswer): Promise<boolean> {
    const known = await keys.get()
    if (verifyMessage(body, headers, { keys: known, now: clock.now() }).ok) return true
    if (headers.serial === undefined || known.has(headers.serial)) return false
    return verifyMessage(body, headers, { keys: await keys.renew(), now: clock.now() }).ok
  }

  async function download(address: string): Promise<PayAnswer<Buffer>> {
    const { pathname, search } = new URL(address)
    const asked = { method: 'GET', path: `${pathname}${search}` } as const
    const raw = await send(options, asked, FILE_BYTES_MAX)
    if (raw.kind !== 'answer') return raw
    if (raw.status === 200) return { kind: 'ok', value: raw.body }
    return readAnswer(raw, { ...asked, answer: z.never() })
  }

  return { call, download, keys, health: () => ({ ...counts }) }
}

function fixedKeys({ publicKeyId, publicKey }: WechatPaySettings): PlatformKeys {
  if (publicKeyId === undefined || publicKey === undefined) return new Map()
  return new Map([readPublicKey(publicKeyId, publicKey)])
}

async function send(
  { settings, signer, clock }: WechatPayApiOptions,
  asked: Pick<PayCall<unknown>, 'method' | 'path' | 'body'>,
  bytesMax: number,
): ReturnType<typeof exchange> {
  const { method, path } = asked
  const body = asked.body === undefined ? '' : JSON.stringify(asked.body)
  const at = { timestamp: Math.floor(clock.now() / 1000), nonce: randomBytes(16).toString('hex') }
  const authorization = signRequest(signer, { method, path, body }, at)
  const isFile = bytesMax > ANSWER_BYTES_MAX
  const waitMs = isFile ? FILE_WAIT_MS : settings.answerWaitMs
  return exchange({
    ...{ url: new URL(path, settings.apiUrl), method, body, authorization, bytesMax, waitMs },
  })
}

function readAnswer<T>({ status, body }: RawAnswer, asked: PayCall<T>): PayAnswer<T> {
  const given = parseJson(body.toString())
  if (status === 200 || status === 204) {
    const answer = asked.answer.safeParse(status === 204 ? {} : given)
    return answer.success
      ? { kind: 'ok', value: answer.data }
      : { kind: 'unknown', detail: 'the answer lacks what it must have' }
  }
  const problem = problemShape.safeParse(given)
  if (!problem.success) return { kind: 'unknown', detail: `status ${status}` }
  const { code } = problem.data
  switch (meaningOf(status, code)) {
    case 'refused':
      return { kind: 'refused', code, detail: adviceOf(code) }
    case 'not-taken':
      return { kind: 'not-sent', detail: adviceOf(code) }
    case 'unknown':
      return { kind: 'unknown', detail: adviceOf(code) }
  }
}

const certificatesShape = z.object({
  data: z.array(
    z.object({
      serial_no: z.string(),
      encrypt_certificate: z.object({
        algorithm: z.string(),
        nonce: z.string(),
        associated_data: z.string(),
        ciphertext: z.string(),
      }),
    }),
  ),
})

/**
 * The platform's certificates: opened with the APIv3 key, which alone the merchant and the platform know,
 * and believed when one of them signed the list itself. Null when they could not be had.
 */
async function fetchCertificates(options: WechatPayApiOptions): Promise<PlatformKeys | null> {
  const asked = { method: 'GET', path: '/v3/certificates', answer: certificatesShape } as const
  const raw = await send(options, asked, ANSWER_BYTES_MAX)
  if (raw.kind !== 'answer') return null
  const answer = readAnswer(raw, asked)
  if (answer.kind !== 'ok') return null
  const found = answer.value.data.flatMap(({ encrypt_certificate: sealed }) => {
    const opened = openResource(sealed, options.apiKey)
    return opened.ok ? [readPlatformCertificate(opened.value)] : []
  })
  const keys: PlatformKeys = new Map([...fixedKeys(options.settings), ...found])
  const now = options.clock.now()
  return verifyMessage(raw.body, raw.headers, { keys, now }).ok ? new Map(found) : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
