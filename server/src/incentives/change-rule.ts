import { type Instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import { lintText } from './model/lint-text.ts'
import { insertApproval, insertRule, lockRule, type NewRule, setRuleState } from './rule-store.ts'

export type RuleRefusal = {
  readonly code:
    | 'incentive.bad_text'
    | 'incentive.no_scene'
    | 'incentive.bad_terms'
    | 'incentive.same_person'
    | 'incentive.not_draft'
    | 'resource.not_found'
  readonly field: string
  readonly detail: string
}

/** How many different people make a rule active. */
const APPROVALS = 2
/** What one transfer may be, in fen: the platform's default limits of the marketing scene. */
const TRANSFER_MINOR = { min: 30n, max: 20_000n }

/** Stores a rule as a draft. It does nothing until two different people have approved it. */
export async function proposeRule(
  tx: Tx,
  rule: NewRule,
  at: Instant,
): Promise<Result<string, RuleRefusal>> {
  for (const field of ['activity', 'reward'] as const) {
    const [fault] = lintText(rule[field])
    if (fault !== undefined) return no('incentive.bad_text', field, WORDS[fault])
  }
  if (rule.kind === 'transfer' && rule.sceneId === null)
    return no('incentive.no_scene', 'sceneId', 'a transfer needs the provider’s recorded approval')
  const wrong = wrongTerm(rule)
  if (wrong !== null) return no('incentive.bad_terms', wrong, 'outside what the kind allows')
  const ruleId = await insertRule(tx, rule, at)
  const detail = 'unknown portfolio or scene, another currency, or a name that is taken'
  return ruleId === null ? no('incentive.bad_terms', 'portfolio', detail) : ok(ruleId)
}

const WORDS = {
  silence: 'an incentive is never given for silence or for a complaint not made',
  'new-borrowing': 'an incentive is never given for new borrowing, nor speaks of it',
  pressure: 'the text puts the borrower under pressure',
  'not-true': 'the text does not say that it is given for repayment',
  'too-long': 'at most 32 characters',
} as const

function wrongTerm(rule: NewRule): string | null {
  const { kind, amountMinor, budgetMinor, currency, fromOn, untilOn } = rule
  if (budgetMinor < amountMinor) return 'budgetMinor'
  if (untilOn < fromOn) return 'untilOn'
  if (kind === 'waiver') return null
  if (currency !== 'CNY') return 'currency'
  return amountMinor < TRANSFER_MINOR.min || amountMinor > TRANSFER_MINOR.max ? 'amountMinor' : null
}

/** One person's approval; with the second person's the rule is active. */
export async function approveRule(
  tx: Tx,
  { ruleId, by, at }: { ruleId: string; by: string; at: Instant },
): Promise<Result<'draft' | 'active', RuleRefusal>> {
  const state = await lockRule(tx, ruleId)
  if (state === null) return no('resource.not_found', 'id', `there is no rule ${ruleId}`)
  if (state !== 'draft') return no('incentive.not_draft', 'id', `the rule is ${state}`)
  const { isNew, count } = await insertApproval(tx, { ruleId, by, at })
  if (!isNew)
    return no('incentive.same_person', 'id', 'another person must approve: you have already')
  if (count < APPROVALS) return ok('draft')
  await setRuleState(tx, ruleId, 'active')
  return ok('active')
}

/** Ends a rule: nothing more is granted under it; what was granted stays. */
export async function endRule(tx: Tx, ruleId: string): Promise<Result<'ended', RuleRefusal>> {
  if ((await lockRule(tx, ruleId)) === null)
    return no('resource.not_found', 'id', `there is no rule ${ruleId}`)
  await setRuleState(tx, ruleId, 'ended')
  return ok('ended')
}

function no(code: RuleRefusal['code'], field: string, detail: string): Result<never, RuleRefusal> {
  return refused({ code, field, detail })
}
