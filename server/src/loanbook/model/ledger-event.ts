import type { EpochDay, Instant } from '@dunlin/kernel'

/** The four parts of what is owed, in the default order of payment. */
export const COMPONENTS = ['fee', 'penalty', 'interest', 'principal'] as const
export type Component = (typeof COMPONENTS)[number]
/** Amounts by component, in the order of COMPONENTS. */
export type ByComponent = [fee: bigint, penalty: bigint, interest: bigint, principal: bigint]

type Common = {
  /** Unique in the loan, ASCII. */
  readonly id: string
  /** The day it takes effect. */
  readonly effectiveOn: EpochDay
  /** When it became known; null when it always was. */
  readonly recordedAt: Instant | null
}

export type Disbursed = Common & { readonly kind: 'disbursed'; readonly amountMinor: bigint }
export type Paid = Common & { readonly kind: 'paid'; readonly amountMinor: bigint }
/** Without an effective day it is in force from the beginning. A later one with the same seq amends it. */
export type Scheduled = Omit<Common, 'effectiveOn'> & {
  readonly kind: 'scheduled'
  readonly effectiveOn: EpochDay | null
  readonly seq: number
  readonly dueOn: EpochDay
  readonly principalMinor: bigint
  readonly interestMinor: bigint
  readonly feeMinor: bigint
}
export type DueMoved = Common & {
  readonly kind: 'due-moved'
  readonly seq: number
  readonly toOn: EpochDay
}
export type Charged = Common & {
  readonly kind: 'fee' | 'penalty'
  readonly amountMinor: bigint
  readonly seq: number | null
  readonly dueOn: EpochDay | null
}
export type Waived = Common & {
  readonly kind: 'waived'
  readonly amountMinor: bigint
  readonly component: Component | null
  readonly seq: number | null
}
export type Reversed = Common & { readonly kind: 'reversed'; readonly reverses: string }
export type Paused = Common & { readonly kind: 'paused'; readonly untilOn: EpochDay | null }
export type Resumed = Common & { readonly kind: 'resumed' }
export type WrittenOff = Common & { readonly kind: 'written-off' }
/** What the lender says is owed at the close of its effective day. */
export type Snapshot = Common & {
  readonly kind: 'snapshot'
  readonly principalOutstandingMinor: bigint
  readonly overdue: ByComponent
  readonly oldestUnpaidDueOn: EpochDay | null
  readonly creditMinor: bigint
}

/** What happened to a loan. All amounts are whole minor units of the loan's one currency. */
export type LedgerEvent =
  | Disbursed
  | Scheduled
  | DueMoved
  | Charged
  | Waived
  | Paid
  | Reversed
  | Paused
  | Resumed
  | WrittenOff
  | Snapshot
