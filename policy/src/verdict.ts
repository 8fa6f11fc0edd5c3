import type { Instant } from '@dunlin/kernel'
import type { Rule } from './pack.ts'
import type { Severity } from './vocabulary.ts'

export type Text = { readonly zh: string; readonly en: string }
export type Cite = Rule['cite']

/** What would clear a reason. */
export type Clears =
  | 'time'
  | 'hold-ends'
  | 'fact'
  | 'other-party'
  | 'other-point'
  | 'other-actor'
  | 'other-content'
  | 'never'

/** Why the gate does not permit, or what it advises. */
export type Reason = {
  readonly rule: string
  readonly severity: Severity
  readonly title: Text
  readonly cite: Cite
  readonly clears: Clears
  /** The figures compared, such as used 3 of 3. */
  readonly figures?: { readonly used: number; readonly of: number }
  /** The missing fact, by its path. */
  readonly field?: string
}

export type Duty = { readonly rule: string; readonly title: Text; readonly cite: Cite }
export type Counter = { readonly rule: string; readonly used: number; readonly of: number }

/** The answer of the gate: the strictest of all its rules, with every reason. */
export type Verdict =
  | {
      readonly verdict: 'permit'
      readonly duties: readonly Duty[]
      readonly advice: readonly Reason[]
      readonly counters: readonly Counter[]
    }
  | {
      readonly verdict: 'defer'
      /** The earliest instant at which the same intent would be permitted by the same facts. */
      readonly until: Instant
      readonly reasons: readonly Reason[]
      readonly advice: readonly Reason[]
    }
  | {
      readonly verdict: 'refuse'
      readonly reasons: readonly Reason[]
      readonly advice: readonly Reason[]
    }

/** The rule ids a verdict carries: reasons, advice, and for a permit its duties. */
export function ruleIds(verdict: Verdict): string[] {
  const advice = verdict.advice.map((reason) => reason.rule)
  if (verdict.verdict === 'permit') return [...verdict.duties.map((duty) => duty.rule), ...advice]
  return [...verdict.reasons.map((reason) => reason.rule), ...advice]
}
