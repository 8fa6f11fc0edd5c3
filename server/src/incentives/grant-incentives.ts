import type { Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { DomainEvent, HeardEvent, Reactions } from '../platform/events/index.ts'
import { findGrantOf, type Grant, insertGrant, updateGrant } from './grant-store.ts'
import { type GrantNews, nextState } from './model/grant-state.ts'
import { listRulesFor, lockBudget, lockRule } from './rule-store.ts'

type Told = { readonly borrowerId: string; readonly promiseId: string }

/**
 * What a kept promise earns, in the transaction that found it kept, whose borrower is locked: at most one
 * grant for a promise, never beyond a budget. A promise that is not kept any more loses it.
 */
export function reactToPromises(reactions: Reactions): void {
  reactions.on('promise.kept', (tx, events, at) => grantKept(tx, { events, reactions, at }))
  for (const name of ['promise.broken', 'promise.part-kept', 'promise.reopened'] as const) {
    reactions.on(name, async (tx, events, at) => {
      for (const told of events.map(toTold))
        await changeGrant(tx, told, { news: 'promise-lost', reactions, at })
    })
  }
}

function toTold({ borrowerId, payload }: HeardEvent): Told {
  return { borrowerId, promiseId: String(payload.promiseId) }
}

async function grantKept(
  tx: Tx,
  { events, reactions, at }: { events: readonly HeardEvent[]; reactions: Reactions; at: Instant },
): Promise<void> {
  const kept = []
  for (const told of events.map(toTold)) kept.push({ told, rules: await listRulesFor(tx, told) })
  // Rules are locked in the order of their ids: two transactions never wait for each other.
  const ids = new Set(kept.flatMap(({ rules }) => rules.map(({ ruleId }) => ruleId)))
  for (const ruleId of [...ids].sort((a, b) => Number(a) - Number(b))) await lockRule(tx, ruleId)
  for (const { told, rules } of kept) {
    const grant = await findGrantOf(tx, told)
    if (grant !== null) await regrant(tx, told, { grant, reactions, at })
    else await grantFirst(tx, told, { rules, reactions, at })
  }
}

/** The best rule whose budget still holds one; none when all are spent. */
async function grantFirst(
  tx: Tx,
  told: Told,
  {
    rules,
    reactions,
    at,
  }: { rules: Awaited<ReturnType<typeof listRulesFor>>; reactions: Reactions; at: Instant },
): Promise<void> {
  for (const { ruleId, kind, caseId } of rules) {
    const { amountMinor, leftMinor, currency } = await lockBudget(tx, ruleId)
    if (leftMinor < amountMinor) continue
    const grant = { ...told, ruleId, kind, caseId, currency, amountMinor }
    const grantId = await insertGrant(tx, grant, at)
    if (grantId === null) return
    const payload = { grantId, ruleId, promiseId: told.promiseId, state: 'granted' }
    const { borrowerId } = told
    await reactions.publish(tx, [{ name: 'incentive.changed', borrowerId, payload }], at)
    return
  }
}

/** Kept after all: what was withdrawn needs its place in the budget again. */
async function regrant(
  tx: Tx,
  told: Told,
  { grant, reactions, at }: { grant: Grant; reactions: Reactions; at: Instant },
): Promise<void> {
  if (grant.state === 'withdrawn') {
    const { leftMinor } = await lockBudget(tx, grant.ruleId)
    if (leftMinor < grant.amountMinor) return
  }
  await changeGrant(tx, told, { news: 'promise-kept', reactions, at })
}

async function changeGrant(
  tx: Tx,
  told: Told,
  { news, reactions, at }: { news: GrantNews; reactions: Reactions; at: Instant },
): Promise<void> {
  const grant = await findGrantOf(tx, told)
  if (grant === null) return
  const state = nextState(grant.state, news, grant)
  if (state === grant.state) return
  // Granted anew it takes a new number: the old one has ended.
  const fresh = state === 'granted' ? { outBillNo: null, packageInfo: null } : {}
  await updateGrant(tx, grant, { change: { state, failure: null, ...fresh }, at })
  await reactions.publish(tx, [changed(grant, state)], at)
}

/** The event that tells of a grant's new state. */
export function changed(grant: Grant, state: Grant['state']): DomainEvent {
  const { borrowerId, grantId, ruleId, promiseId } = grant
  const payload = { grantId, ruleId, promiseId, state }
  return { name: 'incentive.changed', borrowerId, payload }
}
