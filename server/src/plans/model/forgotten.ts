import { addDays, type EpochDay } from '@dunlin/kernel'
import type { Solutions } from './solutions.ts'

/** Why something counts as forgotten; each with the day from which it is counted. */
export const FORGOTTEN_REASONS = ['silent', 'matter-late', 'approval-late'] as const
export type ForgottenReason = (typeof FORGOTTEN_REASONS)[number]

type Rules = Pick<Solutions, 'forgottenDays' | 'approvalDays'>
type Today = { readonly today: EpochDay; readonly rules: Rules }

/** What is forgotten lies before this day: its store asks for nothing younger. */
export function forgottenBefore(reason: ForgottenReason, { today, rules }: Today): EpochDay {
  return addDays(today, -allowedDays(reason, rules))
}

export type ForgottenSince = { readonly reason: ForgottenReason; readonly sinceOn: EpochDay }
export type Forgotten = {
  /** Days beyond what is allowed. */
  readonly lateDays: number
  /** How many whole periods it has been so: it is told once in each. */
  readonly period: number
}

/** Whether what has been so since a day is forgotten today, and in which period; null when it is not. */
export function decideForgotten(
  { reason, sinceOn }: ForgottenSince,
  { today, rules }: Today,
): Forgotten | null {
  const lateDays = today - sinceOn - allowedDays(reason, rules)
  if (lateDays <= 0) return null
  return { lateDays, period: Math.floor((lateDays - 1) / rules.forgottenDays) }
}

/** A deadline allows no day beyond itself. */
function allowedDays(reason: ForgottenReason, rules: Rules): number {
  switch (reason) {
    case 'silent':
      return rules.forgottenDays
    case 'matter-late':
      return 0
    case 'approval-late':
      return rules.approvalDays
  }
}
