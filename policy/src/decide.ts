import { always } from './applies.ts'
import type { Policy } from './compile.ts'
import { earliestLawful } from './earliest.ts'
import type { Facts, Intent } from './facts.ts'
import { type PreparedFacts, prepareFacts } from './prepare.ts'
import type { CompiledRule, RuleSet } from './rule-table.ts'
import { type Scene, setScene } from './scene.ts'
import type { Counter, Reason, Verdict } from './verdict.ts'

/**
 * May this actor make this contact, to this contact point of this party, about these debts, at this
 * moment, with this content? Pure: no clock, no I/O, no chance. Every rule is asked and every
 * reason returned; the verdict is the strictest.
 */
export function decide(policy: Policy, facts: Facts, intent: Intent): Verdict {
  return decidePrepared(policy, prepareFacts(facts), intent)
}

/** The same for facts read once: many intents about one borrower. */
export function decidePrepared(policy: Policy, prepared: PreparedFacts, intent: Intent): Verdict {
  const set = setScene(prepared, intent)
  if ('missing' in set) return refuseMissing(set.missing)
  const { scene } = set
  const rules = policy.rulesFor(scene)
  const missing = missingRuleFacts(rules, scene)
  const found = askAll(rules, scene)
  if (missing.length === 0 && found.blocking.length === 0) {
    const { advice, counters } = found
    return { verdict: 'permit', duties: rules.dutiesFor(scene), advice, counters }
  }
  const reasons =
    missing.length === 0 ? found.reasons : [...missing.map(missingFact), ...found.reasons]
  const isCurable = missing.length === 0 && found.blocking.every((rule) => rule.waitingClears)
  const until = isCurable ? earliestLawful(scene, rules, found.blocking) : null
  return until === null
    ? { verdict: 'refuse', reasons, advice: found.advice }
    : { verdict: 'defer', until, reasons, advice: found.advice }
}

type Found = {
  blocking: readonly CompiledRule[]
  reasons: readonly Reason[]
  advice: readonly Reason[]
  counters: readonly Counter[]
}
const NONE: readonly never[] = []

/** Asks every rule that concerns the contact; nothing is left out after the first violation. */
function askAll({ rules, holds }: RuleSet, scene: Scene): Found {
  const found: Found = { blocking: NONE, reasons: NONE, advice: NONE, counters: NONE }
  for (const compiled of rules) {
    const { applies, check } = compiled
    if (applies !== always && !applies(scene)) continue
    if (check.measure !== undefined) askCap(compiled, scene, found)
    else if (check.violated(scene) && isBinding(compiled, scene))
      report(compiled, compiled.reason, found)
  }
  if (scene.prepared.heldKinds !== 0) askHolds(holds, scene, found)
  return found
}

function askHolds(holds: RuleSet['holds'], scene: Scene, found: Found): void {
  const { heldKinds } = scene.prepared
  for (const { compiled, bit } of holds) {
    if ((heldKinds & bit) === 0 || !compiled.applies(scene)) continue
    if (compiled.isViolated(scene)) report(compiled, compiled.reason, found)
  }
}

function isBinding({ isInForce, isLifted }: CompiledRule, scene: Scene): boolean {
  return isInForce(scene) && !isLifted(scene)
}

/** Counts once, for the verdict and for the figures that go with it. */
function askCap(compiled: CompiledRule, scene: Scene, found: Found): void {
  const { rule, check, reason } = compiled
  const measured = check.measure?.(scene)
  if (measured === undefined) return
  const { used, of, isFull } = measured
  if (rule.severity !== 'advise')
    found.counters = append(found.counters, { rule: rule.id, used, of })
  if (isFull && isBinding(compiled, scene)) {
    report(compiled, { ...reason, figures: { used, of } }, found)
  }
}

function report(compiled: CompiledRule, reason: Reason, found: Found): void {
  if (compiled.rule.severity === 'advise') found.advice = append(found.advice, reason)
  else {
    found.blocking = append(found.blocking, compiled)
    found.reasons = append(found.reasons, reason)
  }
}

/** A list with one more: most have one or two, and what is left over when an array grows is dear. */
function append<T>(list: readonly T[], item: T): readonly T[] {
  const [first] = list
  if (first === undefined) return [item]
  return list.length === 1 ? [first, item] : [...list, item]
}

const NOTHING: readonly string[] = []

/** Facts that a rule of the loaded packs needs for this intent (RULES.md section 3). */
function missingRuleFacts({ needs, languages }: RuleSet, scene: Scene): readonly string[] {
  const { content } = scene.intent
  const isUnread =
    languages !== null && content?.text !== undefined && !languages.includes(content.language ?? '')
  if (needs.length === 0 && !isUnread) return NOTHING
  let missing = NOTHING
  for (const { applies, needs: need } of needs) {
    const field = applies(scene) ? need?.(scene) : undefined
    if (field !== undefined && !missing.includes(field)) missing = append(missing, field)
  }
  return isUnread ? append(missing, 'intent.content.language') : missing
}

/** The refusal for facts that are missing: unknown means no. */
export function refuseMissing(fields: readonly string[]): Verdict {
  return { verdict: 'refuse', reasons: fields.map(missingFact), advice: [] }
}

function missingFact(field: string): Reason {
  return { ...MISSING, field }
}

const MISSING: Reason = {
  rule: 'facts.missing',
  severity: 'forbid',
  title: {
    zh: '缺少必要事实，按不允许处理',
    en: 'A fact that a rule needs is missing: unknown means no',
  },
  cite: { instrument: 'Dunlin policy design: fail closed', basis: 'lender' },
  clears: 'fact',
}
