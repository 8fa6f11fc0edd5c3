import type { Policy } from './compile.ts'
import { decidePrepared } from './decide.ts'
import type { Facts, Intent } from './facts.ts'
import { prepareFacts } from './prepare.ts'
import type { CompiledRule } from './rule-table.ts'
import { type Scene, setScene } from './scene.ts'
import type { Cite, Clears, Text, Verdict } from './verdict.ts'
import type { Severity } from './vocabulary.ts'

/** One rule as it was considered: whether it concerns the contact, what it found, what would change it. */
export type Considered = {
  readonly rule: string
  readonly kind: string
  readonly severity: Severity
  readonly title: Text
  readonly cite: Cite
  /** Not about this contact · holds · broken, but lifted by a reply, a consent or a date · broken. */
  readonly state: 'not-concerned' | 'holds' | 'lifted' | 'broken'
  readonly clears: Clears
  readonly figures?: { readonly used: number; readonly of: number }
}

export type Explanation = { readonly verdict: Verdict; readonly considered: readonly Considered[] }

/**
 * The verdict with every rule that the channel and the purpose bring in, and what each of them found:
 * for a person who asks why. Empty when core facts are missing, because then no rule was asked.
 */
export function explain(policy: Policy, facts: Facts, intent: Intent): Explanation {
  const prepared = prepareFacts(facts)
  const verdict = decidePrepared(policy, prepared, intent)
  const set = setScene(prepared, intent, policy.countryZones)
  if ('missing' in set) return { verdict, considered: [] }
  const rules = policy.rulesConsidered(set.scene)
  return { verdict, considered: rules.map((rule) => consider(rule, set.scene)) }
}

function consider(compiled: CompiledRule, scene: Scene): Considered {
  const { rule, reason, check } = compiled
  const { id, kind, severity, title, cite } = rule
  const measured = check.measure?.(scene)
  return {
    rule: id,
    kind,
    severity,
    title,
    cite,
    state: stateOf(compiled, scene),
    clears: reason.clears,
    ...(measured === undefined ? {} : { figures: { used: measured.used, of: measured.of } }),
  }
}

function stateOf(compiled: CompiledRule, scene: Scene): Considered['state'] {
  if (!compiled.applies(scene)) return 'not-concerned'
  if (compiled.isViolated(scene)) return 'broken'
  return compiled.check.violated(scene) ? 'lifted' : 'holds'
}
