import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Pack } from '@dunlin/policy'
import type { GateCase } from './gate-cases.ts'
import {
  type ContentRule,
  contentRules,
  DERIVED,
  HOLDS,
  LIVE,
  OBLIGORS,
  plainFacts,
  VOICE,
} from './gate-peer-facts.ts'

// The same rules as the packs cn, wecom and lender-default as Cedar policies, parsed once. Cedar neither
// counts a list nor matches a pattern nor knows a wall clock: counts, hours and what a text contains are
// worked out beside it for each case, as an application that uses Cedar would have to.

const POLICY_SET = 'gate'
const UNKNOWN = { type: 'Gate', id: 'any' } as const

/** The rules in Cedar's own form, and a function that asks them: the ids of rules that forbid; none permits. */
export function cedarGate(packs: readonly Pack[]): (given: GateCase) => readonly string[] {
  const contents = contentRules(packs)
  const policies = { allow: 'permit (principal, action, resource);', ...forbidding(contents) }
  const parsed = preparsePolicySet(POLICY_SET, { staticPolicies: policies })
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors))
  return (given) => ask(given, contents)
}

function forbidding(contents: readonly ContentRule[]): Record<string, string> {
  const collecting = 'context.purpose != "service"'
  const live = `${setOf(LIVE)}.contains(context.channel)`
  const voice = `${setOf(VOICE)}.contains(context.channel)`
  const isObligor = `${setOf(OBLIGORS)}.contains(context.relation)`
  const conditions: Record<string, string> = {
    'point.owner': 'context.pointParty != "p1"',
    'point.health': '["dead", "wrong-person", "recycled"].contains(context.health)',
    'actor.certified': '!context.certified',
    public: 'context.channel == "social-public"',
    'quiet-hours': `${live} && ${collecting} && (context.minute < 480 || context.minute >= 1320)`,
    'quiet-hours.cba': `${live} && ${collecting} && (context.minute < 480 || context.minute >= 1320)`,
    'daily-effective-cap': `${voice} && ${collecting} && ${isObligor} && context.effectiveToday >= 3`,
    'unanswered-cap': `${voice} && ${collecting} && context.unansweredToday >= 6`,
    'debtor-only': `!${setOf([...OBLIGORS, 'attorney', 'executor', 'spouse'])}.contains(context.relation)`,
    'related-third': 'context.relation == "spouse"',
    source: 'context.source == "unknown"',
    provider: 'context.channel == "sms" && !context.takesCollection',
    'two-persons': 'context.channel == "visit" && context.persons < 2',
    training: 'context.trainingOver',
    'wecom.mass': '["wecom", "wecom-group"].contains(context.channel) && context.via == "mass"',
    'wecom.kf': 'context.channel == "wecom" && context.via == "kf"',
    'wecom.group': 'context.channel == "wecom-group"',
    'wecom.moment': 'context.channel == "wecom-moment"',
  }
  for (const kind of HOLDS) conditions[`hold.${kind}`] = `context.openHolds.contains("${kind}")`
  for (const rule of contents) conditions[rule.id] = contentCondition(rule)
  return Object.fromEntries(
    Object.entries(conditions).map(([id, condition]) => [
      id,
      `forbid (principal, action, resource) when { ${condition} };`,
    ]),
  )
}

function contentCondition(rule: ContentRule): string {
  const parts = ['context.hasText']
  const { channels, contentKinds } = rule
  if (contentKinds !== null) parts.push(`${setOf(contentKinds)}.contains(context.contentKind)`)
  if (channels !== null) parts.push(`${setOf(channels)}.contains(context.channel)`)
  if (rule.agencyOnly) parts.push('context.agency')
  if (rule.thirdOnly) parts.push('context.isThird')
  return [...parts, `context.found.contains("${rule.id}")`].join(' && ')
}

function setOf(words: readonly string[]): string {
  return `[${words.map((word) => `"${word}"`).join(', ')}]`
}

function ask(given: GateCase, contents: readonly ContentRule[]): readonly string[] {
  const { text, ...plain } = plainFacts(given)
  const isVoice = VOICE.includes(plain.channel)
  const answer = statefulIsAuthorized({
    principal: UNKNOWN,
    action: UNKNOWN,
    resource: UNKNOWN,
    preparsedPolicySetId: POLICY_SET,
    entities: [],
    context: {
      ...plain,
      effectiveToday: isVoice ? DERIVED.effectiveToday(given) : 0,
      unansweredToday: isVoice ? DERIVED.unansweredToday(given) : 0,
      openHolds: DERIVED.openHolds(given),
      trainingOver: DERIVED.trainingOver(given),
      found: plain.hasText ? foundIn(text, DERIVED.normalised(given), contents) : [],
    },
  })
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors))
  return decision === 'allow' ? [] : diagnostics.reason
}

/** Content rules that the text breaks, whoever they are about. */
function foundIn(text: string, normalised: string, contents: readonly ContentRule[]): string[] {
  return contents
    .filter(({ reads, says, patterns }) => {
      const read = reads === 'text' ? text : normalised
      const isThere = patterns.some((pattern) => pattern.test(read))
      return says === 'lacks' ? isThere : !isThere
    })
    .map(({ id }) => id)
}
