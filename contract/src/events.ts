import { z } from 'zod'

// Every change that is told, in the transaction that makes it: to the house (reactions), to the timeline and to
// webhooks. One list: the types, the reference page and the checks are made from it. Payloads hold ids, codes,
// amounts and dates, never a person's data.

const id = z.string()
const day = z.string().nullable()
const instant = z.string()
const minor = z.int()
const channel = z.string()

const borrower = z.strictObject({ borrowerNo: z.string(), lender: z.string() })
const ledgerEvent = z.strictObject({ loanId: id, eventNo: z.string() })
const caseFacts = z.strictObject({
  caseId: id,
  portfolioId: id,
  currency: z.string(),
  state: z.enum(['open', 'closed']),
  arrearsMinor: minor,
  /** Everything outstanding on the loans of the case, due or not. */
  outstandingMinor: minor,
  agesFromOn: day,
  heldDpd: z.int().nullable(),
  nextDueOn: day,
  nextDueMinor: minor,
})
const promise = z.strictObject({ promiseId: id, caseId: id })
const planEvent = z.strictObject({ planId: id, caseId: id })
const matter = z.strictObject({ matterId: id, caseId: id, kind: z.string() })
const ownedMatter = z.strictObject({ matterId: id, caseId: id, owner: z.string() })
const verdict = z.strictObject({
  attemptId: id,
  channel,
  /** The rules that kept it from being permitted. */
  rules: z.array(z.string()).readonly(),
  until: instant.nullable(),
  permitId: z.string().nullable(),
})
const fate = z.strictObject({
  attemptId: id,
  channel: channel.optional(),
  permitId: z.string().optional(),
  settledByHand: z.boolean().optional(),
})
const conversation = z.strictObject({ conversationId: id, caseId: id.nullable() })

function event<Payload extends z.ZodType>(
  about: string,
  payload: Payload,
): { readonly about: string; readonly payload: Payload } {
  return { about, payload }
}

