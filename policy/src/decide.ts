import type { CompiledRule, Policy, RuleSet } from './compile.ts'
import { earliestLawful } from './earliest.ts'
import type { Facts, Intent } from './facts.ts'
import { type PreparedFacts, prepareFacts } from './prepare.ts'
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
  const set = setScene(prepared, intent, policy.countryZones)
  if ('missing' in set) return refuseMissing(set.missing)
  const { scene } = set
  const rules = policy.rulesFor(scene.channel, scene.purpose)
  const missing = missingRuleFacts(policy, scene)
  const concerned: CompiledRule[] = []
  const reasons: Reason[] = missing.map(missingFact)
  const advice: Reason[] = []
  let isCurable = missing.length === 0
  for (const rule of rules.rules) {
    if (!rule.applies(scene)) continue
    concerned.push(rule)
    if (!rule.isViolated(scene)) continue
    if (rule.rule.severity === 'advise') advice.push(reasonOf(rule, scene))
    else {
      reasons.push(reasonOf(rule, scene))
      if (!rule.waitingClears) isCurable = false
    }
  }
  if (reasons.length === 0) return permit(scene, { rules, concerned, advice })
  const until = isCurable ? earliestLawful(scene, rules, concerned) : null
  return until === null
    ? { verdict: 'refuse', reasons, advice }
    : { verdict: 'defer', until, reasons, advice }
}

function permit(
  scene: Scene,
  {
    rules,
    concerned,
    advice,
  }: { rules: RuleSet; concerned: readonly CompiledRule[]; advice: readonly Reason[] },
): Verdict {
  const duties = rules.duties.flatMap((duty) => (duty.applies(scene) ? [duty.duty] : []))
  const counters: Counter[] = []
  for (const { rule, check } of concerned) {
    if (check.figures !== undefined && rule.severity !== 'advise') {
      counters.push({ rule: rule.id, ...check.figures(scene) })
    }
  }
  return { verdict: 'permit', duties, advice, counters }
}

function reasonOf({ reason, check }: CompiledRule, scene: Scene): Reason {
  return check.figures === undefined ? reason : { ...reason, figures: check.figures(scene) }
}

/** Facts that a rule of the loaded packs needs for this intent (RULES.md section 3). */
function missingRuleFacts(policy: Policy, scene: Scene): string[] {
  const { intent, channel, purpose } = scene
  const missing: string[] = []
  const isCn = policy.packIds.has('cn')
  if (
    isCn &&
    channel === 'sms' &&
    purpose !== 'service' &&
    intent.provider?.collectionContent === undefined
  ) {
    missing.push('intent.provider.collectionContent')
  }
  if (isCn && intent.actor?.agency !== undefined && intent.actor.listed === undefined) {
    missing.push('intent.actor.listed')
  }
  if (policy.packIds.has('wecom')) missing.push(...missingWecomFacts(scene))
  const { text, language } = intent.content ?? {}
  const isReadable = language !== undefined && policy.languages?.includes(language) !== false
  if (policy.languages !== null && text !== undefined && !isReadable)
    missing.push('intent.content.language')
  return missing
}

function missingWecomFacts({ channel, intent }: Scene): string[] {
  const isWecom = channel === 'wecom' || channel === 'wecom-group'
  const missing: string[] = []
  if (channel === 'wecom-group' && intent.audience?.borrowers === undefined) {
    missing.push('intent.audience.borrowers')
  }
  if (isWecom && intent.via === 'mass' && intent.actor?.id === undefined)
    missing.push('intent.actor.id')
  return missing
}

function refuseMissing(fields: readonly string[]): Verdict {
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
