import { flagIn, oneOf, textIn } from '../../app/search.ts'

export const KINDS = ['loans', 'schedule', 'ledger', 'contacts', 'consents', 'history'] as const
export const STATES = ['running', 'done', 'failed'] as const

/** The filters of the list of imports as they stand in the address. */
export type ImportSearch = {
  readonly portfolio?: string | undefined
  readonly kind?: (typeof KINDS)[number] | undefined
  readonly state?: (typeof STATES)[number] | undefined
}

export function readImportSearch(search: Readonly<Record<string, unknown>>): ImportSearch {
  return {
    portfolio: textIn(search, 'portfolio'),
    kind: oneOf(search, 'kind', KINDS),
    state: oneOf(search, 'state', STATES),
  }
}

/** What the form begins with; `isReal`: not as a dry run. */
export type NewImportSearch = {
  readonly portfolio?: string | undefined
  readonly kind?: (typeof KINDS)[number] | undefined
  readonly isReal?: true | undefined
}

export function readNewImportSearch(search: Readonly<Record<string, unknown>>): NewImportSearch {
  return {
    portfolio: textIn(search, 'portfolio'),
    kind: oneOf(search, 'kind', KINDS),
    isReal: flagIn(search, 'isReal'),
  }
}
