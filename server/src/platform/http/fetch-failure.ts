/** Nothing can have arrived when there was no connection at all. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What a failed fetch says of the request: `not-sent` only when nothing can have arrived. */
export function fetchFailure(error: unknown): {
  readonly kind: 'not-sent' | 'unknown'
  readonly detail: string
} {
  const code = codeOf(error)
  return NEVER_CONNECTED.has(code)
    ? { kind: 'not-sent', detail: `no connection (${code})` }
    : { kind: 'unknown', detail: `no answer (${code})` }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  const { cause } = error
  if (cause instanceof AggregateError) return codeOf(new Error('', { cause: cause.errors[0] }))
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return error.name
}
