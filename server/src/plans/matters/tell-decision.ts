import { formatInstant, ok, type Result } from '@dunlin/kernel'
import { askService, type Gate } from '../../contact/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { HeardEvent, Reactions } from '../../platform/events/index.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { no } from '../find-case.ts'
import { lockMatter } from './lock-matter.ts'
import { insertStep, type Matter, type MatterStep } from './matter-store.ts'
import { listTellings } from './telling-store.ts'

const TEMPLATE = 'cn-matter-answer-sms'

/**
 * Asks dispatch to tell a decision to the borrower who raised it, as a service that this matter triggers
 * (rulings 1). The message says where the reasons are read; they are in no message. Whom no message may or
 * can reach is told by a person, and the matter is listed until then.
 */
export async function tellDecision(
  { tx, at, gate }: Work & { readonly gate: Gate },
  { matter, isDeath }: { readonly matter: Matter; readonly isDeath: boolean },
): Promise<void> {
  const note = (kind: MatterStep['kind'], detail: MatterStep['detail']) =>
    insertStep(tx, matter, { kind, at: formatInstant(at), by: 'dunlin', sealedText: null, detail })
  if (isDeath) return note('not-told', { reason: 'deceased' })
  // Somebody else's matter is not answered at the borrower's number.
  if (matter.raisedBy !== 'borrower') return note('not-told', { reason: 'other_person' })
  const asked = await askService(tx, gate, {
    caseId: matter.caseId,
    channel: 'sms',
    template: TEMPLATE,
    contactPointId: null,
    trigger: `matter ${matter.matterId}`,
    reference: matter.matterId,
    code: '',
    at,
  })
  if (!asked.ok) return note('not-told', { reason: asked.refusal.reason })
  const { attemptId, verdict } = asked.value
  return note('telling', {
    ...{ channel: 'sms', attemptId, verdict: verdict?.verdict ?? null },
    rules:
      verdict === null || verdict.verdict === 'permit'
        ? null
        : verdict.reasons.map(({ rule }) => rule).join(' '),
  })
}

const STEP_OF = {
  'contact.sent': 'told',
  'contact.deferred': 'telling',
  'contact.refused': 'not-told',
  'contact.failed': 'not-told',
  'contact.cancelled': 'not-told',
  // Nobody knows whether it went out: then it did not.
  'contact.unknown': 'not-told',
} as const

/** What becomes of the message is kept on the matter's steps, in the transaction in which it becomes so. */
export function reactToTellings(reactions: Reactions): void {
  for (const name of [
    'contact.sent',
    'contact.deferred',
    'contact.refused',
    'contact.failed',
    'contact.cancelled',
    'contact.unknown',
  ] as const)
    reactions.on(name, async (tx, events, at) => {
      await noteFate(tx, events, { kind: STEP_OF[name], name, at: formatInstant(at) })
    })
}

async function noteFate(
  tx: Tx,
  events: readonly HeardEvent[],
  { kind, name, at }: { kind: MatterStep['kind']; name: string; at: string },
): Promise<void> {
  const heard = new Map(events.map((event) => [String(event.payload.attemptId), event]))
  for (const found of await listTellings(tx, [...heard.values()])) {
    const payload = heard.get(found.attemptId)?.payload ?? {}
    const { rules, until } = payload
    await insertStep(tx, found, {
      ...{ kind, at, by: 'dunlin', sealedText: null },
      detail: {
        ...{ attemptId: found.attemptId, reason: name },
        rules: Array.isArray(rules) ? rules.join(' ') : null,
        until: typeof until === 'string' ? until : null,
      },
    })
  }
}

/** A person has told the decision and its reasons. */
export async function recordTold(
  work: Work,
  actor: Actor,
  { matterId, channel }: { readonly matterId: string; readonly channel: string },
): Promise<Result<{ toldAt: string }, PlanRefusal>> {
  const found = await lockMatter(work, matterId)
  if (!found.ok) return found
  const { matter } = found.value
  if (matter.state !== 'decided' && matter.state !== 'closed')
    return no('matter.not_decided', 'id', `matter ${matterId} is ${matter.state}`)
  const toldAt = formatInstant(work.at)
  await insertStep(work.tx, matter, {
    ...{ kind: 'told', at: toldAt, by: actor.id, sealedText: null },
    detail: { channel },
  })
  return ok({ toldAt })
}
