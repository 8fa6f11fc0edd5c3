import { dayIn, oneOf, textIn } from '../../app/search.ts'

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

export type AskSearch = {
  readonly borrower?: string | undefined
  /** On the wall of the portfolio, to the minute. */
  readonly at?: string | undefined
  readonly channel?: Channel | undefined
  readonly point?: string | undefined
}
type Channel = (typeof CHANNELS)[number]
const CHANNELS = [
  'call',
  'robot-call',
  'sms',
  'email',
  'wecom',
  'wecom-group',
  'wecom-moment',
  'letter',
  'visit',
  'push',
  'social-public',
] as const

export function readAskSearch(search: Record<string, unknown>): AskSearch {
  const at = textIn(search, 'at')
  return {
    borrower: textIn(search, 'borrower'),
    at: at !== undefined && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(at) ? at : undefined,
    channel: oneOf(search, 'channel', CHANNELS),
    point: textIn(search, 'point'),
  }
}

export const RULE_TABS = ['rules', 'diff'] as const
export type RuleSearch = {
  readonly tab?: (typeof RULE_TABS)[number] | undefined
  readonly pack?: string | undefined
  readonly find?: string | undefined
  /** The two sets of rules that are compared. */
  readonly first?: string | undefined
  readonly second?: string | undefined
}

export function readRuleSearch(search: Record<string, unknown>): RuleSearch {
  return {
    tab: oneOf(search, 'tab', RULE_TABS),
    pack: textIn(search, 'pack'),
    find: textIn(search, 'find'),
    first: textIn(search, 'first'),
    second: textIn(search, 'second'),
  }
}
