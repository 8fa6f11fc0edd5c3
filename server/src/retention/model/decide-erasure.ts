import { addMonths, type EpochDay } from '@dunlin/kernel'

/** What bears on whether a person's data may go. Amounts in minor units. */
export type ErasureFacts = {
  readonly outstandingMinor: bigint
  readonly openCases: number
  readonly openMatters: number
  /** The last day on which anything happened: a ledger event, a contact, a message, the end of a case. */
  readonly lastOn: EpochDay
  readonly retentionYears: number
}
export type ErasureObstacle = 'still_owed' | 'case_open' | 'matter_open' | 'retention'
export type ErasureDecision =
  | { readonly mayErase: true; readonly earliestOn: EpochDay }
  | {
      readonly mayErase: false
      readonly earliestOn: EpochDay
      readonly because: ErasureObstacle
    }

const MONTHS = 12

/** Whether a person's data may be deleted on a day: nothing owed, nothing open, and its term over. */
export function decideErasure(facts: ErasureFacts, today: EpochDay): ErasureDecision {
  const earliestOn = addMonths(facts.lastOn, facts.retentionYears * MONTHS)
  const no = (because: ErasureObstacle) => ({ mayErase: false, earliestOn, because }) as const
  if (facts.outstandingMinor > 0n) return no('still_owed')
  if (facts.openCases > 0) return no('case_open')
  if (facts.openMatters > 0) return no('matter_open')
  if (today < earliestOn) return no('retention')
  return { mayErase: true, earliestOn }
}
