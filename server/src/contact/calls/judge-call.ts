import { formatInstant, type Instant, instant, required } from '@dunlin/kernel'
import {
  decideGiven,
  decidePrepared,
  type Intent,
  type Policy,
  prepareFacts,
  type Verdict,
} from '@dunlin/policy'
import type { Tx } from '../../platform/db/index.ts'
import type { Gate } from '../dispatch-batch.ts'
import {
  type ClaimedRow,
  type FactRow,
  readConsents,
  readFacts,
  readHolds,
} from '../dispatch-store.ts'
import { gatherFacts } from '../gather-facts.ts'
import type { AttemptFacts } from '../model/decide-attempt.ts'
import { withKnownContacts } from '../model/known-contacts.ts'
import type { Caller } from './call-store.ts'

/** How far back contacts are read: further than any rule in force looks. */
const HISTORY_MS = 400 * 86_400_000

export type JudgedCall = {
  readonly row: FactRow
  readonly attempt: AttemptFacts
  readonly intent: Intent
  /** Null when a pack is missing: nothing is lawful then. */
  readonly policy: Policy | null
  readonly verdict: Verdict
}

/** What the gate says to a planned call of a person, by the facts that dispatch reads. */
export async function judgeCall(
  tx: Tx,
  gate: Gate,
  given: { call: ClaimedRow; caller: Caller; partyId: string | null; at: Instant },
): Promise<JudgedCall> {
  const { call, caller, partyId, at } = given
  const atText = formatInstant(at)
  const historyFrom = formatInstant(instant(at - HISTORY_MS))
  const [found] = await readFacts(tx, [call], { historyFrom })
  const row = required(found, `facts of attempt ${call.attempt_id}`)
  const holds = new Map([[call.borrower_id, await readHolds(tx, [call.borrower_id], atText)]])
  const consents = new Map([[call.borrower_id, await readConsents(tx, [call.borrower_id])]])
  // The words of a call are the agent's own: no account carries them.
  const read = gatherFacts(row, 'sms', { ...gate, at, collectionContent: false, holds, consents })
  const attempt = withKnownContacts(required(read, 'facts of a call'), { earlier: [], at })
  const intent: Intent = {
    at: atText,
    channel: 'call',
    purpose: 'collect',
    party: partyId ?? 'borrower',
    point: attempt.pointId,
    debts: attempt.facts.debts.map((debt) => debt.id),
    direction: 'outbound',
    actor: actorOf(caller, atText.slice(0, 10)),
  }
  const policy = gate.policyOf(row.packs, row.overlay)
  const verdict =
    policy === null
      ? decideGiven(null, {}, {})
      : decidePrepared(policy, prepareFacts(attempt.facts), intent)
  return { row, attempt, intent, policy, verdict }
}

/** Without a certificate in force somebody is no certified agent, and the gate refuses. */
function actorOf(caller: Caller, today: string): NonNullable<Intent['actor']> {
  const { agentId, certifiedUntil, trainedOn, agency } = caller
  return {
    kind: 'agent',
    id: agentId,
    certified: certifiedUntil !== null && certifiedUntil >= today,
    ...(agency === null ? {} : { agency }),
    ...(trainedOn === null ? {} : { trainedAt: trainedOn }),
  }
}
