import { addDays, type EpochDay, formatLocalDate, type Instant, required } from '@dunlin/kernel'
import { COMPONENTS, type LedgerEvent, parseLedgerEvent } from '../../loanbook/index.ts'
import type { CaseLedger } from '../ledgers.ts'
import { lesser } from '../model/amounts.ts'
import type { PlanPart } from '../model/plan-parts.ts'
import type { ProposedTerms } from './plan-terms.ts'
import { linesInScope, readDebt, type ScopeLine } from './scope.ts'

// How a plan acts on the ledger (rulings 17): drafts of events, computed once at acceptance. Pure.

/** A ledger event to be, as JSON: it is stored with the plan. */
export type EffectDraft = {
  readonly loanId: string
  /** `accepted`: from acceptance on; `kept`: once the plan is kept. */
  readonly when: 'accepted' | 'kept'
  /** Of a plan's interest: the part that it belongs to. */
  readonly partSeq: number | null
  readonly event: {
    readonly kind: 'paused' | 'due-moved' | 'fee' | 'waived'
    readonly effectiveOn: string
    readonly untilOn?: string
    readonly seq?: number
    readonly toOn?: string
    readonly dueOn?: string
    readonly amountMinor?: number
    readonly component?: string
  }
}

export type EffectsGiven = {
  readonly terms: Pick<ProposedTerms, 'scope' | 'parts' | 'waived'>
  readonly graceDays: number
  readonly startOn: EpochDay
}

/** All that a plan will ever do to the ledgers of its case, each loan by its own product's option. */
export function draftEffects(ledgers: readonly CaseLedger[], given: EffectsGiven): EffectDraft[] {
  const { terms, startOn } = given
  const lines = linesInScope(readDebt(ledgers, startOn), terms.scope)
  return [
    ...draftInterest(lines, given),
    ...ledgers.flatMap((ledger) => draftAgeing(ledger, lines, given)),
    ...draftWaivers(lines, given),
  ]
}

/** The plan's interest: one charge a part, due with it, on the loan that is paid first. */
function draftInterest(
  lines: readonly ScopeLine[],
  { terms, startOn }: EffectsGiven,
): EffectDraft[] {
  const [first] = lines
  if (first === undefined) return []
  return terms.parts.flatMap(({ interestMinor, dueOn }, index): EffectDraft[] => {
    if (interestMinor === 0n) return []
    const event = {
      kind: 'fee' as const,
      effectiveOn: formatLocalDate(startOn),
      dueOn: formatLocalDate(dueOn),
      amountMinor: Number(interestMinor),
    }
    return [{ loanId: first.loanId, when: 'accepted', partSeq: index + 1, event }]
  })
}

function draftAgeing(
  { loanId, product }: CaseLedger,
  lines: readonly ScopeLine[],
  given: EffectsGiven,
): EffectDraft[] {
  const own = lines.filter((line) => line.loanId === loanId)
  if (own.length === 0 || product.planEffect === 'none') return []
  const moves = product.planEffect === 'amend' ? draftMoves(loanId, lines, given) : []
  const isMovable = (line: ScopeLine): boolean => line.kind === 'instalment' && line.seq > 0
  // What has no instalment of its own cannot be moved: days past due stand still for it instead.
  const isPaused =
    product.planEffect === 'pause' || !own.every((line) => isMovable(line) || line.dueOn === null)
  return isPaused ? [...moves, draftPause(loanId, given)] : moves
}

function draftPause(loanId: string, { terms, graceDays, startOn }: EffectsGiven): EffectDraft {
  const last = required(terms.parts.at(-1), 'a last part')
  const event = {
    kind: 'paused' as const,
    effectiveOn: formatLocalDate(startOn),
    untilOn: formatLocalDate(addDays(last.dueOn, graceDays)),
  }
  return { loanId, when: 'accepted', partSeq: null, event }
}

/** Each instalment is due with the part that pays the last of it; none becomes due earlier than it was. */
function draftMoves(
  loanId: string,
  lines: readonly ScopeLine[],
  { terms, startOn }: EffectsGiven,
): EffectDraft[] {
  let reached = 0n
  return lines.flatMap((line): EffectDraft[] => {
    reached += line.outstandingMinor
    const part = partThatReaches(terms.parts, reached)
    if (line.loanId !== loanId || line.kind !== 'instalment' || line.seq === 0) return []
    if (line.dueOn === null || part === undefined || part.dueOn <= line.dueOn) return []
    const event = {
      kind: 'due-moved' as const,
      effectiveOn: formatLocalDate(startOn),
      seq: line.seq,
      toOn: formatLocalDate(part.dueOn),
    }
    return [{ loanId, when: 'accepted', partSeq: null, event }]
  })
}

