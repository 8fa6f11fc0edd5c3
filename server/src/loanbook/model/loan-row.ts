import { addDays, type EpochDay, epochDay } from '@dunlin/kernel'
import { foldLoan } from './fold-loan.ts'
import type { ByComponent, LedgerEvent } from './ledger-event.ts'
import type { LineState, LoanState, LoanStatus } from './loan-state.ts'
import { daysPastDue } from './loan-state.ts'
import { orderEvents } from './order-events.ts'
import { applyPause, type Pause } from './pauses.ts'
import type { ProductOptions } from './product-options.ts'

/**
 * What a loan stores of its fold: right for every day from `foldedOn` until `nextChangeOn`.
 * DPD on such a day D is `heldDpd`, or else max(0, D − agesFromOn); 0 when neither is set.
 */
export type LoanRow = {
  readonly foldedOn: EpochDay
  /** The first day on which the numbers may change without a new event; null when none will. */
  readonly nextChangeOn: EpochDay | null
  readonly status: LoanStatus
  readonly oldestUnpaidDueOn: EpochDay | null
  readonly agesFromOn: EpochDay | null
  readonly heldDpd: number | null
  readonly arrears: ByComponent
  readonly outstandingMinor: bigint
  readonly creditMinor: bigint
  readonly nextDueOn: EpochDay | null
  readonly nextDueMinor: bigint
  readonly instalments: readonly LineState[]
}

/** Folds a loan at a day and tells what to store (ledger.md section 7, last paragraph). */
export function ageLoan(
  product: ProductOptions,
  events: readonly LedgerEvent[],
  asOf: EpochDay,
): LoanRow {
  const state = foldLoan({ product, events, asOf })
  const pauses = readPauses(events, asOf)
  const ageing = ageingOf(product, state, { asOf, pauses })
  const changes = [
    ...ageing.changes,
    ...futureDueDays(state, asOf),
    ...futureEventDays(events, asOf),
  ]
  return {
    foldedOn: asOf,
    nextChangeOn: changes.length === 0 ? null : epochDay(Math.min(...changes)),
    status: state.status,
    oldestUnpaidDueOn: state.oldestUnpaidDueOn,
    agesFromOn: ageing.agesFromOn,
    heldDpd: ageing.heldDpd,
    arrears: state.arrears,
    outstandingMinor: state.outstandingMinor,
    creditMinor: state.creditMinor,
    nextDueOn: state.nextDueOn,
    nextDueMinor: state.nextDueMinor,
    instalments: state.lines.filter((line) => line.kind === 'instalment' && line.seq > 0),
  }
}

/** DPD on a day, from what is stored. */
export function dpdOn(
  stored: { readonly agesFromOn: EpochDay | null; readonly heldDpd: number | null },
  day: EpochDay,
): number {
  if (stored.heldDpd !== null) return stored.heldDpd
  return stored.agesFromOn === null ? 0 : Math.max(0, day - stored.agesFromOn)
}

type Ageing = {
  readonly agesFromOn: EpochDay | null
  readonly heldDpd: number | null
  readonly changes: readonly number[]
}

function ageingOf(
  product: ProductOptions,
  state: LoanState,
  { asOf, pauses }: { asOf: EpochDay; pauses: readonly Pause[] },
): Ageing {
  const oldest = state.oldestUnpaidDueOn
  if (oldest === null) return { agesFromOn: null, heldDpd: null, changes: [] }
  const running = pauses.filter((pause) => pause.start <= asOf && asOf < pause.end)
  if (running.length > 0) {
    const ends = running.map((pause) => pause.end).filter((end) => Number.isFinite(end))
    return { agesFromOn: null, heldDpd: state.dpd, changes: ends }
  }
  const from = oldest + state.pausedDays
  if (product.graceMode === 'subtract') {
    return { agesFromOn: epochDay(from + product.graceDays), heldDpd: null, changes: [] }
  }
  const isOverGrace = daysPastDue(product, asOf - from) > 0
  if (isOverGrace) return { agesFromOn: epochDay(from), heldDpd: null, changes: [] }
  return { agesFromOn: null, heldDpd: 0, changes: [from + product.graceDays + 1] }
}

function readPauses(events: readonly LedgerEvent[], asOf: EpochDay): Pause[] {
  const pauses: Pause[] = []
  for (const event of orderEvents(events, asOf, null).events) {
    if (event.kind === 'paused' || event.kind === 'resumed') applyPause(pauses, event)
  }
  return pauses
}

/** Arrears grow the day after a due date; held credit meets the due date itself. */
function futureDueDays(state: LoanState, asOf: EpochDay): number[] {
  return state.lines.flatMap(({ dueOn, outstandingMinor }) => {
    if (dueOn === null || outstandingMinor === 0n || dueOn < asOf) return []
    return state.creditMinor > 0n && dueOn > asOf ? [dueOn] : [addDays(dueOn, 1)]
  })
}

function futureEventDays(events: readonly LedgerEvent[], asOf: EpochDay): number[] {
  return events.flatMap(({ effectiveOn }) =>
    effectiveOn !== null && effectiveOn > asOf ? [effectiveOn] : [],
  )
}

/** Whether two events with one id say the same; when they became known is not part of what they say. */
export function isSameEvent(a: LedgerEvent, b: LedgerEvent): boolean {
  const content = (event: LedgerEvent) =>
    JSON.stringify(
      Object.entries({ ...event, recordedAt: null }).sort(([x], [y]) => (x < y ? -1 : 1)),
      (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
    )
  return content(a) === content(b)
}
