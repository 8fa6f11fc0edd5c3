import { ROLES, type Role, type Solutions } from './solutions.ts'

/** Amounts in the order fee, penalty, interest, principal. */
export type ByComponent = readonly [
  fee: bigint,
  penalty: bigint,
  interest: bigint,
  principal: bigint,
]
export const NOTHING: ByComponent = [0n, 0n, 0n, 0n]

export function sumOf(amounts: ByComponent): bigint {
  return amounts[0] + amounts[1] + amounts[2] + amounts[3]
}

type Limits = Solutions['authority']['limits']

/** The most that a role may forgive of what is owed, at so many days past due; what no limit names is nothing. */
export function mostForgivable(
  limits: Limits,
  { role, dpd, owed }: { role: Role; dpd: number; owed: ByComponent },
): ByComponent {
  const found = limits.find(
    (limit) =>
      limit.role === role && limit.fromDpd <= dpd && (limit.toDpd === null || dpd <= limit.toDpd),
  )
  if (found === undefined) return NOTHING
  const share = (amount: bigint, percent: number): bigint => (amount * BigInt(percent)) / 100n
  return [
    share(owed[0], found.feePercent),
    share(owed[1], found.penaltyPercent),
    share(owed[2], found.interestPercent),
    share(owed[3], found.principalPercent),
  ]
}

/** Whether a role may forgive these amounts. Forgiving nothing is within anybody's limits. */
export function mayForgive(
  limits: Limits,
  given: { role: Role; dpd: number; owed: ByComponent; waived: ByComponent },
): boolean {
  const most = mostForgivable(limits, given)
  return given.waived.every((amount, index) => amount <= (most[index] ?? 0n))
}

/** Whether anybody may: the limits of the highest role that has any. */
export function mayAnybodyForgive(
  limits: Limits,
  given: { dpd: number; owed: ByComponent; waived: ByComponent },
): boolean {
  return ROLES.some((role) => mayForgive(limits, { ...given, role }))
}
