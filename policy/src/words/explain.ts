import {
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  localDay,
  localTimeMs,
  parseInstant,
  type Zone,
} from '@dunlin/kernel'
import type { Policy } from '../compile.ts'
import { decidePrepared } from '../decide.ts'
import type { Facts, Intent } from '../facts.ts'
import { partyOf, prepareFacts, zonesOfParty } from '../prepare.ts'
import type { CompiledRule } from '../rule-table.ts'
import { type Scene, setScene } from '../scene.ts'
import type { Cite, Clears, Text, Verdict } from '../verdict.ts'
import type { Severity } from '../vocabulary.ts'
import { ruleInWords } from './rule-in-words.ts'
import { type Change, changesOf } from './what-would-change.ts'

/** One rule as it was considered: whether it concerns the contact, what it found, what would change it. */
export type Considered = {
  readonly rule: string
  readonly kind: string
  readonly severity: Severity
  readonly title: Text
  /** What it demands, in a sentence with its figures. */
  readonly says: Text
  readonly cite: Cite
  /** Not about this contact · holds · broken, but lifted by a reply, a consent or a date · broken. */
  readonly state: 'not-concerned' | 'holds' | 'lifted' | 'broken'
  readonly clears: Clears
  readonly figures?: { readonly used: number; readonly of: number }
}

/** A moment as the walls of the person's candidate zones show it. */
export type LocalMoment = { readonly zone: string; readonly time: string }

export type Explanation = {
  readonly verdict: Verdict
  /** RFC 3339, for a deferral. */
  readonly until: string | null
  readonly untilLocal: readonly LocalMoment[]
  readonly asked: {
    readonly at: string
    readonly local: readonly LocalMoment[]
    readonly channel: string
    readonly purpose: string
    readonly direction: string
    readonly relation: string | null
    readonly actor: string
  }
  readonly considered: readonly Considered[]
  readonly changes: readonly Change[]
  /** Packs in force, as `id version`. */
  readonly packs: readonly string[]
}

/**
 * The verdict with every rule that the channel and the purpose bring in and what each of them found, and
 * with what would change the answer, each tried. No rule is told when facts are missing without which none
 * was asked.
 */
export function explain(policy: Policy, facts: Facts, intent: Intent): Explanation {
  const prepared = prepareFacts(facts)
  const verdict = decidePrepared(policy, prepared, intent)
  const set = setScene(prepared, intent)
  const party = partyOf(prepared, intent.party)
  const zones = zonesOfParty(prepared.zones, party) ?? []
  const at = parseInstant(intent.at)
  const until = verdict.verdict === 'defer' ? verdict.until : null
  return {
    verdict,
    until: until === null ? null : formatInstant(until),
    untilLocal: until === null ? [] : localMoments(zones, until),
    asked: {
      at: intent.at,
      local: at === null ? [] : localMoments(zones, at),
      channel: intent.channel,
      purpose: intent.purpose ?? 'collect',
      direction: intent.direction ?? 'outbound',
      relation: party?.relation ?? null,
      actor: intent.actor?.kind ?? 'agent',
    },
    considered:
      'missing' in set
        ? []
        : policy.rulesConsidered(set.scene).map((rule) => consider(rule, set.scene)),
    changes: verdict.verdict === 'permit' ? [] : changesOf(policy, { facts, intent, verdict }),
    packs: policy.packs.map(({ id, version }) => `${id} ${version}`),
  }
}

/** How the walls of zones show an instant. */
export function localMoments(zones: readonly Zone[], at: Instant): LocalMoment[] {
  return zones.map((zone) => {
    const seconds = Math.floor(localTimeMs(zone, at) / 1000)
    const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    const time = clock.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')
    return { zone: zone.name, time: `${formatLocalDate(localDay(zone, instant(at)))} ${time}` }
  })
}

function consider(compiled: CompiledRule, scene: Scene): Considered {
  const { rule, reason, check } = compiled
  const { id, kind, severity, title, cite } = rule
  const measured = check.measure?.(scene)
  return {
    rule: id,
    kind,
    severity,
    title,
    says: ruleInWords(rule),
    cite,
    state: stateOf(compiled, scene),
    clears: reason.clears,
    ...(measured === undefined ? {} : { figures: { used: measured.used, of: measured.of } }),
  }
}

function stateOf(compiled: CompiledRule, scene: Scene): Considered['state'] {
  if (!compiled.applies(scene)) return 'not-concerned'
  if (compiled.isViolated(scene)) return 'broken'
  return compiled.check.violated(scene) ? 'lifted' : 'holds'
}
