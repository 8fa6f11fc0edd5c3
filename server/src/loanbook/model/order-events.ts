import type { Instant } from '@dunlin/kernel'
import type { LedgerEvent } from './ledger-event.ts'

export type OrderedEvents = {
  /** The events that count, in the order in which they are folded. */
  readonly events: readonly LedgerEvent[]
  /** Reversals that had nothing to reverse. */
  readonly unmatched: readonly string[]
}

/** Events in force from the beginning stand before every date. */
export function effectiveDay(event: LedgerEvent): number {
  return event.effectiveOn ?? Number.NEGATIVE_INFINITY
}

/** Which events count on a day, and in what order (ledger.md section 2). */
export function orderEvents(
  events: readonly LedgerEvent[],
  asOf: number,
  knownAt: Instant | null,
): OrderedEvents {
  const known = knownEvents(events, knownAt)
  const { gone, unmatched } = matchReversals(known, asOf)
  const counting: LedgerEvent[] = []
  for (const event of known.values()) {
    if (event.kind !== 'reversed' && effectiveDay(event) <= asOf && !gone.has(event.id)) {
      counting.push(event)
    }
  }
  return { events: counting.sort(compareEvents), unmatched }
}

/** What was known by then, each id once. */
function knownEvents(
  events: readonly LedgerEvent[],
  knownAt: Instant | null,
): Map<string, LedgerEvent> {
  const known = new Map<string, LedgerEvent>()
  for (const event of events) {
    if (knownAt !== null && event.recordedAt !== null && event.recordedAt > knownAt) continue
    if (!known.has(event.id)) known.set(event.id, event)
  }
  return known
}

function matchReversals(
  known: ReadonlyMap<string, LedgerEvent>,
  asOf: number,
): { gone: Set<string>; unmatched: string[] } {
  const gone = new Set<string>()
  const unmatched: string[] = []
  for (const event of known.values()) {
    if (event.kind !== 'reversed' || event.effectiveOn > asOf) continue
    const target = known.get(event.reverses)
    if (target === undefined || target.kind === 'reversed') unmatched.push(event.id)
    else gone.add(event.reverses)
  }
  return { gone, unmatched }
}

function compareEvents(a: LedgerEvent, b: LedgerEvent): number {
  const days = effectiveDay(a) - effectiveDay(b)
  if (days !== 0 && !Number.isNaN(days)) return days
  const ranks = rank(a) - rank(b)
  if (ranks !== 0) return ranks
  const known =
    (a.recordedAt ?? Number.NEGATIVE_INFINITY) - (b.recordedAt ?? Number.NEGATIVE_INFINITY)
  if (known !== 0 && !Number.isNaN(known)) return known
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

const RANKS: Readonly<Record<LedgerEvent['kind'], number>> = {
  disbursed: 0,
  scheduled: 1,
  'due-moved': 2,
  fee: 3,
  penalty: 3,
  waived: 4,
  paid: 8,
  'written-off': 9,
  paused: 10,
  resumed: 10,
  snapshot: 11,
  reversed: 12,
}

/** A day's charges and waivers come before its payments, the narrowest waiver first. */
function rank(event: LedgerEvent): number {
  if (event.kind !== 'waived') return RANKS[event.kind]
  if (event.seq !== null) return event.component !== null ? 4 : 5
  return event.component !== null ? 6 : 7
}
