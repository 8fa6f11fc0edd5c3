import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import {
  type CasePoint,
  ensureContactMonths,
  findCaseState,
  insertAsked,
  listCasePoints,
} from './ask-store.ts'
import type { Gate } from './dispatch-batch.ts'
import { judgeQuestions } from './judge-question.ts'
import { gateInForce } from './templates/index.ts'

export type AskOptions = {
  readonly caseId: string
  readonly channel: 'sms' | 'email' | 'wecom'
  readonly template: string
  readonly contactPointId: string | null
  readonly at: Instant
  /** An agent's answer, in the agent's own words; null for what a template says alone. */
  readonly reply: { readonly agentId: string; readonly text: string } | null
  /** Channels with an account that may carry collection content. */
  readonly carriers: ReadonlySet<string>
}
export type AskRefusal = {
  readonly code:
    | 'resource.not_found'
    | 'case.not_open'
    | 'contact.unknown_template'
    | 'contact.no_point'
  readonly field: string
  readonly detail: string
}
export type Asked = {
  readonly borrowerId: string
  readonly attemptId: string
  /** What the gate says at this instant; dispatch asks it again, with the evidence, when it takes the attempt. */
  readonly verdict: Verdict | null
}

const KIND_OF = { sms: 'phone', email: 'email', wecom: 'wecom' } as const

/**
 * Plans one message that is due now, in the caller's transaction, and tells what the gate says to it. It
 * goes the way of all contacts: dispatch decides on it in the gate transaction and sends what is permitted.
 */
export async function askContact(
  tx: Tx,
  gate: Gate,
  options: AskOptions,
): Promise<Result<Asked, AskRefusal>> {
  const { caseId, channel, at, carriers } = options
  const { templates } = await gateInForce(tx, gate)
  const template = templates.get(options.template)
  const isReply = template?.kind === 'reply'
  // A service message has a record that triggers it: nobody may ask for one without (rulings 1).
  if (
    template === undefined ||
    template.channel !== channel ||
    template.purpose === 'service' ||
    isReply !== (options.reply !== null)
  )
    return no(
      'contact.unknown_template',
      'template',
      `${channel} has no template ${options.template}`,
    )
  const seen = await findCaseState(tx, caseId)
  if (seen === null) return no('resource.not_found', 'caseId', `there is no case ${caseId}`)
  await lockBorrowers(tx, [seen.borrowerId])
  const found = (await findCaseState(tx, caseId)) ?? seen
  if (found.state !== 'open') return no('case.not_open', 'caseId', `case ${caseId} is closed`)
  const point = choosePoint(await listCasePoints(tx, caseId), options)
  if (point === undefined)
    return no(
      'contact.no_point',
      'contactPointId',
      options.contactPointId === null
        ? `the borrower has no usable ${KIND_OF[channel]}`
        : `the case has no ${KIND_OF[channel]} ${options.contactPointId}`,
    )
  const atText = formatInstant(at)
  await ensureContactMonths(tx, atText)
  const { purpose } = template
  const attempt = await insertAsked(tx, {
    ...point,
    ...options,
    contactPointId: point.contactPointId,
    purpose,
    step: options.reply === null ? 'asked' : 'reply',
    reply:
      options.reply === null
        ? null
        : { agentId: options.reply.agentId, sealed: gate.sealer.seal(options.reply.text) },
    at: atText,
  })
  const question = {
    attempt,
    channel,
    partyId: point.partyId,
    collectionContent: carriers.has(channel),
  }
  const [verdict = null] = await judgeQuestions(tx, gate, { questions: [question], at })
  return ok({ borrowerId: attempt.borrower_id, attemptId: attempt.attempt_id, verdict })
}

/** The point that was named, whoever's it is (the gate judges that); else the borrower's first healthy one. */
export function choosePoint(
  points: readonly CasePoint[],
  { channel, contactPointId }: Pick<AskOptions, 'channel' | 'contactPointId'>,
): CasePoint | undefined {
  const ofKind = points.filter(({ kind }) => kind === KIND_OF[channel])
  return contactPointId === null
    ? ofKind.find(({ partyId, health }) => partyId === null && health === 'ok')
    : ofKind.find((point) => point.contactPointId === contactPointId)
}

function no(code: AskRefusal['code'], field: string, detail: string): Result<never, AskRefusal> {
  return refused({ code, field, detail })
}
