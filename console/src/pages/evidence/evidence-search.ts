import { oneOf, textIn } from '../../app/search.ts'

export const TABS = ['log', 'export', 'checkpoints'] as const
export const SCOPES = ['case', 'period'] as const
export const PURPOSES = ['complaint', 'mediation', 'legal', 'regulator', 'audit'] as const

/** What is looked at, and what is to be taken away, as it stands in the address. */
export type EvidenceSearch = {
  readonly tab?: (typeof TABS)[number] | undefined
  readonly of?: (typeof SCOPES)[number] | undefined
  readonly borrower?: string | undefined
  readonly caseId?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly portfolio?: string | undefined
  readonly purpose?: (typeof PURPOSES)[number] | undefined
}

export function readEvidenceSearch(search: Record<string, unknown>): EvidenceSearch {
  return {
    tab: oneOf(search, 'tab', TABS),
    of: oneOf(search, 'of', SCOPES),
    borrower: textIn(search, 'borrower'),
    caseId: textIn(search, 'caseId'),
    from: textIn(search, 'from'),
    to: textIn(search, 'to'),
    portfolio: textIn(search, 'portfolio'),
    purpose: oneOf(search, 'purpose', PURPOSES),
  }
}
