import { civil, localDay, localTimeMs, parseInstant, required, zoneNamed } from '@dunlin/kernel'
import { channelsOf, normaliseText, type Pack, type Rule } from '@dunlin/policy'
import type { GateCase } from './gate-cases.ts'

// What the peers are given: plain values worked out from the raw case, because neither of them counts
// past events, knows a wall clock or reads a text by itself.

const SHANGHAI = required(zoneNamed('Asia/Shanghai'), 'zone')
export const LIVE = [
  'call',
  'robot-call',
  'sms',
  'email',
  'push',
  'wecom',
  'wecom-group',
  'visit',
] as const
export const VOICE: readonly string[] = ['call', 'robot-call']
const FAILED = ['no-answer', 'busy', 'not-connected', 'voicemail', 'failed', 'invalid']
export const OBLIGORS: readonly string[] = ['borrower', 'co-borrower', 'guarantor']
export const HOLDS = [
  'dispute',
  'hardship',
  'attorney',
  'cease',
  'channel-stop',
  'breathing-space',
  'bankruptcy',
  'deceased',
  'bereavement',
  'complaint',
  'disaster',
  'inconvenient-time',
  'inconvenient-place',
  'plan-active',
  'third-party-stop',
] as const

/** Values that every case has at hand. */
export function plainFacts({ facts, intent }: GateCase) {
  const point = facts.points.find(({ id }) => id === intent.point)
  const party = facts.parties.find(({ id }) => id === intent.party)
  const relation = party?.relation ?? 'other'
  return {
    channel: intent.channel,
    purpose: intent.purpose ?? 'collect',
    relation,
    isThird: !OBLIGORS.includes(relation),
    pointParty: point?.party ?? '',
    health: point?.health ?? 'ok',
    source: point?.source ?? 'contract',
    certified: intent.actor?.certified ?? true,
    persons: intent.actor?.persons ?? 1,
    agency: intent.actor?.agency !== undefined,
    takesCollection: intent.provider?.collectionContent === true,
    minute: Math.floor(localTimeMs(SHANGHAI, ms(intent.at)) / 60_000),
    via: intent.via ?? 'none',
    hasText: intent.content?.text !== undefined,
    contentKind: intent.content?.kind ?? 'none',
    text: intent.content?.text ?? '',
  }
}

/** Values that are dear, each worked out only where it is asked for. */
export const DERIVED = {
  effectiveToday: (given: GateCase) => countToday(given, (event) => event.effective === true),
  unansweredToday: (given: GateCase) =>
    countToday(
      given,
      (event) => event.effective !== true && FAILED.includes(event.line ?? 'no-answer'),
    ),
  openHolds: ({ facts, intent }: GateCase): string[] =>
    facts.holds
      .filter(
        ({ from, to }) => ms(from) <= ms(intent.at) && (to === undefined || ms(intent.at) < ms(to)),
      )
      .map(({ kind }) => kind),
  normalised: ({ intent }: GateCase) => normaliseText(intent.content?.text ?? ''),
  trainingOver: ({ intent }: GateCase): boolean => {
    const trained = intent.actor?.trainedAt
    if (trained === undefined) return false
    const { year, month, dayOfMonth } = civil(localDay(SHANGHAI, ms(intent.at)))
    const today = `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`
    return today > `${Number(trained.slice(0, 4)) + 1}${trained.slice(4)}`
  },
} as const

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

/** A content rule as the peers need it: its patterns, what they are matched against, and for whom. */
export type ContentRule = {
  readonly id: string
  readonly says: 'lacks' | 'contains'
  readonly reads: 'text' | 'normalised'
  readonly patterns: readonly RegExp[]
  readonly channels: readonly string[] | null
  readonly contentKinds: readonly string[] | null
  readonly agencyOnly: boolean
  readonly thirdOnly: boolean
}

export function contentRules(packs: readonly Pack[]): ContentRule[] {
  return packs.flatMap((pack) => pack.rules.flatMap((rule) => contentRule(rule, pack)))
}

function contentRule(rule: Rule, pack: Pack): ContentRule[] {
  if (rule.kind !== 'content') return []
  const { id, condition, applies } = rule
  const patternsOf = (names: readonly string[]) =>
    names.map((name) => new RegExp(required(pack.lexicons[name], name)['zh-CN']))
  const filters = {
    id,
    channels: applies.channels?.flatMap((word) => [...channelsOf(word)]) ?? null,
    contentKinds: applies.contentKinds ?? null,
    agencyOnly: applies.agency === true,
    thirdOnly: applies.party !== undefined,
  }
  if ('lacks' in condition) {
    const reads = condition.normalise === true ? 'normalised' : 'text'
    return [{ ...filters, says: 'lacks', reads, patterns: patternsOf(condition.lacks) }]
  }
  if (!('contains' in condition)) return []
  return [{ ...filters, says: 'contains', reads: 'text', patterns: patternsOf(condition.contains) }]
}
