import { parseLocalDate, required } from '@dunlin/kernel'
import { always, compileApplies } from './applies.ts'
import { checkContent } from './check-content.ts'
import { checkActor, checkPoint } from './check-fixed.ts'
import { checkHold } from './check-hold.ts'
import { checkParty } from './check-party.ts'
import { type Check, checkCap, checkGap, checkWindow } from './check-time.ts'
import { kindMask, OUTCOMES } from './event-log.ts'
import { compileLexicons, type Lexicons } from './lexicons.ts'
import type { Pack, Rule, RuleOf } from './pack.ts'
import { isLifted, isValidReply, type Terms } from './relief.ts'
import { type CompiledDuty, type CompiledRule, type RuleTable, ruleTable } from './rule-table.ts'
import type { Scene } from './scene.ts'
import type { Clears } from './verdict.ts'

/** One or more packs compiled once: what `decide` asks. */
export type Policy = {
  readonly packs: readonly Pack[]
  /** Every rule with the numbers that hold, those that an overlay lowered among them. */
  readonly rules: readonly Rule[]
  /** Given by who loads the packs; names the exact rules in evidence. */
  readonly hash: string
  readonly lexicons: Lexicons
} & RuleTable

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
  const languages = commonLanguages(packs)
  return {
    packs,
    rules: compiled.map(({ rule }) => rule),
    hash,
    lexicons,
    ...ruleTable(compiled, languages),
  }
}

/** The languages every pack that names some can read; null when none names any. */
function commonLanguages(packs: readonly Pack[]): readonly string[] | null {
  let common: readonly string[] | null = null
  for (const { languages } of packs) {
    if (languages === undefined) continue
    const known: readonly string[] = common ?? languages
    common = known.filter((language) => languages.includes(language))
  }
  return common
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

function compilePack(pack: Pack, lexicons: Lexicons): (CompiledRule | CompiledDuty)[] {
  const terms: Terms = {
    reply: pack.reply,
    ...(pack.consentGivenTo === undefined ? {} : { consentGivenTo: pack.consentGivenTo }),
  }
  return pack.rules.map((rule) =>
    rule.kind === 'duty' ? compileDuty(rule, terms) : compileRule(rule, terms, lexicons),
  )
}

function compileDuty(rule: RuleOf<'duty'>, terms: Terms): CompiledDuty {
  const { id, title, cite } = rule
  const inForce = compileForce(rule, terms)
  const isConditional = rule.firstContact === true || rule.lackingValidation === true
  return {
    rule,
    applies: compileApplies(rule.applies),
    isDue:
      inForce === always && !isConditional
        ? always
        : (scene) =>
            (rule.firstContact !== true || isFirstContact(scene)) &&
            (rule.lackingValidation !== true || isValidationDue(scene)) &&
            inForce(scene),
    duty: { rule: id, title, cite },
  }
}

function isValidationDue(scene: Scene): boolean {
  return scene.debts.some((debt) => debt?.validationSentAt === undefined)
}

const OURS = kindMask({
  directions: ['outbound', 'reply'],
  channels: undefined,
  outcomes: OUTCOMES,
  via: undefined,
})

/** An event that names nobody proves nothing. */
function isFirstContact({ prepared, intent, party, at, known }: Scene): boolean {
  if (party === undefined) return true
  const { firstOursAtSeconds, firstOursParty } = prepared
  if (firstOursParty === intent.party && firstOursAtSeconds * 1000 <= at) return false
  const { log } = prepared
  for (let index = 0; index < known; index += 1) {
    if (log.given[index]?.party === party.id && log.isKind(index, OURS)) return false
  }
  return true
}

function compileRule(
  rule: Exclude<Rule, RuleOf<'duty'>>,
  terms: Terms,
  lexicons: Lexicons,
): CompiledRule {
  const check = compileCheck(rule, terms, lexicons)
  const isInForce = compileForce(rule, terms)
  // A window asks for consent to other hours zone by zone, so it is not asked again here.
  // A consent to more calls frees debts one by one, inside caps and gaps.
  const exceptions = rule.unless.filter(
    (exception) =>
      !('forDays' in exception) &&
      (rule.kind !== 'window' ||
        !('consent' in exception && exception.consent === 'contact-outside-hours')),
  )
  const { id, title, cite, severity } = rule
  const isLiftedNow = (scene: Scene) => isLifted(scene, exceptions, terms)
  return {
    rule,
    terms,
    applies: compileApplies(rule.applies),
    check,
    isViolated: (scene) => check.violated(scene) && isInForce(scene) && !isLiftedNow(scene),
    isInForce,
    isLifted: isLiftedNow,
    needs: neededFact(rule),
    waitingClears: doesWaitingClear(rule),
    isFixed: isFixed(rule),
    reason: { rule: id, severity, title, cite, clears: clearsOf(rule) },
  }
}

/** What a rule must know to be answered at all (RULES.md section 3, rule facts). */
function neededFact(rule: Rule): CompiledRule['needs'] {
  const condition: object = 'condition' in rule ? rule.condition : {}
  if ('providerTakesCollection' in condition) {
    return ({ intent }) =>
      intent.provider?.collectionContent === undefined
        ? 'intent.provider.collectionContent'
        : undefined
  }
  if ('listed' in condition) {
    return ({ intent }) => (intent.actor?.listed === undefined ? 'intent.actor.listed' : undefined)
  }
  if ('oneBorrowerAudience' in condition) {
    return ({ intent }) =>
      intent.audience?.borrowers === undefined ? 'intent.audience.borrowers' : undefined
  }
  if (rule.kind === 'cap' && rule.scope === 'agent+party') {
    return ({ intent }) => (intent.actor?.id === undefined ? 'intent.actor.id' : undefined)
  }
  return undefined
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
      return checkCap(rule, terms)
    case 'gap':
      return checkGap(rule, terms)
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

/** Dates and direction: what makes a rule binding and may change with time. */
function compileForce(rule: Rule, terms: Terms): (scene: Scene) => boolean {
  const isDated = compileDates(rule)
  const { directions } = rule.applies
  if (directions === undefined) return isDated
  return (scene) =>
    directions.includes(isValidReply(scene, terms) ? 'reply' : 'outbound') && isDated(scene)
}

/** In force from 00:00 local of `from` until 00:00 local of `to`, as soon and as long as any zone says so. */
function compileDates(rule: Rule): (scene: Scene) => boolean {
  if (rule.from === undefined && rule.to === undefined) return always
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
      return true
    case 'hold':
      return rule.hold !== 'validation-dispute'
    case 'cap':
      return !('ever' in rule.period) && !('hoursSinceInbound' in rule.period)
    case 'party':
      return 'onceUnreachable' in rule.condition
    default:
      return false
  }
}

function isFixed(rule: Rule): boolean {
  const isBoundToTime = rule.from !== undefined || rule.to !== undefined
  if (isBoundToTime || rule.applies.directions !== undefined || rule.unless.length > 0) return false
  if (rule.kind === 'content')
    return !('lacks' in rule.condition && rule.condition.duringValidation === true)
  if (rule.kind === 'point')
    return !('consent' in rule.condition || 'answeredWithinDays' in rule.condition)
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
  if (rule.kind === 'hold' && rule.hold === 'validation-dispute') return 'fact'
  if (rule.kind === 'party' && 'onceUnreachable' in rule.condition) return 'time'
  return rule.kind === 'cap' && !doesWaitingClear(rule) ? 'never' : CLEARS[rule.kind]
}
