import { type LookupAddress, lookup } from 'node:dns'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivateAddress } from './private-address.ts'

export type Posted = {
  /** Null when no answer came. */
  readonly status: number | null
  /** Why it did not arrive, as a code; null when it did. */
  readonly error: string | null
}

export type PostOptions = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether plain HTTP and addresses inside the house are allowed: the operator's decision. */
  readonly allowPrivate: boolean
}

/** An answer takes at most this long, from the connection to its last byte. */
const TIMEOUT_MS = 15_000
/** What a receiver answers is of no interest; more than this ends the connection. */
const ANSWER_BYTES_MAX = 64 * 1024

/**
 * Posts a body and tells what came of it; never throws. Redirections are not followed. The address is checked
 * where the connection is made, so that a name cannot point elsewhere between the check and the call.
 */
export async function postWebhook(options: PostOptions): Promise<Posted> {
  const url = URL.parse(options.url)
  if (url === null) return failed('webhook.bad_url')
  const isTls = url.protocol === 'https:'
  if (!isTls && !(options.allowPrivate && url.protocol === 'http:'))
    return failed('webhook.not_https')
  // A literal address is connected to without a look-up.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!options.allowPrivate && isIP(literal) !== 0 && isPrivateAddress(literal))
    return failed('webhook.private_address')
  return await request(isTls ? https : http, url, options)
}

function request(
  { request: open }: Pick<typeof https, 'request'>,
  url: URL,
  { headers, body, allowPrivate }: PostOptions,
): Promise<Posted> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const sent = open(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      signal,
      agent: false,
      ...(allowPrivate ? {} : { lookup: lookupPublic }),
    })
    sent.on('error', (error) => resolve(failed(codeOf(error))))
    sent.on('response', (answer) => {
      const { statusCode: status = 0 } = answer
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > ANSWER_BYTES_MAX) answer.destroy()
      })
      // What was answered counts, also when the rest of the answer never comes.
      answer.on('error', () => resolve(judged(status)))
      answer.on('close', () => resolve(judged(status)))
    })
    sent.end(body)
  })
}

function judged(status: number): Posted {
  return { status, error: status >= 200 && status < 300 ? null : `webhook.status_${status}` }
}

function failed(error: string): Posted {
  return { status: null, error }
}

/** Resolves a name as Node does, and refuses it when any of its addresses is private. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '')
    const first = addresses[0]
    if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(new PrivateAddressError(hostname), '')
    if (options.all === true) callback(null, addresses satisfies LookupAddress[])
    else callback(null, first.address, first.family)
  })
}

class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
}

function codeOf(error: Error): string {
  if (error.name === 'PrivateAddressError') return 'webhook.private_address'
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'webhook.timeout'
  const code = 'code' in error && typeof error.code === 'string' ? error.code.toLowerCase() : ''
  return code === '' ? 'webhook.failed' : `webhook.${code}`
}
