import { civil, localDay, localTimeMs, parseInstant, required, zoneNamed } from '@dunlin/kernel'
import { normaliseText, type Pack, type Rule } from '@dunlin/policy'
import { Engine, type RuleProperties, type TopLevelCondition } from 'json-rules-engine'
import type { GateCase } from './gate-cases.ts'

// The same rules as the packs cn and lender-default, written for json-rules-engine: conditions on
// facts that are computed from the raw case on demand and cached by its almanac, as its manual advises.

const SHANGHAI = required(zoneNamed('Asia/Shanghai'), 'zone')
const LIVE = ['call', 'robot-call', 'sms', 'email', 'push', 'wecom', 'wecom-group', 'visit']
const WRITTEN = ['sms', 'email', 'wecom', 'letter']
const VOICE = ['call', 'robot-call']
const FAILED = ['no-answer', 'busy', 'not-connected', 'voicemail', 'failed', 'invalid']
const OBLIGORS = ['borrower', 'co-borrower', 'guarantor']
const DEMANDS = ['reminder', 'demand', 'notice']

type Values = Readonly<Record<string, unknown>>
type Condition = { fact: string; operator: string; value: unknown }

function when(fact: string, operator: string, value: unknown): Condition {
  return { fact, operator, value }
}

function rule(id: string, ...all: readonly Condition[]): RuleProperties {
  const conditions: TopLevelCondition = { all: [...all] }
  return { conditions, event: { type: id } }
}

/** An engine with every rule that these cases can meet. */
export function peerEngine(packs: readonly Pack[]): Engine {
  const collecting = when('purpose', 'notEqual', 'service')
  const live = when('channel', 'in', LIVE)
  const voice = when('channel', 'in', VOICE)
  const engine = new Engine(
    [
      rule('point.owner', when('pointParty', 'notEqual', 'p1')),
      rule('point.health', when('health', 'in', ['dead', 'wrong-person', 'recycled'])),
      rule('actor.certified', when('certified', 'equal', false)),
      rule('public', when('channel', 'equal', 'social-public')),
      rule('quiet-hours', live, collecting, when('minute', 'lessThan', 480)),
      rule('quiet-hours-late', live, collecting, when('minute', 'greaterThanInclusive', 1320)),
      rule('quiet-hours.cba', live, collecting, when('minute', 'lessThan', 480)),
      rule('quiet-hours.cba-late', live, collecting, when('minute', 'greaterThanInclusive', 1320)),
      rule(
        'daily-effective-cap',
        voice,
        collecting,
        when('relation', 'in', OBLIGORS),
        when('effectiveToday', 'greaterThanInclusive', 3),
      ),
      rule('unanswered-cap', voice, collecting, when('unansweredToday', 'greaterThanInclusive', 6)),
      rule(
        'debtor-only',
        when('relation', 'notIn', [...OBLIGORS, 'attorney', 'executor', 'spouse']),
      ),
      rule('related-third', when('relation', 'equal', 'spouse')),
      rule('source', when('source', 'equal', 'unknown')),
      rule('provider', when('channel', 'equal', 'sms'), when('takesCollection', 'notEqual', true)),
      rule('two-persons', when('channel', 'equal', 'visit'), when('persons', 'lessThan', 2)),
      rule('training', when('trainingOver', 'equal', true)),
      ...holdRules(),
      ...contentRules(packs),
    ],
    { allowUndefinedFacts: true },
  )
  addFacts(engine)
  return engine
}

function holdRules(): RuleProperties[] {
  const kinds = ['dispute', 'hardship', 'attorney', 'cease', 'channel-stop', 'breathing-space']
  const more = ['bankruptcy', 'deceased', 'bereavement', 'complaint', 'disaster']
  const rest = ['inconvenient-time', 'inconvenient-place', 'plan-active', 'third-party-stop']
  return [...kinds, ...more, ...rest].map((kind) =>
    rule(`hold.${kind}`, when('openHolds', 'contains', kind)),
  )
}

function contentRules(packs: readonly Pack[]): RuleProperties[] {
  return packs.flatMap((pack) => pack.rules.flatMap((given) => contentRule(given, pack)))
}

