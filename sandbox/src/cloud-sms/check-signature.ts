import { createHash, createHmac } from 'node:crypto'

// The clouds' side of their signatures, from their pages, apart from the product's own signer.

export type SignedRequest = {
  readonly method: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Whether Aliyun would take the Authorization header (ACS3-HMAC-SHA256). */
export function isAcs3Signed(request: SignedRequest, secret: string): boolean {
  const given = /SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    headerOf(request, 'authorization'),
  )
  const [, names = '', signature = ''] = given ?? []
  const needed = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date']
  if (given === null || !needed.every((name) => names.split(';').includes(name))) return false
  if (headerOf(request, 'x-acs-content-sha256') !== hex(request.body)) return false
  const pairs = [...request.query].map(([key, value]) => `${percent(key)}=${percent(value)}`).sort()
  let canonical = `${request.method}\n/\n${pairs.join('&')}\n`
  for (const name of names.split(';')) canonical += `${name}:${headerOf(request, name)}\n`
  canonical += `\n${names}\n${hex(request.body)}`
  const expected = createHmac('sha256', secret).update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
  return expected.digest('hex') === signature
}

/** Whether Tencent Cloud would take it (TC3-HMAC-SHA256). */
export function isTc3Signed(request: SignedRequest, secret: string): boolean {
  const [, date = '', service = '', names = '', signature = ''] =
    /Credential=[^/]+\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headerOf(request, 'authorization'),
    ) ?? []
  let canonical = `${request.method}\n/\n\n`
  for (const name of names.split(';')) {
    const value = headerOf(request, name)
    canonical += `${name}:${name === 'x-tc-action' ? value.toLowerCase() : value}\n`
  }
  canonical += `\n${names}\n${hex(request.body)}`
  const stamp = headerOf(request, 'x-tc-timestamp')
  const text = `TC3-HMAC-SHA256\n${stamp}\n${date}/${service}/tc3_request\n${hex(canonical)}`
  let key = createHmac('sha256', `TC3${secret}`).update(date).digest()
  for (const step of [service, 'tc3_request']) key = createHmac('sha256', key).update(step).digest()
  return createHmac('sha256', key).update(text).digest('hex') === signature
}

export function headerOf(request: SignedRequest, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function percent(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      return /[A-Za-z0-9\-_.~]/.test(letter)
        ? letter
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