/** Events about one borrower. */
export const EVENTS = {
  'borrower.added': event('A file brought a new borrower.', borrower),
  'borrower.changed': event('The lender says something else about a borrower.', borrower),
  'contact-point.added': event(
    'A number, address or WeCom user of a borrower or party is known.',
    z.strictObject({ contactPointId: id, kind: z.string(), health: z.string() }),
  ),
  'contact-point.changed': event(
    'The health of a contact point changed; `wrong-person` and `dead` ones are refused by the gate.',
    z.strictObject({ contactPointId: id, health: z.string(), reason: z.string() }),
  ),
  'loan.changed': event('Ledger events of a loan were recorded.', z.strictObject({ loanId: id })),
  'loan.folded': event(
    'What a loan comes to after its ledger was folded anew: the whole state, not a difference.',
    z.strictObject({
      loanId: id,
      loanNo: z.string(),
      portfolioId: id,
      currency: z.string(),
      status: z.string(),
      outstandingMinor: minor,
      arrearsMinor: minor,
      creditMinor: minor,
      agesFromOn: day,
      heldDpd: z.int().nullable(),
      nextDueOn: day,
      nextDueMinor: minor,
    }),
  ),
  'payment.recorded': event(
    'A payment is in the ledger.',
    ledgerEvent.extend({ amountMinor: minor, currency: z.string() }),
  ),
  'payment.reversed': event(
    'A ledger event was taken back.',
    ledgerEvent.extend({ reverses: z.string() }),
  ),
  'ledger.recorded': event(
    'A ledger event that is no payment: fee, waiver, pause, moved due date and the like.',
    ledgerEvent.extend({ kind: z.string() }),
  ),
  'order.paid': event(
    'A borrower paid an order; the ledger has it as payments.',
    z.strictObject({ orderId: id, amountMinor: minor, currency: z.string() }),
  ),
  'order.refunded': event(
    'Money of an order went back; the ledger has it as reversals.',
    z.strictObject({ orderId: id, refundId: id, amountMinor: minor, currency: z.string() }),
  ),
  'case.opened': event('A case was opened.', caseFacts),
  'case.updated': event('The numbers of an open case changed: the whole state.', caseFacts),
  'case.cured': event('The arrears of a case are back to zero.', caseFacts),
  'case.closed': event('A case ended otherwise.', caseFacts),
  'case.staged': event(
    'A case entered a stage; `from` is null for its first.',
    z.strictObject({ caseId: id, from: z.string().nullable(), to: z.string().nullable() }),
  ),
  'borrower.erased': event(
    'Everything of the person was deleted; numbers stay.',
    z.strictObject({}),
  ),
  'case.forgotten': event(
    'Nobody looks after it: a silent case, a matter past its deadline, or a plan that waits for approval.',
    z.strictObject({ caseId: id, reason: z.string(), subjectId: id, sinceOn: day }),
  ),
  'case.assigned': event('An agent got a case.', z.strictObject({ caseId: id, agent: z.string() })),
  'case.placed': event(
    'An outside agency got a case.',
    z.strictObject({ caseId: id, placementId: id, agency: z.string() }),
  ),
  'case.recalled': event(
    'An outside agency no longer has a case.',
    z.strictObject({ caseId: id, placementId: id }),
  ),
  'hold.started': event(
    'Contact is stopped for as far as the scope says.',
    z.strictObject({
      holdId: id,
      kind: z.string(),
      partyId: id.nullable(),
      channel: channel.nullable(),
      contactPointId: id.nullable(),
      from: instant,
      to: instant.nullable(),
      source: z.string(),
    }),
  ),
  'hold.ended': event('A hold was ended.', z.strictObject({ holdId: id, endedAt: instant })),
  'promise.recorded': event(
    'A promise was made; it takes the place of the open one of its case.',
    promise.extend({
      amountMinor: minor,
      currency: z.string(),
      dueOn: z.string(),
      graceDays: z.int(),
      source: z.string(),
    }),
  ),
  'promise.kept': event('The ledger says that a promise was kept.', promise),
  'promise.part-kept': event('The ledger says that a promise was kept in part.', promise),
  'promise.broken': event('The ledger says that a promise was broken.', promise),
  'promise.reopened': event('A decided promise is open again.', promise),
  'promise.superseded': event('Another promise took the place of this one.', promise),
  'promise.cancelled': event('An open promise was taken back.', promise),
  'statement.recorded': event(
    'Income and expenses of a household were stated.',
    z.strictObject({ statementId: id, caseId: id }),
  ),
  'plan.proposed': event(
    'A plan is on offer, or waits for a second person first.',
    planEvent.extend({ kind: z.string(), state: z.string() }),
  ),
  'plan.approved': event('A second person approved what a plan forgives.', planEvent),
  'plan.declined': event('A second person declined what a plan would forgive.', planEvent),
  'plan.accepted': event(
    'The borrower accepted a plan; its effects are in the ledger.',
    planEvent.extend({
      kind: z.string(),
      amountMinor: minor,
      waivedMinor: minor,
      currency: z.string(),
      agreementSha256: z.string(),
    }),
  ),
  'plan.kept': event('The ledger says that a plan was kept.', planEvent),
  'plan.broken': event(
    'The ledger says that a plan was broken; its effects were taken back.',
    planEvent,
  ),
  'plan.reopened': event(
    'A decided plan runs again: a payment was reversed, or known late.',
    planEvent,
  ),
  'plan.cancelled': event('A plan was cancelled.', planEvent),
  'plan.expired': event('Nobody accepted a plan in its days.', planEvent),
  'matter.opened': event(
    'Hardship, dispute, complaint or the like was taken in; its hold is in force.',
    matter.extend({ holdId: id, owner: z.string(), dueOn: z.string() }),
  ),
  'matter.assigned': event('A matter has another owner.', ownedMatter),
  'matter.decided': event(
    'A matter was decided, with reasons for the borrower.',
    matter.extend({ outcome: z.string() }),
  ),
  'matter.appealed': event(
    'A decision is appealed against; contact is held again.',
    matter.extend({ holdId: id, owner: z.string(), dueOn: z.string() }),
  ),
  'incentive.changed': event(
    'What a kept promise earned entered a state; `granted` is its first.',
    z.strictObject({ grantId: id, ruleId: id, promiseId: id, state: z.string() }),
  ),
  'contact.permitted': event('The gate permitted a contact.', verdict),
  'contact.deferred': event('The gate deferred a contact to the earliest lawful moment.', verdict),
  'contact.refused': event('The gate refused a contact.', verdict),
  'contact.cancelled': event(
    'A planned contact is no longer wanted.',
    z.strictObject({ attemptId: id, caseId: id }),
  ),
  'contact.sent': event('A provider took a message.', fate),
  'contact.failed': event('A message did not reach the person.', fate),
  'contact.delivered': event('A provider says that a message arrived.', fate),
  'contact.unknown': event('Nobody knows whether a message was sent; it counts.', fate),
  'outcome.recorded': event(
    'What came of a contact was recorded.',
    z.strictObject({
      attemptId: id,
      caseId: id.nullable(),
      line: z.string(),
      party: z.string().nullable(),
      talk: z.string().nullable(),
    }),
  ),
  'message.received': event(
    'A person wrote to us. What the class stops is in force already.',
    z.strictObject({
      messageId: id,
      attemptId: id.nullable(),
      conversationId: id.nullable(),
      caseId: id.nullable(),
      channel,
      class: z.string(),
      /** The hold that it started; a matter is taken in with it. */
      holdId: id.nullable(),
      isAutomatic: z.boolean(),
    }),
  ),
  'conversation.opened': event('Somebody owes an answer.', conversation),
  'conversation.needs_person': event(
    'A person must look at once: distress, or words that nobody is sure about.',
    conversation.extend({ reason: z.string(), messageId: id }),
  ),
  'conversation.assigned': event(
    'A conversation belongs to an agent, or to nobody again.',
    conversation.extend({ agent: z.string().nullable() }),
  ),
  'conversation.replied': event(
    'An answer was asked for; the gate decides whether it goes out.',
    conversation.extend({ attemptId: id, channel }),
  ),
  'conversation.closed': event('No answer is owed any more.', conversation),
} as const

