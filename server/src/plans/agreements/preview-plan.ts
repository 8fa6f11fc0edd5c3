import { type EpochDay, epochDay } from '@dunlin/kernel'
import type { LedgerEvent } from '../../loanbook/index.ts'
import { type CaseLedger, type CaseNumbers, foldCase } from '../ledgers.ts'
import { lesser } from '../model/amounts.ts'
import { draftEffects, type EffectDraft, effectsInForce, toEvent } from './plan-effects.ts'
import type { ProposedTerms } from './plan-terms.ts'
import { linesInScope, readDebt } from './scope.ts'

export type PlanPreview = {
  readonly effect: 'none' | 'pause' | 'amend'
  readonly now: CaseNumbers & { readonly asOf: EpochDay }
  readonly accepted: CaseNumbers & { readonly asOf: EpochDay }
  readonly kept: CaseNumbers & { readonly asOf: EpochDay }
  readonly drafts: readonly EffectDraft[]
}

/**
 * The case's numbers as they are, right after acceptance, and when every part was paid on its day: the same
 * fold as the ledger's own, over the events that the plan would record. Nothing is written.
 */
export function previewPlan(
  ledgers: readonly CaseLedger[],
  given: { terms: ProposedTerms; graceDays: number; today: EpochDay },
): PlanPreview {
  const { terms, today } = given
  const drafts = draftEffects(ledgers, { ...given, startOn: today })
  const last = terms.parts.at(-1)?.dueOn ?? today
  const accepted = effectsInForce(drafts, { state: 'active' }, terms.parts)
  const kept = effectsInForce(drafts, { state: 'kept', on: last }, terms.parts)
  const paid = payParts(ledgers, given)
  const numbers = (more: readonly LoanEvent[], asOf: EpochDay) => ({
    ...foldCase(withEvents(ledgers, more), asOf),
    asOf,
  })
  return {
    effect: effectOf(drafts),
    now: numbers([], today),
    accepted: numbers(accepted.map(asEvent), today),
    kept: numbers([...kept.map(asEvent), ...paid], last),
    drafts,
  }
}

export function effectOf(drafts: readonly EffectDraft[]): PlanPreview['effect'] {
  const kinds = new Set(drafts.map(({ event }) => event.kind))
  if (kinds.has('due-moved')) return 'amend'
  return kinds.has('paused') ? 'pause' : 'none'
}

type LoanEvent = { readonly loanId: string; readonly event: LedgerEvent }

function asEvent(draft: EffectDraft, index: number): LoanEvent {
  return { loanId: draft.loanId, event: toEvent(draft, `preview-${index}`, null) }
}

/** Every part paid on its day, to the loan whose lines come first, as far as it owes. */
function payParts(
  ledgers: readonly CaseLedger[],
  { terms, today }: { terms: ProposedTerms; today: EpochDay },
): LoanEvent[] {
  const lines = linesInScope(readDebt(ledgers, today), terms.scope)
  const open = [...new Set(lines.map(({ loanId }) => loanId))].map((loanId) => ({
    loanId,
    leftMinor: lines
      .filter((line) => line.loanId === loanId)
      .reduce((sum, { outstandingMinor }) => sum + outstandingMinor, 0n),
  }))
  return terms.parts.flatMap(({ dueOn, amountMinor }, index) => {
    let left = amountMinor
    return open.flatMap((loan, place): LoanEvent[] => {
      const isLast = place === open.length - 1
      const amount = isLast ? left : lesser(left, loan.leftMinor)
      left -= amount
      loan.leftMinor -= amount
      if (amount === 0n) return []
      const id = `preview-paid-${index}-${place}`
      const effectiveOn = epochDay(dueOn)
      const event = {
        kind: 'paid' as const,
        id,
        effectiveOn,
        recordedAt: null,
        amountMinor: amount,
      }
      return [{ loanId: loan.loanId, event }]
    })
  })
}

function withEvents(ledgers: readonly CaseLedger[], more: readonly LoanEvent[]): CaseLedger[] {
  return ledgers.map((ledger) => ({
    ...ledger,
    events: [
      ...ledger.events,
      ...more.filter(({ loanId }) => loanId === ledger.loanId).map(({ event }) => event),
    ],
  }))
}
