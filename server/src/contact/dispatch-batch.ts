import { randomUUID } from 'node:crypto'
import { formatInstant, type Instant, instant, required, Secret } from '@dunlin/kernel'
import type { Policy } from '@dunlin/policy'
import type { Channel } from '../channels/channel.ts'
import type { Permit } from '../channels/permit.ts'
import { lockBorrowers, openPerson } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { DomainEvent, Reactions } from '../platform/events/index.ts'
import { insertBatch, treeOf } from '../platform/evidence/index.ts'
import { type Sealer, sealWithKey } from '../platform/seal/index.ts'
import {
  type AttemptUpdate,
  claimDue,
  type DecisionRow,
  type FactRow,
  insertDecisions,
  nameKey,
  readConsents,
  readFacts,
  readHolds,
  readNames,
  savePolicyVersion,
  updateDecided,
} from './dispatch-store.ts'
import { gatherFacts } from './gather-facts.ts'
import { permitFor } from './mint-permit.ts'
import { type Decided, decideAttempt, makeLeaf } from './model/decide-attempt.ts'
import { contactOf, type PastContact, withKnownContacts } from './model/known-contacts.ts'
import type { MessageTemplate } from './model/templates.ts'
import { contentOf, type Route } from './route.ts'

/** A way out that is open: its channel, and whether it stays on this machine. */
export type Outlet = {
  /** Which attempts it takes. */
  readonly kind: MessageTemplate['channel']
  readonly channel: Channel
  /** Demo borrowers are reached through loopback outlets only (rulings 3). */
  readonly isLoopback: boolean
  /** Mailbox of unsubscribe requests; null where the channel has none. */
  readonly unsubscribeMailbox: string | null
  /** What it may carry, costs, and how it fares. */
  readonly route: Route
}

export type Gate = {
  /** The compiled policy of a portfolio's packs with its overlay; null when a pack is missing. */
  readonly policyOf: (packs: readonly string[], overlay: string | null) => Policy | null
  readonly templates: ReadonlyMap<string, MessageTemplate>
  readonly sealer: Sealer
  readonly reactions: Reactions
  readonly publicUrl: string
}

export type Minted = {
  readonly permit: Permit
  readonly createdOn: string
  readonly caseId: string | null
}
export type BatchResult = {
  readonly minted: readonly Minted[]
  readonly counts: Record<Outcome, number>
  /** The same by `stage channel outcome`. */
  readonly byStage: Readonly<Record<string, number>>
}
type Outcome = 'permitted' | 'deferred' | 'refused' | 'cancelled'

type BatchOptions = {
  readonly outlet: Outlet
  readonly at: Instant
  readonly workerId: string
  readonly limit: number
  /** What other accounts of the channel take. */
  readonly notTemplates: readonly string[]
}

/** History that any rule in force may look at. */
const HISTORY_DAYS = 400
const DAY_MS = 86_400_000

/**
 * The gate transaction (architecture decision 9): claim, lock borrowers in id order, read, decide in
 * memory, write verdicts with their leaves. The caller commits, and only then hands the permits over.
 */
export async function decideBatch(
  tx: Tx,
  gate: Gate,
  { outlet, at, workerId, limit, notTemplates }: BatchOptions,
): Promise<BatchResult> {
  const atText = formatInstant(at)
  const claimed = await claimDue(tx, {
    channel: outlet.kind,
    at: atText,
    limit,
    notTemplates,
  })
  if (claimed.length === 0) return EMPTY
  const borrowerIds = [...new Set(claimed.map((row) => row.borrower_id))]
  await lockBorrowers(tx, borrowerIds)
  const rows = await readFacts(tx, claimed, {
    historyFrom: formatInstant(instant(at - HISTORY_DAYS * DAY_MS)),
  })
  const holds = Map.groupBy(await readHolds(tx, borrowerIds, atText), (hold) => hold.borrower_id)
  const consents = Map.groupBy(
    await readConsents(tx, borrowerIds),
    (consent) => consent.borrower_id,
  )
  const { collectionContent } = outlet.channel.account
  const gather = {
    sealer: gate.sealer,
    at,
    collectionContent,
    publicUrl: gate.publicUrl,
    holds,
    consents,
  }
  const names = outlet.kind === 'letter' ? await readNames(tx, borrowerIds) : NO_NAMES
  const permitted = new Map<string, PastContact[]>()
  const judged = rows.map((row) => {
    const read = gatherFacts(row, outlet.kind, gather)
    const earlier = permitted.get(row.borrower_id) ?? []
    const facts = read === null ? null : withKnownContacts(read, { earlier, at })
    const made = judge(row, gate, { outlet, at, facts, names })
    // The next attempt on the same person in this batch sees this one in its history.
    if (made.permit !== null && made.decided !== null)
      permitted.set(row.borrower_id, [...earlier, contactOf(made.decided)])
    return made
  })
  await store(tx, judged, gate, { outlet, at, workerId })
  return summarise(judged, outlet.kind)
}

