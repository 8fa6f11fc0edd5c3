/** An answer that tells what is wrong (RFC 9457). `field` names the part of the request that is meant. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: ProblemCode
  readonly field: string | undefined

  constructor(code: ProblemCode, detail: string, field?: string) {
    super(detail)
    this.code = code
    this.status = STATUS[code]
    this.field = field
  }
}

/** Every code of the API with its status: the one place that maps them. */
export const STATUS = {
  'request.invalid': 400,
  'request.malformed': 400,
  'auth.missing': 401,
  'auth.scope': 403,
  'resource.not_found': 404,
  'idempotency.conflict': 422,
  'idempotency.in_progress': 409,
  'ledger.unknown_loan': 404,
  'ledger.ambiguous_loan': 422,
  'ledger.event_conflict': 409,
  'ledger.invalid_event': 422,
  'import.refused': 422,
  'case.not_open': 409,
  'callback.signature': 401,
  'settings.invalid': 422,
  'evidence.not_sealed': 409,
  'server.failed': 500,
  'server.not_ready': 503,
} as const
export type ProblemCode = keyof typeof STATUS

export type ProblemBody = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  readonly detail: string
  readonly requestId: string
  readonly field?: string
}

export function problemBody(problem: Problem, requestId: string): ProblemBody {
  const { code, status, message, field } = problem
  return {
    type: `https://dunlin.dev/errors/${code}`,
    title: code,
    status,
    code,
    detail: message,
    requestId,
    ...(field === undefined ? {} : { field }),
  }
}
