import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'
import { lockBorrowers } from '../../loanbook/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { choosePoint } from '../ask-contact.ts'
import { ensureContactMonths, findCaseState, insertAsked, listCasePoints } from '../ask-store.ts'
import type { Gate } from '../dispatch-batch.ts'
import { judgeQuestions } from '../judge-question.ts'
import { gateInForce } from '../templates/index.ts'

export type ServiceAsked = {
  readonly caseId: string
  readonly channel: 'sms' | 'email'
  /** A template of the list of services. */
  readonly template: string
  /** The borrower's own; null: the first healthy one. */
  readonly contactPointId: string | null
  /** The record that it answers: without one there is no service message (rulings 1). */
  readonly trigger: string
  /** The number of that record as the message shows it, and a one-time code where it carries one. */
  readonly reference: string
  readonly code: string
  readonly at: Instant
}
export type ServicePlanned = {
  readonly attemptId: string
  /** Masked. */
  readonly point: string
  /** What the gate says now; dispatch asks it again. Null where it could not be asked. */
  readonly verdict: Verdict | null
}
export type ServiceRefusal = { readonly reason: 'no_case' | 'no_template' | 'no_point' }

/**
 * Plans a message that answers a record, to the borrower's own point, due now. It goes through dispatch and
 * the gate like any other; its purpose comes from the template's place in the list of services.
 */
export async function askService(
  tx: Tx,
  gate: Gate,
  asked: ServiceAsked,
): Promise<Result<ServicePlanned, ServiceRefusal>> {
  const { caseId, channel, at, trigger, reference, code } = asked
  const { templates } = await gateInForce(tx, gate)
  const template = templates.get(asked.template)
  if (template?.channel !== channel || template.purpose !== 'service')
    return refused({ reason: 'no_template' })
  const seen = await findCaseState(tx, caseId)
  if (seen === null) return refused({ reason: 'no_case' })
  await lockBorrowers(tx, [seen.borrowerId])
  const own = (await listCasePoints(tx, caseId)).filter(({ partyId }) => partyId === null)
  const point = choosePoint(own, asked)
  if (point === undefined) return refused({ reason: 'no_point' })
  const atText = formatInstant(at)
  await ensureContactMonths(tx, atText)
  const sealedFacts = gate.sealer.seal(JSON.stringify({ reference, code }))
  const attempt = await insertAsked(tx, {
    ...point,
    caseId,
    channel,
    template: asked.template,
    purpose: template.purpose,
    step: 'service',
    reply: null,
    at: atText,
    service: { trigger, sealedFacts },
  })
  const question = { attempt, channel, partyId: null, collectionContent: false }
  const [verdict = null] = await judgeQuestions(tx, gate, { questions: [question], at })
  return ok({ attemptId: attempt.attempt_id, point: point.masked, verdict })
}