const EMPTY: BatchResult = {
  minted: [],
  counts: { permitted: 0, deferred: 0, refused: 0, cancelled: 0 },
  byStage: {},
}

type Judged = {
  readonly row: FactRow
  /** Null when there was nothing to ask the gate about. */
  readonly decided: Decided | null
  readonly policy: Policy | null
  readonly permit: Permit | null
  readonly permitId: string | null
  /** Why the attempt came to its end without the gate. */
  readonly ended: { state: 'cancelled' | 'refused'; reason: string } | null
}

type JudgeGiven = {
  readonly outlet: Outlet
  readonly at: Instant
  readonly facts: ReturnType<typeof gatherFacts>
  /** Sealed, by borrower and party; empty where a channel names nobody. */
  readonly names: ReadonlyMap<string, Buffer>
}
const NO_NAMES: JudgeGiven['names'] = new Map()

/** Whom an envelope names. */
function addresseeOf({ borrower_id, party_id }: FactRow, { names }: JudgeGiven, sealer: Sealer) {
  const sealed = names.get(nameKey(borrower_id, party_id))
  if (sealed === undefined || sealed.length === 0) return null
  const { name } = openPerson(sealer, sealed)
  return name.trim() === '' ? null : new Secret(name)
}

function judge(row: FactRow, gate: Gate, given: JudgeGiven): Judged {
  const { outlet, at, facts } = given
  const policy = gate.policyOf(row.packs, row.overlay)
  const template = row.template === null ? undefined : gate.templates.get(row.template)
  const ended = endsBeforeGate(row, { policy, template, facts, outlet })
  if (ended !== null || facts === null || policy === null || template === undefined) {
    return { row, decided: null, policy, permit: null, permitId: null, ended }
  }
  const decided = decideAttempt(facts, { template, policy, at })
  if (decided.verdict.verdict !== 'permit')
    return { row, decided, policy, permit: null, permitId: null, ended: null }
  const permitId = randomUUID()
  const address = gate.sealer.open(required(row.point_sealed, 'contact point'))
  const addressee = addresseeOf(row, given, gate.sealer)
  const mailto = outlet.unsubscribeMailbox
  const permit = permitFor(decided, { permitId, address, addressee, mailto, at })
  return { row, decided, policy, permit, permitId, ended: null }
}

/** Ends that need no gate: nobody wants the contact any more, or a piece without which nothing may go out is missing. */
function endsBeforeGate(
  row: FactRow,
  given: {
    policy: Policy | null
    template: MessageTemplate | undefined
    facts: ReturnType<typeof gatherFacts>
    outlet: Outlet
  },
): Judged['ended'] {
  // What a person is owed does not end with the case.
  const isService = given.template?.purpose === 'service'
  if (row.case_id !== null && row.case_state !== 'open' && !isService)
    return { state: 'cancelled', reason: 'case.closed' }
  if (given.policy === null) return { state: 'refused', reason: 'facts.missing policy' }
  if (given.template === undefined) return { state: 'refused', reason: 'facts.missing template' }
  if (isService && row.trigger_ref === null)
    return { state: 'refused', reason: 'facts.missing trigger' }
  if (given.facts === null) return { state: 'refused', reason: 'facts.missing point' }
  if (row.is_demo && !given.outlet.isLoopback)
    return { state: 'refused', reason: 'demo.outside_loopback' }
  // Collection content is the gate's own question; of the rest it knows nothing.
  const content = contentOf(given.template)
  if (content !== 'collection' && !given.outlet.route.carries.has(content))
    return { state: 'refused', reason: `provider.may_not_carry ${content}` }
  return null
}

async function store(
  tx: Tx,
  judged: readonly Judged[],
  gate: Gate,
  { outlet, at, workerId }: { outlet: Outlet; at: Instant; workerId: string },
): Promise<void> {
  const decidedAt = formatInstant(at)
  const decisions = judged.flatMap((each) => toDecision(each, gate, decidedAt))
  if (decisions.length > 0) {
    const tree = treeOf(decisions.map(({ leaf }) => leaf))
    const batchId = await insertBatch(tx, { decidedAt, ...tree })
    await insertDecisions(tx, decisions, { batchId, decidedAt, decidedOn: decidedAt.slice(0, 10) })
    await savePolicies(tx, judged, decidedAt)
  }
  const updates = judged.map((each) => toUpdate(each, { at, outlet }))
  const { accountId } = outlet.channel.account
  await updateDecided(tx, updates, { workerId, accountId, cost: outlet.route.cost })
  await gate.reactions.publish(tx, judged.flatMap(toEvent), at)
}

