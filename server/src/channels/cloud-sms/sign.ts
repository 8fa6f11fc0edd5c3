import { createHash, createHmac } from 'node:crypto'

export type Keys = { readonly id: string; readonly secret: string }

/** Aliyun's ACS3-HMAC-SHA256: the value of `Authorization`, over the headers that are given and the body. */
export function signAcs3(
  request: {
    readonly method: string
    readonly query: Readonly<Record<string, string>>
    /** Lower-case names; `host` and every `x-acs-…` that is sent. */
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  },
  keys: Keys,
): string {
  const names = Object.keys(request.headers).sort()
  const query = Object.entries(request.query)
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const headers = names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`).join('')
  const canonical = [
    ...[request.method, '/', query, headers, names.join(';')],
    sha256(request.body),
  ].join('\n')
  const signature = createHmac('sha256', keys.secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  return `ACS3-HMAC-SHA256 Credential=${keys.id},SignedHeaders=${names.join(';')},Signature=${signature}`
}

/** Tencent Cloud's TC3-HMAC-SHA256: the value of `Authorization` of a POST with a JSON body. */
export function signTc3(
  request: {
    readonly service: string
    readonly host: string
    readonly action: string
    readonly contentType: string
    /** Seconds since 1970. */
    readonly timestamp: number
    readonly body: string
  },
  keys: Keys,
): string {
  const { service, timestamp } = request
  const date = Temporal.Instant.fromEpochMilliseconds(timestamp * 1000)
    .toString()
    .slice(0, 10)
  const signed = 'content-type;host;x-tc-action'
  const headers = `content-type:${request.contentType}\nhost:${request.host}\nx-tc-action:${request.action.toLowerCase()}\n`
  const canonical = ['POST', '/', '', headers, signed, sha256(request.body)].join('\n')
  const scope = `${date}/${service}/tc3_request`
  const text = ['TC3-HMAC-SHA256', String(timestamp), scope, sha256(canonical)].join('\n')
  const dayKey = hmac(`TC3${keys.secret}`, date)
  const key = hmac(hmac(dayKey, service), 'tc3_request')
  const signature = createHmac('sha256', key).update(text).digest('hex')
  return `TC3-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** RFC 3986: what `encodeURIComponent` leaves of the reserved letters is encoded too. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
