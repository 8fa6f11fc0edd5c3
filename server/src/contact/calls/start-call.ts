import { randomUUID } from 'node:crypto'
import { formatInstant, type Instant, ok, type Result, refused, required } from '@dunlin/kernel'
import { type Policy, ruleIds, type Verdict } from '@dunlin/policy'
import { lockBorrowers } from '../../loanbook/index.ts'
import { type Database, rolledBack, type Tx } from '../../platform/db/index.ts'
import { insertBatch, treeOf } from '../../platform/evidence/index.ts'
import { sealWithKey } from '../../platform/seal/index.ts'
import { type CasePoint, ensureContactMonths, findCaseState, listCasePoints } from '../ask-store.ts'
import type { Gate } from '../dispatch-batch.ts'
import {
  type ClaimedRow,
  type FactRow,
  insertDecisions,
  savePolicyVersion,
} from '../dispatch-store.ts'
import { makeLeaf } from '../model/decide-attempt.ts'
import { type Caller, findCaller, insertCall, updateCall } from './call-store.ts'
import { type JudgedCall, judgeCall } from './judge-call.ts'

export type CallGiven = {
  readonly caseId: string
  readonly contactPointId: string
  /** The agent who calls: the gate asks for the certificate. */
  readonly agentId: string
  /** What the agent reads from. */
  readonly script: string
  readonly at: Instant
}
export type CallRefusal = {
  readonly code: 'resource.not_found' | 'case.not_open' | 'contact.no_point' | 'contact.no_agent'
  readonly field: string
  readonly detail: string
}
export type StartedCall = {
  readonly borrowerId: string
  readonly attemptId: string
  readonly verdict: Verdict
}

/**
 * Asks the gate for a call that a person makes now, under the borrower's lock, and keeps the answer as evidence.
 * What is permitted counts in the caps when this commits: nobody dials before it does.
 */
export async function startCall(
  tx: Tx,
  gate: Gate,
  given: CallGiven,
): Promise<Result<StartedCall, CallRefusal>> {
  const planned = await planCall(tx, given)
  if (!planned.ok) return planned
  const { call, caller, partyId } = planned.value
  const judged = await judgeCall(tx, gate, { call, caller, partyId, at: given.at })
  await keepDecision(tx, gate, { call, judged, at: given.at })
  return ok({
    borrowerId: call.borrower_id,
    attemptId: call.attempt_id,
    verdict: judged.verdict,
  })
}

/** What the gate would say to that call at an instant, now or later; nothing is kept and nothing counts. */
export async function askCall(
  db: Database,
  gate: Gate,
  given: CallGiven,
): Promise<Result<Verdict, CallRefusal>> {
  return rolledBack(db, async (tx) => {
    const planned = await planCall(tx, given)
    if (!planned.ok) return planned
    const { verdict } = await judgeCall(tx, gate, { ...planned.value, at: given.at })
    return ok(verdict)
  })
}

type Planned = { call: ClaimedRow; caller: Caller; partyId: string | null }

async function planCall(tx: Tx, given: CallGiven): Promise<Result<Planned, CallRefusal>> {
  const { caseId, contactPointId, agentId, script } = given
  const at = formatInstant(given.at)
  const seen = await findCaseState(tx, caseId)
  if (seen === null) return no('resource.not_found', 'caseId', `there is no case ${caseId}`)
  await lockBorrowers(tx, [seen.borrowerId])
  const found = (await findCaseState(tx, caseId)) ?? seen
  if (found.state !== 'open') return no('case.not_open', 'caseId', `case ${caseId} is closed`)
  const points = await listCasePoints(tx, caseId)
  const point = points.find((each) => isPhone(each) && each.contactPointId === contactPointId)
  if (point === undefined)
    return no('contact.no_point', 'contactPointId', `the case has no phone ${contactPointId}`)
  const caller = await findCaller(tx, agentId)
  if (caller === null)
    return no('contact.no_agent', 'agentId', 'only an agent in work calls: ask an administrator')
  await ensureContactMonths(tx, at)
  const call = await insertCall(tx, { ...point, caseId, script, caller, at })
  return ok({ call, caller, partyId: point.partyId })
}

function isPhone({ kind }: CasePoint): boolean {
  return kind === 'phone'
}

async function keepDecision(
  tx: Tx,
  gate: Gate,
  { call, judged, at }: { call: ClaimedRow; judged: JudgedCall; at: Instant },
): Promise<void> {
  const decidedAt = formatInstant(at)
  const { row, verdict } = judged
  // Without its packs there is nothing to prove an answer by.
  const decisionId = judged.policy === null ? null : row.decision_id
  const permitId = verdict.verdict === 'permit' ? randomUUID() : null
  const reason = verdict.verdict === 'permit' ? null : (verdict.reasons[0]?.rule ?? null)
  if (judged.policy !== null) await keepLeaf(tx, gate, { ...judged, policy: judged.policy, at })
  await updateCall(tx, call, { decisionId, permitId, reason, at: decidedAt })
  const payload = {
    attemptId: call.attempt_id,
    channel: 'call',
    rules: verdict.verdict === 'permit' ? [] : verdict.reasons.map((each) => each.rule),
    until: verdict.verdict === 'defer' ? formatInstant(verdict.until) : null,
    permitId,
  }
  const event = { name: nameOf(verdict), borrowerId: call.borrower_id, payload }
  await gate.reactions.publish(tx, [event], at)
}

function nameOf({
  verdict,
}: Verdict): 'contact.permitted' | 'contact.deferred' | 'contact.refused' {
  if (verdict === 'permit') return 'contact.permitted'
  return verdict === 'defer' ? 'contact.deferred' : 'contact.refused'
}

async function keepLeaf(
  tx: Tx,
  gate: Gate,
  judged: JudgedCall & { policy: Policy; at: Instant },
): Promise<void> {
  const { row, policy } = judged
  const decidedAt = formatInstant(judged.at)
  const decision = { decisionId: row.decision_id, policyHash: policy.hash, decidedAt }
  const { leaf, payload } = makeLeaf(judged, { ...decision, salt: randomUUID() })
  const batchId = await insertBatch(tx, { decidedAt, ...treeOf([leaf]) })
  await insertDecisions(tx, [toDecision(judged, { leaf, payload, gate })], {
    ...{ batchId, decidedAt, decidedOn: decidedAt.slice(0, 10) },
  })
  await savePolicyVersion(tx, {
    hash: policy.hash,
    packs: policy.packs.map((pack) => pack.id),
    document: JSON.stringify(policy.packs),
    at: decidedAt,
  })
}

function toDecision(
  { row, policy, verdict }: { row: FactRow; policy: Policy; verdict: Verdict },
  { leaf, payload, gate }: { leaf: string; payload: string; gate: Gate },
) {
  const key = gate.sealer.payloadKey(required(row.key_salt, 'payload key of the borrower'))
  return {
    borrowerId: row.borrower_id,
    decisionId: row.decision_id,
    attemptId: row.attempt_id,
    caseId: row.case_id,
    verdict: verdict.verdict,
    rules: ruleIds(verdict),
    untilAt: verdict.verdict === 'defer' ? formatInstant(verdict.until) : null,
    policyHash: policy.hash,
    leaf,
    payload: sealWithKey(key, payload),
  }
}

function no(code: CallRefusal['code'], field: string, detail: string): Result<never, CallRefusal> {
  return refused({ code, field, detail })
}
