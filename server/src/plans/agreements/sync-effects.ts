import { formatLocalDate, required } from '@dunlin/kernel'
import { type LedgerEvent, parseLedgerEvent, recordLedgerEvents } from '../../loanbook/index.ts'
import { type CaseLoan, listLoansOf } from '../case-store.ts'
import type { Work } from '../context.ts'
import type { LockedCase } from '../find-case.ts'
import { insertEffect, listEffects, nextEffectNumber, updateUndone } from './plan-change-store.ts'
import {
  type EffectDraft,
  effectEventNo,
  effectsInForce,
  type PlanMoment,
  toEvent,
} from './plan-effects.ts'
import type { StoredPlan } from './plan-store.ts'

type Recorded = {
  readonly draft: EffectDraft | null
  readonly undoes: string | null
  readonly event: LedgerEvent
}

/**
 * Brings the ledger in line with what a plan's state means: records the effects that are missing and the
 * reversals of those that no longer stand. Nothing is ever changed in place.
 */
export async function syncEffects(
  work: Pick<Work, 'tx' | 'reactions' | 'at'>,
  plan: StoredPlan,
  { moment, today }: { moment: PlanMoment; today: LockedCase['today'] },
): Promise<void> {
  const { tx } = work
  const standing = await listEffects(tx, plan)
  const wanted = effectsInForce(plan.effects, moment, plan.parts)
  const isWanted = new Set(wanted.map(keyOf))
  const stands = new Set(standing.map(({ draft }) => keyOf(draft)))
  const loans = new Map((await listLoansOf(tx, plan)).map((loan) => [loan.loanId, loan]))
  const changes: { loanId: string; made: Recorded }[] = []
  for (const { loanId, eventNo, draft } of standing) {
    if (isWanted.has(keyOf(draft))) continue
    const event = await reversalOf(work, plan, { eventNo, on: formatLocalDate(today) })
    changes.push({ loanId, made: { draft: null, undoes: eventNo, event } })
  }
  for (const draft of wanted) {
    if (stands.has(keyOf(draft))) continue
    const number = await nextEffectNumber(tx, plan)
    const event = toEvent(draft, effectEventNo(plan.planId, number), work.at)
    changes.push({ loanId: draft.loanId, made: { draft, undoes: null, event } })
  }
  for (const [loanId, group] of Map.groupBy(changes, (change) => change.loanId))
    await record(work, plan, {
      loan: required(loans.get(loanId), `loan ${loanId} of a plan`),
      made: group.map(({ made }) => made),
    })
}

async function reversalOf(
  { tx, at }: Pick<Work, 'tx' | 'at'>,
  plan: StoredPlan,
  { eventNo, on }: { eventNo: string; on: string },
): Promise<LedgerEvent> {
  const id = effectEventNo(plan.planId, await nextEffectNumber(tx, plan))
  const parsed = parseLedgerEvent({ id, kind: 'reversed', effectiveOn: on, reverses: eventNo })
  if (!parsed.ok) throw new Error(`plan reversal: ${parsed.refusal.detail}`)
  return { ...parsed.value, recordedAt: at }
}

async function record(
  { tx, reactions, at }: Pick<Work, 'tx' | 'reactions' | 'at'>,
  plan: StoredPlan,
  { loan, made }: { loan: CaseLoan; made: readonly Recorded[] },
): Promise<void> {
  const { portfolio, loanNo } = loan
  const events = made.map(({ event }) => event)
  const done = await recordLedgerEvents({
    tx,
    reactions,
    portfolio,
    loanNo,
    events,
    source: 'plan',
    at,
  })
  if (!done.ok) throw new Error(`plan ${plan.planId}: ${done.refusal.detail}`)
  for (const { draft, undoes, event } of made) {
    if (draft !== null) await insertEffect(tx, plan, { eventNo: event.id, draft })
    if (undoes !== null) await updateUndone(tx, plan, { eventNo: undoes, undoneBy: event.id })
  }
}

/** Two drafts are one when they do the same to the same loan. */
function keyOf({ loanId, event }: EffectDraft): string {
  const fields = Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([loanId, fields])
}