function toDecision(
  { row, decided, policy }: Judged,
  { sealer }: Gate,
  decidedAt: string,
): DecisionRow[] {
  if (decided === null || policy === null) return []
  const salt = randomUUID()
  const { leaf, payload, rules } = makeLeaf(decided, {
    decisionId: row.decision_id,
    policyHash: policy.hash,
    decidedAt,
    salt,
  })
  const key = sealer.payloadKey(required(row.key_salt, 'payload key of the borrower'))
  return [
    {
      borrowerId: row.borrower_id,
      decisionId: row.decision_id,
      attemptId: row.attempt_id,
      caseId: row.case_id,
      verdict: decided.verdict.verdict,
      rules,
      untilAt: decided.verdict.verdict === 'defer' ? formatInstant(decided.verdict.until) : null,
      policyHash: policy.hash,
      leaf,
      payload: sealWithKey(key, payload),
    },
  ]
}

async function savePolicies(tx: Tx, judged: readonly Judged[], at: string): Promise<void> {
  for (const policy of new Set(judged.map((each) => each.policy))) {
    if (policy === null) continue
    const document = JSON.stringify(policy.packs)
    await savePolicyVersion(tx, {
      hash: policy.hash,
      packs: policy.packs.map((pack) => pack.id),
      document,
      at,
    })
  }
}

function toUpdate(
  { row, decided, permitId, ended }: Judged,
  { at, outlet }: { at: Instant; outlet: Outlet },
): AttemptUpdate {
  const { borrower_id, attempt_id, created_on, decision_id } = row
  const common = {
    borrower_id,
    attempt_id,
    created_on,
    dueAt: null,
    permitId: null,
    decisionId: null,
    reason: null,
    via: decided?.attempt.via ?? null,
    actorKind: decided?.attempt.actor.kind ?? null,
    actorId: decided?.attempt.actor.id ?? null,
    parts: null,
  }
  const atText = formatInstant(at)
  if (decided === null) {
    const { state, reason } = required(ended, 'end of an undecided attempt')
    return { ...common, state, at: state === 'cancelled' ? null : atText, reason }
  }
  const { verdict } = decided
  switch (verdict.verdict) {
    case 'permit':
      return {
        ...common,
        state: 'permitted',
        at: atText,
        permitId,
        decisionId: decision_id,
        parts: outlet.channel.countParts(decided.rendered.text),
      }
    case 'defer':
      return {
        ...common,
        state: 'planned',
        at: null,
        dueAt: formatInstant(verdict.until),
        decisionId: decision_id,
      }
    case 'refuse':
      return {
        ...common,
        state: 'refused',
        at: atText,
        decisionId: decision_id,
        reason: verdict.reasons[0]?.rule ?? null,
      }
  }
}

function toEvent({ row, decided, permitId }: Judged): DomainEvent[] {
  if (decided === null) return []
  const name = {
    permit: 'contact.permitted',
    defer: 'contact.deferred',
    refuse: 'contact.refused',
  } as const
  const { verdict } = decided
  const rules = verdict.verdict === 'permit' ? [] : verdict.reasons.map((reason) => reason.rule)
  const until = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  const payload = {
    attemptId: row.attempt_id,
    channel: decided.attempt.channel,
    rules,
    until,
    permitId,
  }
  return [{ name: name[verdict.verdict], borrowerId: row.borrower_id, payload }]
}

function summarise(judged: readonly Judged[], channel: Outlet['kind']): BatchResult {
  const counts = { permitted: 0, deferred: 0, refused: 0, cancelled: 0 }
  const byStage: Record<string, number> = {}
  for (const each of judged) {
    const outcome = outcomeOf(each)
    const key = `${each.row.stage ?? '-'} ${channel} ${outcome}`
    counts[outcome] += 1
    byStage[key] = (byStage[key] ?? 0) + 1
  }
  const minted = judged.flatMap(({ permit, row }) =>
    permit === null ? [] : [{ permit, createdOn: row.created_on, caseId: row.case_id }],
  )
  return { minted, counts, byStage }
}

const OUTCOME_OF = { permit: 'permitted', defer: 'deferred', refuse: 'refused' } as const

function outcomeOf({ decided, ended }: Judged): Outcome {
  if (decided !== null) return OUTCOME_OF[decided.verdict.verdict]
  return ended?.state === 'cancelled' ? 'cancelled' : 'refused'
}
