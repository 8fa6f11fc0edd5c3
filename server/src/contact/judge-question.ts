import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import {
  decideGiven,
  decidePrepared,
  type Facts,
  type Intent,
  type Policy,
  prepareFacts,
  type Verdict,
} from '@dunlin/policy'
import type { Tx } from '../platform/db/index.ts'
import type { Gate } from './dispatch-batch.ts'
import {
  type ClaimedRow,
  type FactRow,
  readConsents,
  readFacts,
  readHolds,
} from './dispatch-store.ts'
import { gatherFacts } from './gather-facts.ts'
import { type AttemptFacts, intentOf } from './model/decide-attempt.ts'
import { withKnownContacts } from './model/known-contacts.ts'
import { gateInForce } from './templates/index.ts'

/** How far back contacts are read: further than any rule in force looks. */
const HISTORY_MS = 400 * 86_400_000

export type Question = {
  readonly attempt: ClaimedRow
  readonly channel: Intent['channel']
  /** Null: the borrower. */
  readonly partyId: string | null
  /** Whether an account is there that may carry collection content. */
  readonly collectionContent: boolean
}

/** A question as the gate takes it; without packs there is nothing to ask it. */
export type Posed = {
  readonly policy: Policy | null
  readonly facts: Facts
  readonly intent: Intent
}

/**
 * What the gate says to planned attempts of one borrower at this instant, by the facts that dispatch reads
 * and the code it decides with. Nothing is written and nothing is counted. Null where there is nothing to
 * decide on, because a template is missing.
 */
export async function judgeQuestions(
  tx: Tx,
  gate: Gate,
  asked: { questions: readonly Question[]; at: Instant },
): Promise<(Verdict | null)[]> {
  return (await poseQuestions(tx, gate, asked)).map((posed) =>
    posed === null ? null : judge(posed),
  )
}

function judge({ policy, facts, intent }: Posed): Verdict {
  // Without its packs nothing is lawful: the gate says so itself.
  if (policy === null) return decideGiven(null, {}, {})
  return decidePrepared(policy, prepareFacts(facts), intent)
}

/** The same questions with their facts, packs and intents, not yet decided. */
export async function poseQuestions(
  tx: Tx,
  given: Gate,
  { questions, at }: { questions: readonly Question[]; at: Instant },
): Promise<(Posed | null)[]> {
  const gate = await gateInForce(tx, given)
  const attempts = questions.map(({ attempt }) => attempt)
  const borrowerIds = [...new Set(attempts.map((attempt) => attempt.borrower_id))]
  const historyFrom = formatInstant(instant(at - HISTORY_MS))
  const rows = await readFacts(tx, attempts, { historyFrom })
  const byAttempt = new Map(rows.map((row) => [row.attempt_id, row]))
  const holds = Map.groupBy(
    await readHolds(tx, borrowerIds, formatInstant(at)),
    (hold) => hold.borrower_id,
  )
  const consents = Map.groupBy(await readConsents(tx, borrowerIds), (each) => each.borrower_id)
  return questions.map((question) => {
    const row = byAttempt.get(question.attempt.attempt_id)
    if (row === undefined) return null
    const { collectionContent } = question
    const options = { ...gate, at, collectionContent, holds, consents }
    return pose(row, question, { gate, at, options })
  })
}

function pose(
  row: FactRow,
  { channel, partyId, collectionContent }: Question,
  given: { gate: Gate; at: Instant; options: Parameters<typeof gatherFacts>[2] },
): Posed | null {
  const { gate, at, options } = given
  const policy = gate.policyOf(row.packs, row.overlay)
  const read = gatherFacts(
    row,
    channel === 'email' || channel === 'wecom' ? channel : 'sms',
    options,
  )
  if (read === null) return null
  const known = withKnownContacts(read, { earlier: [], at })
  const template = row.template === null ? undefined : gate.templates.get(row.template)
  const { facts } = known
  if (channel === 'sms' || channel === 'email' || row.direction === 'reply') {
    if (template === undefined) return null
    // Whoever it is for, what is asked about is exactly what dispatch would ask.
    const { intent } = intentOf(known, { template, at })
    return { policy, facts, intent: partyId === null ? intent : { ...intent, party: partyId } }
  }
  const provider = channel === 'wecom' ? { provider: { collectionContent } } : {}
  return { policy, facts, intent: { ...asked(known, { channel, partyId, at }), ...provider } }
}

/** A contact by a certified person of ours, on a channel whose words are not written beforehand. */
function asked(
  { pointId, facts }: AttemptFacts & { facts: Facts },
  { channel, partyId, at }: { channel: Intent['channel']; partyId: string | null; at: Instant },
): Intent {
  return {
    at: formatInstant(at),
    channel,
    purpose: 'collect',
    party: partyId ?? 'borrower',
    point: pointId,
    debts: facts.debts.map((debt) => debt.id),
    direction: 'outbound',
    actor:
      channel === 'robot-call'
        ? { kind: 'robot' }
        : { kind: 'agent', certified: true, trainedAt: formatInstant(at) },
  }
}
