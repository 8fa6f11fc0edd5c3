import { textIn } from '../../app/search.ts'

export const VERDICTS = ['permit', 'defer', 'refuse'] as const

export type DecisionSearch = {
  readonly verdict?: (typeof VERDICTS)[number] | undefined
  readonly rule?: string | undefined
  readonly borrower?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export function readDecisionSearch(search: Record<string, unknown>): DecisionSearch {
  return {
    verdict: VERDICTS.find((each) => each === search.verdict),
    rule: textIn(search, 'rule'),
    borrower: textIn(search, 'borrower'),
    from: dayIn(search, 'from'),
    to: dayIn(search, 'to'),
  }
}

export type AuditSearch = {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
}

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    actor: textIn(search, 'actor'),
    action: textIn(search, 'action'),
    subject: textIn(search, 'subject'),
  }
}

export type RuleSearch = { readonly pack?: string | undefined; readonly find?: string | undefined }

export function readRuleSearch(search: Record<string, unknown>): RuleSearch {
  return { pack: textIn(search, 'pack'), find: textIn(search, 'find') }
}

function dayIn(search: Record<string, unknown>, name: string): string | undefined {
  const text = textIn(search, name)
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined
}
