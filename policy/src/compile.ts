import { parseLocalDate, required } from '@dunlin/kernel'
import { compileApplies, mayConcern } from './applies.ts'
import { checkActor, checkContent, checkPoint } from './check-fixed.ts'
import { checkHold } from './check-hold.ts'
import { checkParty } from './check-party.ts'
import { type Check, checkCap, checkGap, checkWindow } from './check-time.ts'
import { compileLexicons, type Lexicons } from './lexicons.ts'
import type { Pack, Rule, RuleOf } from './pack.ts'
import { isLifted, type Terms } from './relief.ts'
import type { Scene } from './scene.ts'
import type { Clears, Duty, Reason } from './verdict.ts'
import { CHANNELS, type Channel, PURPOSES, type Purpose } from './vocabulary.ts'

/** A rule ready to be asked. */
export type CompiledRule = {
  readonly rule: Rule
  readonly terms: Terms
  readonly applies: (scene: Scene) => boolean
  readonly check: Check
  /** Violated at the scene's instant, in force, and lifted by nothing. */
  readonly isViolated: (scene: Scene) => boolean
  readonly waitingClears: boolean
  /** The same at every instant: asked once, not while searching for the earliest moment. */
  readonly isFixed: boolean
  readonly reason: Reason
}
export type CompiledDuty = {
  readonly rule: RuleOf<'duty'>
  readonly applies: (scene: Scene) => boolean
  readonly duty: Duty
}

export type RuleSet = {
  readonly rules: readonly CompiledRule[]
  readonly duties: readonly CompiledDuty[]
  readonly edges: readonly number[]
  readonly rollingMs: readonly number[]
}

/** One or more packs compiled once: what `decide` asks. */
export type Policy = {
  readonly packs: readonly Pack[]
  /** Given by who loads the packs; names the exact rules in evidence. */
  readonly hash: string
  readonly lexicons: Lexicons
  readonly countryZones: ReadonlyMap<string, string>
  readonly packIds: ReadonlySet<string>
  readonly languages: readonly string[] | null
  /** The rules that can concern a channel and a purpose. */
  readonly rulesFor: (channel: Channel, purpose: Purpose) => RuleSet
}

/** Countries with one zone, for borrowers whose zone is not given (RULES.md section 2). */
const COUNTRY_ZONES = new Map([
  ['CN', 'Asia/Shanghai'],
  ['IN', 'Asia/Kolkata'],
  ['PH', 'Asia/Manila'],
  ['GB', 'Europe/London'],
])

/** Compiles packs to closures. Throws when packs contradict each other or repeat a rule id. */
export function compilePolicy(packs: readonly Pack[], hash = ''): Policy {
  const lexicons = compileLexicons(packs)
  const tightened = applyTightening(packs)
  const compiled = tightened.flatMap((pack) => compilePack(pack, lexicons))
  const seen = new Set<string>()
  for (const { rule } of compiled) {
    if (seen.has(rule.id)) throw new Error(`rule ${rule.id} appears twice`)
    seen.add(rule.id)
  }
  const sets = new Map<string, RuleSet>()
  for (const channel of CHANNELS) {
    for (const purpose of PURPOSES) {
      sets.set(`${channel} ${purpose}`, ruleSet(compiled, channel, purpose))
    }
  }
  const languages = packs.flatMap((pack) => pack.languages ?? [])
  return {
    packs,
    hash,
    lexicons,
    countryZones: COUNTRY_ZONES,
    packIds: new Set(packs.map((pack) => pack.id)),
    languages: languages.length === 0 ? null : languages,
    rulesFor: (channel, purpose) => required(sets.get(`${channel} ${purpose}`), 'rule set'),
  }
}

/** Lowers numbers of base rules as overlays say; raising one is an error that names the rule. */
function applyTightening(packs: readonly Pack[]): readonly Pack[] {
  const lowered = new Map<string, number>()
  for (const pack of packs) {
    for (const { rule: id, max } of pack.tighten ?? []) {
      const rule = packs.flatMap((other) => other.rules).find((candidate) => candidate.id === id)
      if (rule?.kind !== 'cap' || rule.max === 'days-in-month' || max > rule.max) {
        throw new Error(`overlay ${pack.id} may only lower the number of a cap: ${id}`)
      }
      lowered.set(id, Math.min(max, lowered.get(id) ?? max))
    }
  }
  if (lowered.size === 0) return packs
  return packs.map((pack) => ({
    ...pack,
    rules: pack.rules.map((rule) => {
      const max = lowered.get(rule.id)
      return rule.kind === 'cap' && max !== undefined ? { ...rule, max } : rule
    }),
  }))
}

