import { flagIn, textIn } from '../../app/search.ts'

/** The filters of the list of providers as they stand in the address. */
export type ProviderSearch = {
  readonly channel?: string | undefined
  readonly trouble?: true | undefined
}

export function readProviderSearch(search: Readonly<Record<string, unknown>>): ProviderSearch {
  return { channel: textIn(search, 'channel'), trouble: flagIn(search, 'trouble') }
}
