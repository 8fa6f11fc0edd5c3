import { type ByComponent, COMPONENTS, type Component } from './ledger-event.ts'

/** A due part of what is owed: an instalment, a standalone charge, or what a snapshot brought. */
export type Line = {
  readonly kind: 'instalment' | 'charge' | 'undated'
  /** Instalments: their number, 0 for the amount a snapshot brought forward. */
  readonly seq: number
  /** Charges: the event's id. */
  readonly id: string
  /** Day number; Infinity for the undated remainder. */
  dueOn: number
  readonly charged: ByComponent
  readonly outstanding: ByComponent
  readonly waived: ByComponent
  readonly paid: ByComponent
  /** The fee of the schedule, apart from fees added later. */
  scheduledFee: bigint
  /** Sum of `outstanding`. */
  open: bigint
  paidMinor: bigint
  paidInAdvanceMinor: bigint
  paidLateMinor: bigint
  clearedOn: number | null
}

export function newLine(
  kind: Line['kind'],
  name: { seq: number; id: string },
  dueOn: number,
): Line {
  return {
    kind,
    seq: name.seq,
    id: name.id,
    dueOn,
    charged: [0n, 0n, 0n, 0n],
    outstanding: [0n, 0n, 0n, 0n],
    waived: [0n, 0n, 0n, 0n],
    paid: [0n, 0n, 0n, 0n],
    scheduledFee: 0n,
    open: 0n,
    paidMinor: 0n,
    paidInAdvanceMinor: 0n,
    paidLateMinor: 0n,
    clearedOn: null,
  }
}

const INDEX: Readonly<Record<Component, ComponentIndex>> = {
  fee: 0,
  penalty: 1,
  interest: 2,
  principal: 3,
}

export type ComponentIndex = 0 | 1 | 2 | 3

export function componentIndex(component: Component): ComponentIndex {
  return INDEX[component]
}

export const ALL_COMPONENTS: readonly ComponentIndex[] = COMPONENTS.map(componentIndex)

/** Due date; instalments before charges; seq; charge id. The undated remainder is last. */
export function compareLines(a: Line, b: Line): number {
  if (a.dueOn !== b.dueOn) return a.dueOn < b.dueOn ? -1 : 1
  if (a.kind !== b.kind) return KIND_ORDER[a.kind] - KIND_ORDER[b.kind]
  if (a.seq !== b.seq) return a.seq - b.seq
  return a.id < b.id ? -1 : Number(a.id > b.id)
}

const KIND_ORDER: Readonly<Record<Line['kind'], number>> = { instalment: 0, charge: 1, undated: 2 }

/** Adds to what is charged; the outstanding grows by as much. */
export function charge(line: Line, component: ComponentIndex, amount: bigint): void {
  line.charged[component] += amount
  line.outstanding[component] += amount
  line.open += amount
}

/** Takes up to `amount` off what is outstanding of one component; what it took. */
export function pay(
  line: Line,
  component: ComponentIndex,
  money: { amount: bigint; on: number },
): bigint {
  const taken = least(line.outstanding[component], money.amount)
  if (taken === 0n) return 0n
  line.outstanding[component] -= taken
  line.open -= taken
  line.paid[component] += taken
  line.paidMinor += taken
  if (money.on < line.dueOn) line.paidInAdvanceMinor += taken
  else if (money.on > line.dueOn) line.paidLateMinor += taken
  return taken
}

/** Forgives up to `amount` of what is outstanding of one component; what it forgave. */
export function waive(line: Line, component: ComponentIndex, amount: bigint): bigint {
  const taken = least(line.outstanding[component], amount)
  line.outstanding[component] -= taken
  line.open -= taken
  line.waived[component] += taken
  return taken
}

/**
 * Sets what one component is charged. Where less is charged than was waived and paid, the surplus
 * is first taken back from what was paid, then from what was waived.
 */
export function recharge(
  line: Line,
  component: ComponentIndex,
  charged: bigint,
): { paidBack: bigint; unwaived: bigint } {
  const settled = line.paid[component] + line.waived[component]
  const surplus = settled > charged ? settled - charged : 0n
  const paidBack = least(line.paid[component], surplus)
  const unwaived = surplus - paidBack
  line.paid[component] -= paidBack
  line.waived[component] -= unwaived
  takeBack(line, paidBack)
  const outstanding = charged - line.paid[component] - line.waived[component]
  line.open += outstanding - line.outstanding[component]
  line.charged[component] = charged
  line.outstanding[component] = outstanding
  return { paidBack, unwaived }
}

export function isCharged(line: Line): boolean {
  const [fee, penalty, interest, principal] = line.charged
  return fee > 0n || penalty > 0n || interest > 0n || principal > 0n
}

/** Money taken back leaves first the advance, then the timely, then the late part. */
function takeBack(line: Line, amount: bigint): void {
  const advance = least(line.paidInAdvanceMinor, amount)
  const timely = least(
    line.paidMinor - line.paidInAdvanceMinor - line.paidLateMinor,
    amount - advance,
  )
  line.paidMinor -= amount
  line.paidInAdvanceMinor -= advance
  line.paidLateMinor -= amount - advance - timely
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