function ruleSet(
  compiled: readonly (CompiledRule | CompiledDuty)[],
  channel: Channel,
  purpose: Purpose,
): RuleSet {
  const concerned = compiled.filter(({ rule }) => mayConcern(rule.applies, channel, purpose))
  const rules = concerned.filter((item): item is CompiledRule => 'check' in item)
  return {
    rules,
    duties: concerned.filter((item): item is CompiledDuty => 'duty' in item),
    edges: [...new Set([0, ...rules.flatMap(({ check }) => check.edges ?? [])])],
    rollingMs: rules.flatMap(({ check }) => check.rollingMs ?? []),
  }
}

function compilePack(pack: Pack, lexicons: Lexicons): (CompiledRule | CompiledDuty)[] {
  const terms: Terms = {
    reply: pack.reply,
    ...(pack.consentGivenTo === undefined ? {} : { consentGivenTo: pack.consentGivenTo }),
  }
  return pack.rules.map((rule) =>
    rule.kind === 'duty' ? compileDuty(rule) : compileRule(rule, terms, lexicons),
  )
}

function compileDuty(rule: RuleOf<'duty'>): CompiledDuty {
  const { id, title, cite } = rule
  const filter = compileApplies(rule.applies)
  const inForce = compileDates(rule)
  return {
    rule,
    applies: (scene) =>
      filter(scene) && inForce(scene) && (rule.firstContact !== true || isFirstContact(scene)),
    duty: { rule: id, title, cite },
  }
}

function isFirstContact(scene: Scene): boolean {
  return !scene.events.some(
    (event) =>
      event.direction !== 'inbound' && event.party !== undefined && event.party === scene.party?.id,
  )
}

function compileRule(
  rule: Exclude<Rule, RuleOf<'duty'>>,
  terms: Terms,
  lexicons: Lexicons,
): CompiledRule {
  const check = compileCheck(rule, terms, lexicons)
  const inForce = compileDates(rule)
  // A window asks for consent to other hours zone by zone, so it is not asked again here.
  const exceptions = rule.unless.filter(
    (exception) =>
      rule.kind !== 'window' ||
      !('consent' in exception && exception.consent === 'contact-outside-hours'),
  )
  const { id, title, cite, severity } = rule
  return {
    rule,
    terms,
    applies: compileApplies(rule.applies),
    check,
    isViolated: (scene) =>
      inForce(scene) && check.violated(scene) && !isLifted(scene, exceptions, terms),
    waitingClears: doesWaitingClear(rule),
    isFixed: isFixed(rule),
    reason: { rule: id, severity, title, cite, clears: clearsOf(rule) },
  }
}

function compileCheck(
  rule: Exclude<Rule, RuleOf<'duty'>>,
  terms: Terms,
  lexicons: Lexicons,
): Check {
  switch (rule.kind) {
    case 'window':
      return checkWindow(rule, terms)
    case 'cap':
      return checkCap(rule)
    case 'gap':
      return checkGap(rule)
    case 'party':
      return checkParty(rule)
    case 'hold':
      return checkHold(rule, terms, {
        name: 'offer',
        in: (text, language) => lexicons.matches('offer', text, language),
      })
    case 'point':
      return checkPoint(rule, terms)
    case 'actor':
      return checkActor(rule)
    case 'content':
      return checkContent(rule, lexicons)
  }
}

/** In force from 00:00 local of `from` until 00:00 local of `to`, as soon and as long as any zone says so. */
function compileDates(rule: Rule): (scene: Scene) => boolean {
  if (rule.from === undefined && rule.to === undefined) return () => true
  const from =
    rule.from === undefined ? null : required(parseLocalDate(rule.from), `${rule.id} from`)
  const to = rule.to === undefined ? null : required(parseLocalDate(rule.to), `${rule.id} to`)
  return (scene) =>
    scene.clocks.some(
      (clock) => (from === null || clock.day >= from) && (to === null || clock.day < to),
    )
}

function doesWaitingClear(rule: Rule): boolean {
  switch (rule.kind) {
    case 'window':
    case 'gap':
    case 'hold':
      return true
    case 'cap':
      return !('ever' in rule.period) && !('hoursSinceInbound' in rule.period)
    case 'party':
      return 'onceUnreachable' in rule.condition
    default:
      return false
  }
}

function isFixed(rule: Rule): boolean {
  if (rule.from !== undefined || rule.to !== undefined || rule.unless.length > 0) return false
  if (rule.kind === 'content') return true
  if (rule.kind === 'point') return !('consent' in rule.condition)
  return rule.kind === 'actor' && !('trainedWithinYears' in rule.condition)
}

const CLEARS: Readonly<Record<Exclude<Rule['kind'], 'duty'>, Clears>> = {
  window: 'time',
  cap: 'time',
  gap: 'time',
  hold: 'hold-ends',
  party: 'other-party',
  point: 'other-point',
  actor: 'other-actor',
  content: 'other-content',
}

function clearsOf(rule: Exclude<Rule, RuleOf<'duty'>>): Clears {
  if (rule.kind === 'party' && 'onceUnreachable' in rule.condition) return 'time'
  return rule.kind === 'cap' && !doesWaitingClear(rule) ? 'never' : CLEARS[rule.kind]
}
