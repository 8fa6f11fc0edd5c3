import { addDays, type EpochDay, epochDay, instant } from '@dunlin/kernel'
import fc from 'fast-check'
import type { LedgerEvent } from './ledger-event.ts'

// Random loans for properties: a short schedule with everything that can happen to it.

export const START: EpochDay = epochDay(20_000)

type Draft = { kind: number; on: number; amount: number; seq: number; known: number }

/** Events with ids e0, e1, … in random order of arrival. */
export function anEventList(): fc.Arbitrary<LedgerEvent[]> {
  const draft = fc.record({
    kind: fc.integer({ min: 0, max: 11 }),
    on: fc.integer({ min: 0, max: 90 }),
    amount: fc.integer({ min: 1, max: 400 }),
    seq: fc.integer({ min: 1, max: 4 }),
    known: fc.integer({ min: 0, max: 100 }),
  })
  return fc.array(draft, { minLength: 1, maxLength: 14 }).map((drafts) => drafts.map(toEvent))
}

function toEvent({ kind, on, amount, seq, known }: Draft, index: number): LedgerEvent {
  const common = {
    id: `e${index}`,
    effectiveOn: addDays(START, on),
    recordedAt: instant((START + known) * 86_400_000),
  }
  const amountMinor = BigInt(amount)
  const later = addDays(START, on + (amount % 30))
  switch (kind) {
    case 0:
    case 1:
      return scheduled(
        { ...common, effectiveOn: kind === 0 ? null : common.effectiveOn },
        seq,
        later,
      )
    case 2:
      return { ...common, kind: 'due-moved', seq, toOn: later }
    case 3:
      return {
        ...common,
        kind: 'fee',
        amountMinor,
        seq: amount % 2 === 0 ? seq : null,
        dueOn: null,
      }
    case 4:
      return { ...common, kind: 'penalty', amountMinor, seq: null, dueOn: later }
    case 5:
      return {
        ...common,
        kind: 'waived',
        amountMinor,
        component: null,
        seq: amount % 2 === 0 ? seq : null,
      }
    case 6:
    case 7:
      return { ...common, kind: 'paid', amountMinor }
    case 8:
      return { ...common, kind: 'reversed', reverses: `e${amount % 14}` }
    case 9:
      return { ...common, kind: 'paused', untilOn: amount % 3 === 0 ? null : later }
    case 10:
      return { ...common, kind: 'resumed' }
    default:
      return { ...common, kind: 'written-off' }
  }
}

function scheduled(
  common: { id: string; effectiveOn: EpochDay | null; recordedAt: LedgerEvent['recordedAt'] },
  seq: number,
  dueOn: EpochDay,
): LedgerEvent {
  return {
    ...common,
    kind: 'scheduled',
    seq,
    dueOn,
    principalMinor: 100n,
    interestMinor: 10n,
    feeMinor: BigInt(seq),
  }
}
