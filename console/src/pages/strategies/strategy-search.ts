import { oneOf, textIn } from '../../app/search.ts'

export const TABS = ['ladder', 'trial', 'drafts', 'versions'] as const
export const VERDICTS = ['refuse', 'defer', 'unreachable', 'permit'] as const

/** What of a strategy is shown, as it stands in the address. */
export type StrategySearch = {
  readonly tab?: (typeof TABS)[number] | undefined
  readonly verdict?: (typeof VERDICTS)[number] | undefined
  readonly stage?: string | undefined
}

export function readStrategySearch(search: Readonly<Record<string, unknown>>): StrategySearch {
  return {
    tab: oneOf(search, 'tab', TABS),
    verdict: oneOf(search, 'verdict', VERDICTS),
    stage: textIn(search, 'stage'),
  }
}

/** The filter of the list of strategies. */
export type StrategyListSearch = { readonly search?: string | undefined }

export function readStrategyListSearch(
  search: Readonly<Record<string, unknown>>,
): StrategyListSearch {
  return { search: textIn(search, 'search') }
}