function contentRule({ id, kind, ...rest }: Rule, pack: Pack): RuleProperties[] {
  if (kind !== 'content' || !('condition' in rest)) return []
  const { condition } = rest
  const patternsOf = (names: readonly string[]) =>
    names.map((name) => new RegExp(required(pack.lexicons[name], name)['zh-CN']))
  const filters = contentFilters(rest.applies)
  if ('lacks' in condition) {
    const fact = condition.normalise === true ? 'normalised' : 'text'
    return [rule(id, ...filters, when(fact, 'matches', patternsOf(condition.lacks)))]
  }
  if (!('contains' in condition)) return []
  return [rule(id, ...filters, when('text', 'misses', patternsOf(condition.contains)))]
}

function contentFilters(applies: Rule['applies']): Condition[] {
  const filters = [when('hasText', 'equal', true)]
  if (applies.contentKinds !== undefined) filters.push(when('contentKind', 'in', DEMANDS))
  if (applies.channels !== undefined) filters.push(when('channel', 'in', WRITTEN))
  if (applies.agency === true) filters.push(when('agency', 'equal', true))
  if (applies.party !== undefined) filters.push(when('isThird', 'equal', true))
  return filters
}

function addFacts(engine: Engine): void {
  engine.addOperator('matches', (text: string, patterns: RegExp[]) =>
    patterns.some((pattern) => pattern.test(text)),
  )
  engine.addOperator('misses', (text: string, patterns: RegExp[]) =>
    patterns.every((pattern) => !pattern.test(text)),
  )
  const derived: Readonly<Record<string, (given: GateCase) => unknown>> = {
    effectiveToday: (given) => countToday(given, (event) => event.effective === true),
    unansweredToday: (given) =>
      countToday(
        given,
        (event) => event.effective !== true && FAILED.includes(event.line ?? 'no-answer'),
      ),
    openHolds: ({ facts, intent }) =>
      facts.holds
        .filter(
          ({ from, to }) =>
            ms(from) <= ms(intent.at) && (to === undefined || ms(intent.at) < ms(to)),
        )
        .map(({ kind }) => kind),
    normalised: ({ intent }) => normaliseText(intent.content?.text ?? ''),
    trainingOver: ({ intent }) => {
      const trained = intent.actor?.trainedAt
      if (trained === undefined) return false
      const { year, month, dayOfMonth } = civil(localDay(SHANGHAI, ms(intent.at)))
      const today = `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`
      return today > `${Number(trained.slice(0, 4)) + 1}${trained.slice(4)}`
    },
  }
  for (const [name, compute] of Object.entries(derived)) {
    engine.addFact(name, async (_params, almanac) => compute(await almanac.factValue('case')))
  }
}

/** What one case gives the engine: plain values, and the case itself for the derived ones. */
export function peerFacts(given: GateCase): Values {
  const { facts, intent } = given
  const point = facts.points.find(({ id }) => id === intent.point)
  const party = facts.parties.find(({ id }) => id === intent.party)
  return {
    case: given,
    channel: intent.channel,
    purpose: intent.purpose ?? 'collect',
    relation: party?.relation,
    isThird: !OBLIGORS.includes(party?.relation ?? 'other'),
    pointParty: point?.party,
    health: point?.health ?? 'ok',
    source: point?.source ?? 'contract',
    certified: intent.actor?.certified ?? true,
    persons: intent.actor?.persons ?? 1,
    agency: intent.actor?.agency !== undefined,
    takesCollection: intent.provider?.collectionContent,
    minute: Math.floor(localTimeMs(SHANGHAI, ms(intent.at)) / 60_000),
    hasText: intent.content?.text !== undefined,
    contentKind: intent.content?.kind,
    text: intent.content?.text ?? '',
  }
}

type Event = GateCase['facts']['history'][number]

function countToday({ facts, intent }: GateCase, counts: (event: Event) => boolean): number {
  const today = localDay(SHANGHAI, ms(intent.at))
  return facts.history.filter(
    (event) =>
      event.direction === 'outbound' &&
      VOICE.includes(event.channel) &&
      (event.party === intent.party || event.point === intent.point) &&
      localDay(SHANGHAI, ms(event.at)) === today &&
      counts(event),
  ).length
}

function ms(text: string): number {
  return required(parseInstant(text), text)
}
