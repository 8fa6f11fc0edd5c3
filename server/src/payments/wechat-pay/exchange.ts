import { fetchFailure } from '../../platform/http/index.ts'
import type { SignedHeaders } from './verify-message.ts'

/** An answer as it came: its bytes are what was signed. */
export type RawAnswer = {
  readonly kind: 'answer'
  readonly status: number
  readonly body: Buffer
  readonly headers: SignedHeaders
}
export type NoAnswer = { readonly kind: 'not-sent' | 'unknown'; readonly detail: string }

export type RawCall = {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly body: string
  readonly authorization: string
  readonly waitMs: number
  readonly bytesMax: number
}

/** One HTTP exchange. Never throws for what the other side or the network does. */
export async function exchange(call: RawCall): Promise<RawAnswer | NoAnswer> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      redirect: 'error',
      signal: AbortSignal.timeout(call.waitMs),
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'dunlin',
        authorization: call.authorization,
      },
      ...(call.body === '' ? {} : { body: call.body }),
    })
    const body = await readWhole(response, call.bytesMax)
    if (body === null) return { kind: 'unknown', detail: 'the answer is too long' }
    return { kind: 'answer', status: response.status, body, headers: headersOf(response.headers) }
  } catch (error) {
    return fetchFailure(error)
  }
}

async function readWhole(response: Response, bytesMax: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > bytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headersOf(headers: Headers): SignedHeaders {
  const header = (name: string): string | undefined => headers.get(name) ?? undefined
  return {
    timestamp: header('wechatpay-timestamp'),
    nonce: header('wechatpay-nonce'),
    signature: header('wechatpay-signature'),
    serial: header('wechatpay-serial'),
  }
}
