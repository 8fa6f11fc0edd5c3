import { flagIn, oneOf, textIn } from '../../app/search.ts'

export const TABS = ['floor', 'deal', 'deals', 'moves', 'outside'] as const
export type Tab = (typeof TABS)[number]

/** The part of the page and its filters as they stand in the address. */
export type AssignmentSearch = {
  readonly tab?: Tab | undefined
  readonly portfolio?: string | undefined
  /** Of moves: to this agent, of this deal, by hand alone. */
  readonly agent?: string | undefined
  readonly dealId?: string | undefined
  readonly hand?: true | undefined
}

export function readAssignmentSearch(search: Readonly<Record<string, unknown>>): AssignmentSearch {
  return {
    tab: oneOf(search, 'tab', TABS),
    portfolio: textIn(search, 'portfolio'),
    agent: textIn(search, 'agent'),
    dealId: textIn(search, 'dealId'),
    hand: flagIn(search, 'hand'),
  }
}
