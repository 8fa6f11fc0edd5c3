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
  const concerned = rules.rules.filter((rule) => rule.applies(scene))
  const violated = concerned.filter((rule) => rule.isViolated(scene))
  const blocking = violated.filter(({ rule }) => rule.severity !== 'advise')
  const advice =
    blocking.length === violated.length
      ? NONE
      : violated
          .filter(({ rule }) => rule.severity === 'advise')
          .map((rule) => reasonOf(rule, scene))
  if (missing.length === 0 && blocking.length === 0) {
    return permit(scene, { rules, concerned, advice })
  }
  const reasons = [...missing.map(missingFact), ...blocking.map((rule) => reasonOf(rule, scene))]
  const isCurable = missing.length === 0 && blocking.every((rule) => rule.waitingClears)
  const until = isCurable ? earliestLawful(scene, rules, concerned) : null
  return until === null
    ? { verdict: 'refuse', reasons, advice }
    : { verdict: 'defer', until, reasons, advice }
}

const NONE: readonly Reason[] = []

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
  const missing: string[] = []
  if (policy.packIds.has('cn')) missing.push(...missingCnFacts(scene))
  if (policy.packIds.has('wecom')) missing.push(...missingWecomFacts(scene))
  const { text, language } = scene.intent.content ?? {}
  const { languages } = policy
  if (languages !== null && text !== undefined && !languages.includes(language ?? '')) {
    missing.push('intent.content.language')
  }
  return missing
}

function missingCnFacts({ intent, channel, purpose }: Scene): string[] {
  const missing: string[] = []
  const isCollectionSms = channel === 'sms' && purpose !== 'service'
  if (isCollectionSms && intent.provider?.collectionContent === undefined) {
    missing.push('intent.provider.collectionContent')
  }
  if (intent.actor?.agency !== undefined && intent.actor.listed === undefined) {
    missing.push('intent.actor.listed')
  }
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