/** The part by which so much of the debt is paid; what is forgiven is reached with the last. */
function partThatReaches(parts: readonly PlanPart[], amount: bigint): PlanPart | undefined {
  let paid = 0n
  return (
    parts.find(({ amountMinor, interestMinor }) => {
      paid += amountMinor - interestMinor
      return paid >= amount
    }) ?? parts.at(-1)
  )
}

/** What a kept settlement forgives, on the loans in their order; it counts from acceptance on. */
function draftWaivers(
  lines: readonly ScopeLine[],
  { terms, startOn }: EffectsGiven,
): EffectDraft[] {
  const loans = [...new Set(lines.map(({ loanId }) => loanId))]
  return COMPONENTS.flatMap((component, place) => {
    let left = terms.waived[place] ?? 0n
    return loans.flatMap((loanId): EffectDraft[] => {
      const owed = lines
        .filter((line) => line.loanId === loanId)
        .reduce((sum, { outstanding }) => sum + (outstanding[place] ?? 0n), 0n)
      const amount = lesser(owed, left)
      left -= amount
      if (amount === 0n) return []
      const event = {
        kind: 'waived' as const,
        effectiveOn: formatLocalDate(startOn),
        amountMinor: Number(amount),
        component,
      }
      return [{ loanId, when: 'kept', partSeq: null, event }]
    })
  })
}

export type PlanMoment =
  | { readonly state: 'active' }
  | { readonly state: 'broken' }
  | { readonly state: 'kept' | 'cancelled'; readonly on: EpochDay }

/**
 * The drafts that are in force in a state. Breaking takes all of them back. What is kept ends its pause and
 * drops interest of periods that had not begun; what is cancelled keeps only the pause until that day.
 */
export function effectsInForce(
  drafts: readonly EffectDraft[],
  moment: PlanMoment,
  parts: readonly PlanPart[],
): EffectDraft[] {
  if (moment.state === 'broken') return []
  if (moment.state === 'active') return drafts.filter(({ when }) => when === 'accepted')
  const { on } = moment
  const paused = drafts.flatMap((draft) => cutPause(draft, on))
  if (moment.state === 'cancelled') return paused
  return drafts.flatMap((draft) => {
    if (draft.event.kind === 'paused') return cutPause(draft, on)
    return draft.partSeq === null || isBegun(parts, draft.partSeq, on) ? [draft] : []
  })
}

function cutPause(draft: EffectDraft, on: EpochDay): EffectDraft[] {
  const { kind, effectiveOn, untilOn } = draft.event
  if (kind !== 'paused' || untilOn === undefined) return []
  const day = formatLocalDate(on)
  if (day <= effectiveOn) return []
  if (untilOn <= day) return [draft]
  return [{ ...draft, event: { ...draft.event, untilOn: day } }]
}

/** Whether the period of a part had begun before a day: the first has, the others after the part before. */
function isBegun(parts: readonly PlanPart[], seq: number, on: EpochDay): boolean {
  const before = parts[seq - 2]
  return before === undefined || before.dueOn < on
}

/** Prefix of every event that a plan records, so that a promise is never kept by one. */
const PREFIX = 'dunlin-plan-'

export function effectEventNo(planId: string, number: number): string {
  return `${PREFIX}${planId}-${number}`
}

/** The ledgers as they are without what plans did to them. */
export function withoutPlans(ledgers: readonly CaseLedger[]): CaseLedger[] {
  return ledgers.map((ledger) => ({
    ...ledger,
    events: ledger.events.filter(
      (event) =>
        !event.id.startsWith(PREFIX) &&
        !(event.kind === 'reversed' && event.reverses.startsWith(PREFIX)),
    ),
  }))
}

/** A draft as the event it becomes. */
export function toEvent(draft: EffectDraft, id: string, at: Instant | null): LedgerEvent {
  const parsed = parseLedgerEvent({ ...draft.event, id })
  if (!parsed.ok) throw new Error(`plan effect: ${parsed.refusal.field} ${parsed.refusal.detail}`)
  return { ...parsed.value, recordedAt: at }
}
