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
  'request.too_large': 413,
  'request.media_type': 415,
  'auth.missing': 401,
  'auth.scope': 403,
  'auth.locked': 429,
  'auth.role': 403,
  'auth.origin': 403,
  'work.taken': 409,
  'desk.not_verified': 422,
  'desk.not_lawful_then': 422,
  'resource.not_found': 404,
  'idempotency.conflict': 422,
  'idempotency.in_progress': 409,
  'edit.changed_meanwhile': 412,
  'ledger.unknown_loan': 404,
  'ledger.ambiguous_loan': 422,
  'ledger.currency_mismatch': 422,
  'ledger.event_conflict': 409,
  'ledger.invalid_event': 422,
  'import.busy': 429,
  'import.refused': 422,
  'case.not_open': 409,
  'contact.unknown_template': 422,
  'contact.no_point': 422,
  'contact.no_agent': 422,
  'contact.not_in_queue': 409,
  'contact.bad_settlement': 422,
  'conversation.closed': 409,
  'conversation.unknown_agent': 422,
  'outcome.not_made': 409,
  'promise.no_right_party': 422,
  'promise.bad_date': 422,
  'promise.currency_mismatch': 422,
  'promise.bad_parts': 422,
  'promise.not_open': 409,
  'case.no_rules': 422,
  'matter.not_open': 409,
  'matter.not_decided': 409,
  'matter.appeal_over': 409,
  'matter.same_person': 422,
  'plan.statement_needed': 422,
  'plan.bad_terms': 422,
  'plan.not_affordable': 422,
  'plan.beyond_authority': 422,
  'plan.same_person': 422,
  'plan.not_on_offer': 409,
  'plan.not_running': 409,
  'plan.running': 409,
  'plan.held': 409,
  'plan.bad_code': 422,
  'plan.no_point': 422,
  'payment.no_account': 422,
  'payment.unknown_loan': 422,
  'payment.currency_mismatch': 422,
  'payment.bad_amount': 422,
  'payment.exceeds_owed': 422,
  'payment.not_paid': 409,
  'payment.exceeds_paid': 422,
  'incentive.bad_text': 422,
  'incentive.no_scene': 422,
  'incentive.bad_terms': 422,
  'incentive.same_person': 422,
  'incentive.not_draft': 409,
  'incentive.not_to_take': 409,
  'incentive.no_account': 422,
  'callback.signature': 401,
  'callback.unknown_account': 404,
  'settings.invalid': 422,
  'evidence.not_sealed': 409,
  'evidence.busy': 409,
  'evidence.none': 422,
  'evidence.too_many': 422,
  'assignment.no_agent': 422,
  'assignment.moved_since': 409,
  'assignment.book_changed': 409,
  'assignment.undone': 409,
  'placement.unknown_agency': 422,
  'placement.agency_not_listed': 422,
  'placement.name_taken': 409,
  'placement.not_open': 409,
  'erasure.same_person': 409,
  'erasure.not_yet': 409,
  'strategy.invalid': 422,
  'strategy.not_reviewable': 409,
  'staff.exists': 409,
  'staff.own_account': 409,
  'template.invalid': 422,
  'template.not_reviewable': 409,
  'evidence.erased': 410,
  'portal.bad_link': 401,
  'portal.bad_code': 401,
  'portal.no_session': 401,
  'portal.origin': 403,
  'portal.cannot_send': 409,
  'portal.too_many': 429,
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
