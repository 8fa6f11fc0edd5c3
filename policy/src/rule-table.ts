import { always, compileApplies, mayConcern } from './applies.ts'
import { isKeptByPlainPoint } from './check-fixed.ts'
import type { Check } from './check-time.ts'
import type { Rule, RuleOf } from './pack.ts'
import { holdBit } from './prepare.ts'
import type { Terms } from './relief.ts'
import type { Scene } from './scene.ts'
import type { Duty, Reason } from './verdict.ts'
import { CHANNELS, type Channel, PURPOSES, type Purpose, VIAS } from './vocabulary.ts'

// Which rules can concern a contact at all. The channel, the purpose, who the person is, who acts, by
// which way of sending and whether there is text take few values, so the rules of each combination are
// chosen when it first comes up, and kept. Nothing of facts or answers is kept.

/** A rule ready to be asked. */
export type CompiledRule = {
  readonly rule: Rule
  readonly terms: Terms
  readonly applies: (scene: Scene) => boolean
  readonly check: Check
  /** Violated at the scene's instant, in force, and lifted by nothing. */
  readonly isViolated: (scene: Scene) => boolean
  readonly isInForce: (scene: Scene) => boolean
  readonly isLifted: (scene: Scene) => boolean
  /** The path of a fact that the rule needs and the contact does not have. */
  readonly needs: ((scene: Scene) => string | undefined) | undefined
  readonly waitingClears: boolean
  /** The same at every instant: asked once, not while searching for the earliest moment. */
  readonly isFixed: boolean
  readonly reason: Reason
}
/** A rule about one kind of hold: asked only where a hold of the kind is on record. */
export type CompiledHold = { readonly compiled: CompiledRule; readonly bit: number }
export type CompiledDuty = {
  readonly rule: RuleOf<'duty'>
  readonly applies: (scene: Scene) => boolean
  /** In force and called for, where it applies. */
  readonly isDue: (scene: Scene) => boolean
  readonly duty: Duty
}

export type RuleSet = {
  readonly rules: readonly CompiledRule[]
  /** Rules that only a recorded hold, or a death, can break: most borrowers have neither. */
  readonly holds: readonly CompiledHold[]
  /** The duties that come with a permit; the same lists again and again. */
  readonly dutiesFor: (scene: Scene) => readonly Duty[]
  /** Blocking rules whose answer may change with time: what the search for the earliest moment asks. */
  readonly changing: readonly CompiledRule[]
  /** Whether every changing rule concerns every contact of this set, so that none need be asked. */
  readonly isChangingForAll: boolean
  readonly changingHolds: readonly CompiledHold[]
  /** Rules that need a fact which facts and intents may leave out. */
  readonly needs: readonly CompiledRule[]
  readonly languages: readonly string[] | null
  readonly edges: readonly number[]
  readonly rollingMs: readonly number[]
}

type Item = CompiledRule | CompiledDuty
type Languages = readonly string[] | null

export type RuleTable = {
  /** The rules that can be broken by a contact like the scene's. */
  readonly rulesFor: (scene: Scene) => RuleSet
  /** The rules of its channel and purpose, also those about other people, actors and ways of sending. */
  readonly rulesConsidered: (scene: Scene) => readonly CompiledRule[]
}

/** Sorts the rules of a policy into drawers by channel and purpose, and by presence of text. */
export function ruleTable(compiled: readonly Item[], languages: Languages): RuleTable {
  const wordless = compiled.filter(({ rule }) => !readsText(rule))
  const texts: Record<string, Record<string, Drawer>> = {}
  const noTexts: typeof texts = {}
  for (const channel of CHANNELS) {
    texts[channel] = drawersOf(compiled, channel)
    noTexts[channel] = drawersOf(wordless, channel)
  }
  const drawerOf = (scene: Scene): Drawer => {
    const table = scene.intent.content?.text === undefined ? noTexts : texts
    const drawer = table[scene.channel]?.[scene.purpose]
    if (drawer === undefined) throw new Error(`no rules for ${scene.channel} ${scene.purpose}`)
    return drawer
  }
  return {
    rulesFor: (scene) => {
      const drawer = drawerOf(scene)
      const facet = facetOf(scene)
      const known = drawer.sets[facet]
      if (known !== undefined) return known
      const made = ruleSet(narrowed(drawer.items, scene), languages)
      drawer.sets[facet] = made
      return made
    },
    rulesConsidered: (scene) => rulesOf(drawerOf(scene).items),
  }
}

