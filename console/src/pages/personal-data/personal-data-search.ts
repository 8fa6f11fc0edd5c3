import { dayIn, oneOf, textIn } from '../../app/search.ts'

export const TABS = ['wishes', 'looks'] as const
export const STATES = ['waiting', 'done', 'refused'] as const

/** The list and its filters as they stand in the address. */
export type PersonalDataSearch = {
  readonly tab?: (typeof TABS)[number] | undefined
  /** Absent: those that wait. */
  readonly state?: (typeof STATES)[number] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly actor?: string | undefined
}

export function readPersonalDataSearch(search: Record<string, unknown>): PersonalDataSearch {
  return {
    tab: oneOf(search, 'tab', TABS),
    state: oneOf(search, 'state', STATES),
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
    actor: textIn(search, 'actor'),
  }
}