/** Events of the installation: nobody's. */
export const SYSTEM_EVENTS = {
  'settings.applied': event(
    'Settings were applied: how many of each part were given.',
    z.strictObject({ parts: z.record(z.string(), z.int()) }),
  ),
  'strategy.released': event(
    'Another version of a strategy is in force, by release or by roll-back.',
    z.strictObject({ name: z.string(), versionId: id, by: z.string() }),
  ),
  'template.released': event(
    'Another text of a template is in force, by release or by roll-back; without a draft, the shipped one.',
    z.strictObject({ name: z.string(), draftId: id.nullable(), by: z.string() }),
  ),
  'webhook.disabled': event(
    'A webhook failed for so long that nothing is sent to it any more.',
    z.strictObject({ name: z.string(), reason: z.string() }),
  ),
} as const

export type EventName = keyof typeof EVENTS
export type SystemEventName = keyof typeof SYSTEM_EVENTS
export type EventPayload<Name extends EventName> = z.infer<(typeof EVENTS)[Name]['payload']>
export type SystemEventPayload<Name extends SystemEventName> = z.infer<
  (typeof SYSTEM_EVENTS)[Name]['payload']
>

/** The body of a webhook (Standard Webhooks): the event's name, when we learned of it, and what it says. */
export const webhookBody = z.strictObject({
  type: z.string(),
  timestamp: instant,
  /** The payload, with whose it is; null for an event of the installation. */
  data: z.looseObject({ borrowerId: id.nullable() }),
})
