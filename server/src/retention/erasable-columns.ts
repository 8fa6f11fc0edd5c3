// What of a person's rows is deleted, and what may stay. Sealed columns (named `sealed…`) are emptied wherever they
// stand, without a list. Every other text column of a table that is kept by borrower stands in one of the two lists:
// a test finds one that does not, so that no new column is forgotten.

/** SQL that takes the place of a value; `random` stands for bytes that nobody knew. */
const RANDOM = 'uuid_send(gen_random_uuid())'

export const ERASED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  borrower: {
    borrower_no: `'erased-' || borrower_id`,
    key_salt: 'null',
    id_no_hash: 'null',
    person_hash: RANDOM,
    region: 'null',
    born_on: 'null',
  },
  party: { person_hash: RANDOM },
  contact_point: { value_hash: RANDOM, masked: `'***'`, health: `'dead'` },
  consent: { evidence: 'null' },
  callback: { reason: `'erased'` },
  hold: { reason: `'erased'` },
  outcome: { delay_reason: 'null' },
  matter_document: { title: `'erased'`, reference: `'erased'` },
  plan: { reason: `'erased'` },
  payment_refund: { reason: `'erased'` },
  assignment: { reason: `'erased'` },
  wecom_invite: { url: 'null' },
  outbox: { payload: `payload - 'borrowerNo'` },
  loan: { row_hash: 'null' },
}

/** Codes, states, days, numbers of ours, names of staff and of rules: nothing of the person. */
export const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  affordability_statement: ['currency', 'norms', 'norms_hash', 'made_by'],
  assignment: ['assigned_by'],
  attempt: [
    ...[
      'channel',
      'direction',
      'purpose',
      'template',
      'step',
      'state',
      'permit_id',
      'line',
      'reason',
    ],
    ...[
      'provider_message_id',
      'actor_kind',
      'actor_id',
      'agency',
      'via',
      'cost_currency',
      'trigger_ref',
    ],
  ],
  borrower: ['lender', 'country', 'zones', 'language', 'status', 'capacity'],
  callback: ['user_id'],
  case_note: ['author'],
  collection_case: [
    ...['lender', 'currency', 'state', 'close_reason', 'noted_stage', 'last_step', 'next_step'],
  ],
  consent: ['kind', 'channel', 'given_to', 'hours'],
  contact_point: ['kind', 'source', 'zones'],
  conversation: ['state', 'needs_person_reason', 'closed_by'],
  decision: ['verdict', 'rules', 'policy_hash', 'leaf'],
  erasure: ['asked_by', 'state', 'decided_by', 'reason'],
  forgotten_telling: ['reason'],
  hold: ['kind', 'channel', 'hours', 'days', 'place', 'source'],
  identity_check: ['user_id', 'result', 'basis', 'reason'],
  incentive_grant: [
    ...['currency', 'failure', 'kind', 'out_bill_no', 'package_info', 'state', 'waived_event_no'],
  ],
  ledger_event: ['event_no', 'kind', 'component', 'reverses', 'source'],
  loan: ['loan_no', 'currency', 'status'],
  matter: ['kind', 'channel', 'raised_by', 'state', 'owner', 'outcome', 'decided_by'],
  matter_document: ['sha256', 'added_by'],
  matter_step: ['kind', 'by', 'detail'],
  message: ['channel', 'direction', 'class'],
  outbox: ['event'],
  outcome: ['line_outcome', 'party_outcome', 'talk_outcome', 'recorded_by', 'said'],
  party: ['relation', 'zones'],
  payment_order: [
    ...['out_trade_no', 'way', 'description', 'currency', 'state', 'prepared', 'failure'],
  ],
  payment_order_line: ['currency', 'event_no'],
  payment_refund: ['out_refund_no', 'currency', 'requested_by', 'state', 'failure'],
  placed_case: ['currency', 'end_reason'],
  plan: [
    ...[
      'kind',
      'scope',
      'state',
      'currency',
      'effect',
      'proposed_by',
      'proposed_role',
      'approved_by',
    ],
    ...['accepted_by', 'known_before', 'end_reason', 'effects'],
  ],
  plan_agreement: ['sha256'],
  plan_code: ['code_hash', 'sha256'],
  portal_code: ['code_hash'],
  portal_session: ['token_hash'],
  plan_effect: ['event_no', 'kind', 'undone_by', 'draft'],
  promise: ['currency', 'source', 'state', 'known_before', 'end_reason'],
  webhook_delivery: ['state', 'last_error'],
  wecom_contact: ['via', 'userid'],
  wecom_invite: ['token', 'way', 'userid', 'config_id'],
  work_lease: ['user_id'],
  wecom_task: ['permit_id', 'sender', 'msgid', 'state', 'withdraw_because'],
}
