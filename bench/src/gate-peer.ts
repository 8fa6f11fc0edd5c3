import type { Pack } from '@dunlin/policy'
import { Engine, type RuleProperties, type TopLevelCondition } from 'json-rules-engine'
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

// The same rules as the packs cn, wecom and lender-default, written for json-rules-engine: conditions on
// facts that are computed from the raw case on demand and cached by its almanac, as its manual advises.

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
      rule(
        'wecom.mass',
        when('channel', 'in', ['wecom', 'wecom-group']),
        when('via', 'equal', 'mass'),
      ),
      rule('wecom.kf', when('channel', 'equal', 'wecom'), when('via', 'equal', 'kf')),
      rule('wecom.group', when('channel', 'equal', 'wecom-group')),
      rule('wecom.moment', when('channel', 'equal', 'wecom-moment')),
      ...HOLDS.map((kind) => rule(`hold.${kind}`, when('openHolds', 'contains', kind))),
      ...contentRules(packs).map(contentRule),
    ],
    { allowUndefinedFacts: true },
  )
  addFacts(engine)
  return engine
}

function contentRule(given: ContentRule): RuleProperties {
  const filters = [when('hasText', 'equal', true)]
  if (given.contentKinds !== null) filters.push(when('contentKind', 'in', given.contentKinds))
  if (given.channels !== null) filters.push(when('channel', 'in', given.channels))
  if (given.agencyOnly) filters.push(when('agency', 'equal', true))
  if (given.thirdOnly) filters.push(when('isThird', 'equal', true))
  const operator = given.says === 'lacks' ? 'matches' : 'misses'
  return rule(given.id, ...filters, when(given.reads, operator, given.patterns))
}

function addFacts(engine: Engine): void {
  engine.addOperator('matches', (text: string, patterns: RegExp[]) =>
    patterns.some((pattern) => pattern.test(text)),
  )
  engine.addOperator('misses', (text: string, patterns: RegExp[]) =>
    patterns.every((pattern) => !pattern.test(text)),
  )
  for (const [name, compute] of Object.entries(DERIVED)) {
    engine.addFact(name, async (_params, almanac) => compute(await almanac.factValue('case')))
  }
}

/** What one case gives the engine: plain values, and the case itself for the derived ones. */
export function peerFacts(given: GateCase): Values {
  return { ...plainFacts(given), case: given }
}
