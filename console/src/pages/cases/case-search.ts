import { oneOf, textIn } from '../../app/search.ts'

const STATES = ['open', 'closed'] as const
export const SORTS = ['arrears', 'dpd', 'opened', 'next-step'] as const

/** The filters of the list of cases as they stand in the address. */
export type CaseSearch = {
  readonly state?: (typeof STATES)[number] | undefined
  readonly stage?: string | undefined
  readonly portfolio?: string | undefined
  readonly search?: string | undefined
  readonly sort?: (typeof SORTS)[number] | undefined
}

export function readCaseSearch(search: Readonly<Record<string, unknown>>): CaseSearch {
  return {
    state: oneOf(search, 'state', STATES),
    stage: textIn(search, 'stage'),
    portfolio: textIn(search, 'portfolio'),
    search: textIn(search, 'search'),
    sort: oneOf(search, 'sort', SORTS),
  }
}
