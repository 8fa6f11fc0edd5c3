import { always } from './applies.ts'
import { mayBeHeld, mayHold } from './check-hold.ts'
import type { Policy } from './compile.ts'
import { earliestLawful } from './earliest.ts'
import type { Facts, Intent } from './facts.ts'
import { type PreparedFacts, prepareFacts } from './prepare.ts'
import type { CompiledRule, RuleSet } from './rule-table.ts'
import { type Scene, setScene } from './scene.ts'
import type { Counter, Duty, Reason, Verdict } from './verdict.ts'

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
  const set = setScene(prepared, intent, policy.countryZones)
  if ('missing' in set) return refuseMissing(set.missing)
  const { scene } = set
  const rules = policy.rulesFor(scene)
  const missing = missingRuleFacts(rules, scene)
  const found = askAll(rules, scene)
  if (missing.length === 0 && found.blocking.length === 0) {
    const { advice, counters } = found
    return { verdict: 'permit', duties: dutiesOf(rules, scene), advice, counters }
  }
  const reasons = [...missing.map(missingFact), ...found.reasons]
  const isCurable = missing.length === 0 && found.blocking.every((rule) => rule.waitingClears)
  const until = isCurable ? earliestLawful(scene, rules, found.blocking) : null
  return until === null
    ? { verdict: 'refuse', reasons, advice: found.advice }
    : { verdict: 'defer', until, reasons, advice: found.advice }
}

function dutiesOf({ duties }: RuleSet, scene: Scene): Duty[] {
  const due: Duty[] = []
  for (const { applies, isDue, duty } of duties) {
    if ((applies === always || applies(scene)) && isDue(scene)) due.push(duty)
  }
  return due
}

type Found = {
  blocking: CompiledRule[]
  reasons: Reason[]
  advice: Reason[]
  counters: Counter[]
}

/** Asks every rule that concerns the contact; nothing is left out after the first violation. */
function askAll({ rules, holds }: RuleSet, scene: Scene): Found {
  const found: Found = { blocking: [], reasons: [], advice: [], counters: [] }
  for (const compiled of rules) ask(compiled, scene, found)
  if (mayBeHeld(scene)) {
    for (const compiled of holds) if (mayHold(compiled.rule, scene)) ask(compiled, scene, found)
  }
  return found
}

function ask(compiled: CompiledRule, scene: Scene, found: Found): void {
  const { applies, check } = compiled
  if (applies !== always && !applies(scene)) return
  if (check.measure !== undefined) askCap(compiled, scene, found)
  else if (compiled.isViolated(scene)) report(compiled, compiled.reason, found)
}

/** Counts once, for the verdict and for the figures that go with it. */
function askCap(compiled: CompiledRule, scene: Scene, found: Found): void {
  const { rule, check, isInForce, isLifted, reason } = compiled
  const measured = check.measure?.(scene)
  if (measured === undefined) return
  const { used, of, isFull } = measured
  if (rule.severity !== 'advise') found.counters.push({ rule: rule.id, used, of })
  if (isFull && isInForce(scene) && !isLifted(scene)) {
    report(compiled, { ...reason, figures: { used, of } }, found)
  }
}

function report(compiled: CompiledRule, reason: Reason, found: Found): void {
  if (compiled.rule.severity === 'advise') found.advice.push(reason)
  else {
    found.blocking.push(compiled)
    found.reasons.push(reason)
  }
}

const NOTHING: readonly string[] = []

/** Facts that a rule of the loaded packs needs for this intent (RULES.md section 3). */
function missingRuleFacts({ needs, languages }: RuleSet, scene: Scene): readonly string[] {
  const { text, language } = scene.intent.content ?? {}
  const isUnread = languages !== null && text !== undefined && !languages.includes(language ?? '')
  if (needs.length === 0 && !isUnread) return NOTHING
  const missing = new Set<string>()
  for (const { applies, needs: need } of needs) {
    const field = applies(scene) ? need?.(scene) : undefined
    if (field !== undefined) missing.add(field)
  }
  if (isUnread) missing.add('intent.content.language')
  return missing.size === 0 ? NOTHING : [...missing]
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