/** The rules of a channel and a purpose, and the sets already made of them. */
type Drawer = { readonly items: readonly Item[]; readonly sets: RuleSet[] }

function drawersOf(items: readonly Item[], channel: Channel): Record<string, Drawer> {
  return Object.fromEntries(
    PURPOSES.map((purpose: Purpose) => [
      purpose,
      { items: items.filter(({ rule }) => mayConcern(rule.applies, channel, purpose)), sets: [] },
    ]),
  )
}

/** Person, point, actor and way of sending as one small number. */
function facetOf({ relation, isPointPlain, isObligor, intent: { via, actor } }: Scene): number {
  const person = (relation * 2 + (isObligor ? 1 : 0)) * 2 + (isPointPlain ? 1 : 0)
  // A word that is none of ours has a place of its own, and whatever its rules say of it.
  const way = via === undefined ? NO_VIA : VIAS.indexOf(via) + 1
  const robot = actor?.kind === 'robot' ? 1 : 0
  const agency = actor?.agency === undefined ? 0 : 1
  return ((person * (NO_VIA + 1) + way) * 2 + robot) * 2 + agency
}

const NO_VIA = VIAS.length + 1

/** Rules that the facets of this scene do not rule out, with filters that ask only what is left to ask. */
function narrowed(items: readonly Item[], scene: Scene): Item[] {
  return items.flatMap((item): Item[] => {
    if (scene.isPointPlain && isKeptByPlainPoint(item.rule)) return []
    const { party, relations, notRelations, actors, agency, via, ...rest } = item.rule.applies
    const byFacet = compileApplies({ party, relations, notRelations, actors, agency, via })
    return byFacet(scene) ? [{ ...item, applies: compileApplies(rest) }] : []
  })
}

/** Whether a rule can only be violated by a text. */
function readsText(rule: Rule): boolean {
  if (rule.kind !== 'content') return false
  return ['contains', 'lacks', 'lacksPhrases', 'first'].some((key) => key in rule.condition)
}

function rulesOf(items: readonly Item[]): CompiledRule[] {
  return items.filter((item): item is CompiledRule => 'check' in item)
}

function ruleSet(items: readonly Item[], languages: Languages): RuleSet {
  const all = rulesOf(items)
  const holds = all.flatMap(toHold)
  const rules = all.filter((item) => toHold(item).length === 0)
  const doesChange = ({ rule, isFixed }: CompiledRule) => rule.severity !== 'advise' && !isFixed
  const changing = rules.filter(doesChange)
  return {
    rules,
    holds,
    dutiesFor: dutyLists(items.filter((item): item is CompiledDuty => 'duty' in item)),
    changing,
    isChangingForAll: changing.every(({ applies }) => applies === always),
    changingHolds: holds.filter(({ compiled }) => doesChange(compiled)),
    needs: rules.filter(({ needs }) => needs !== undefined),
    languages,
    edges: [...new Set([0, ...rules.flatMap(({ check }) => check.edges ?? [])])],
    rollingMs: rules.flatMap(({ check }) => check.rollingMs ?? []),
  }
}

/** Most duties are always due, so there are few lists: each is made once. */
function dutyLists(duties: readonly CompiledDuty[]): RuleSet['dutiesFor'] {
  const isSteady = ({ applies, isDue }: CompiledDuty) => applies === always && isDue === always
  const open = duties.filter((duty) => !isSteady(duty))
  const known: (readonly Duty[])[] = []
  return (scene) => {
    let which = 0
    for (let place = 0; place < open.length; place += 1) {
      const duty = open[place]
      if (duty?.applies(scene) === true && duty.isDue(scene)) which |= 1 << place
    }
    const made = known[which]
    if (made !== undefined) return made
    const due = duties.filter((duty) => isSteady(duty) || (which >> open.indexOf(duty)) % 2 === 1)
    const list = due.map(({ duty }) => duty)
    known[which] = list
    return list
  }
}

/** The rule with the bit of its kind, where only a recorded hold, or a death, can break it. */
function toHold(compiled: CompiledRule): CompiledHold[] {
  const { rule } = compiled
  if (rule.kind !== 'hold' || rule.hold === 'validation-dispute') return []
  return [{ compiled, bit: holdBit(rule.hold) }]
}
