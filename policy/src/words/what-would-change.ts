import { formatInstant, type Instant, instant, parseInstant } from '@dunlin/kernel'
import type { Policy } from '../compile.ts'
import { decide } from '../decide.ts'
import type { Consent, Facts, Intent, Point } from '../facts.ts'
import type { Rule } from '../pack.ts'
import type { Reason, Text, Verdict } from '../verdict.ts'
import type { Channel, ConsentKind } from '../vocabulary.ts'
import { wordIn } from './words.ts'

/** One thing that would be different, and the answer that the gate then gives. */
export type Change = {
  readonly what: Text
  readonly leadsTo: Verdict['verdict'] | 'unknown'
  /** When the answer would still be to wait: until then. */
  readonly until: string | null
}

type Asked = { readonly facts: Facts; readonly intent: Intent; readonly verdict: Verdict }

/** What would change a refusal or a deferral; each is tried on the same gate with the rest as it was. */
export function changesOf(policy: Policy, asked: Asked): Change[] {
  const { facts, intent, verdict } = asked
  if (verdict.verdict === 'permit') return []
  const tried = (what: Text, other: { facts?: Facts; intent?: Intent }): Change =>
    changeOf(what, decide(policy, other.facts ?? facts, other.intent ?? intent))
  return [
    ...waiting(verdict),
    ...missingFacts(verdict.reasons),
    ...otherWays(facts, intent).map(({ what, intent: other }) => tried(what, { intent: other })),
    ...endedHolds(facts, verdict.reasons).map(({ what, facts: other }) =>
      tried(what, { facts: other }),
    ),
    ...givenConsents(policy, asked).map(({ what, facts: other }) => tried(what, { facts: other })),
    ...otherActors(intent, verdict.reasons).map(({ what, intent: other }) =>
      tried(what, { intent: other }),
    ),
    ...otherWords(intent, verdict.reasons).map(({ what, intent: other }) =>
      tried(what, { intent: other }),
    ),
  ]
}

function changeOf(what: Text, verdict: Verdict): Change {
  const until = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  return { what, leadsTo: verdict.verdict, until }
}

function waiting(verdict: Verdict): Change[] {
  if (verdict.verdict !== 'defer') return []
  const what = { zh: '等到最早合法时刻', en: 'waiting until the earliest lawful moment' }
  return [{ what, leadsTo: 'permit', until: formatInstant(verdict.until) }]
}

function missingFacts(reasons: readonly Reason[]): Change[] {
  return reasons.flatMap(({ field }) =>
    field === undefined
      ? []
      : [
          {
            what: { zh: `补充事实：${field}`, en: `giving the missing fact: ${field}` },
            leadsTo: 'unknown' as const,
            until: null,
          },
        ],
  )
}

const CHANNELS_OF: Readonly<Record<Point['kind'], readonly Channel[]>> = {
  phone: ['call', 'robot-call', 'sms'],
  email: ['email'],
  wecom: ['wecom'],
  address: ['letter', 'visit'],
  push: ['push'],
}

/** Every other channel to every contact point of the same person. */
function otherWays(facts: Facts, intent: Intent): { what: Text; intent: Intent }[] {
  return facts.points
    .filter(({ party }) => party === intent.party)
    .flatMap((point) =>
      CHANNELS_OF[point.kind]
        .filter((channel) => channel !== intent.channel || point.id !== intent.point)
        .map((channel) => ({
          what: {
            zh: `改用${wordIn(channel, 'zh')}（联系方式 ${point.id}）`,
            en: `${wordIn(channel, 'en')} instead (contact point ${point.id})`,
          },
          intent: { ...intent, channel, point: point.id },
        })),
    )
}

/** Each kind of hold that stands in the way, taken away. */
function endedHolds(facts: Facts, reasons: readonly Reason[]): { what: Text; facts: Facts }[] {
  if (!reasons.some(({ clears }) => clears === 'hold-ends')) return []
  return [...new Set(facts.holds.map(({ kind }) => kind))].map((kind) => ({
    what: {
      zh: `停催（${wordIn(kind, 'zh')}）结束`,
      en: `the end of the hold: ${wordIn(kind, 'en')}`,
    },
    facts: { ...facts, holds: facts.holds.filter((hold) => hold.kind !== kind) },
  }))
}

/** Each consent that one of the broken rules would accept. */
function givenConsents(
  policy: Policy,
  { facts, intent, verdict }: Asked,
): { what: Text; facts: Facts }[] {
  const since = justBefore(intent.at)
  const { party } = intent
  if (since === null || party === undefined || verdict.verdict === 'permit') return []
  const broken = new Set(verdict.reasons.map(({ rule }) => rule))
  const rules = policy.packs.flatMap((pack) => pack.rules).filter(({ id }) => broken.has(id))
  return [...new Set(rules.flatMap(consentsOf))].map((kind) => {
    const consent: Consent = { kind, party, from: formatInstant(since), givenTo: 'collector' }
    return {
      what: {
        zh: `本人给出同意：${wordIn(kind, 'zh')}`,
        en: `the person’s consent to ${wordIn(kind, 'en')}`,
      },
      facts: { ...facts, consents: [...facts.consents, consent] },
    }
  })
}

function consentsOf(rule: Rule): ConsentKind[] {
  const kinds = rule.unless.flatMap((exception) =>
    'consent' in exception ? [exception.consent] : [],
  )
  if (rule.kind === 'hold' && rule.allow.consent !== undefined) kinds.push(rule.allow.consent)
  if (rule.kind === 'point' && 'consent' in rule.condition) kinds.push(rule.condition.consent)
  return kinds
}

function justBefore(at: string): Instant | null {
  const asked = parseInstant(at)
  return asked === null ? null : instant(asked - 1000)
}

function otherActors(intent: Intent, reasons: readonly Reason[]): { what: Text; intent: Intent }[] {
  if (!reasons.some(({ clears }) => clears === 'other-actor')) return []
  const { trainedAt: _old, ...actor } = intent.actor ?? { kind: 'agent' }
  const fit = { ...actor, certified: true, listed: true, device: 'company', persons: 2 } as const
  return [
    {
      what: {
        zh: '由持证、受训、在名单内的人员执行',
        en: 'a certified, trained and listed person doing it',
      },
      intent: { ...intent, actor: fit },
    },
  ]
}

/** Other words: whether anything but the words stands in the way. */
function otherWords(intent: Intent, reasons: readonly Reason[]): { what: Text; intent: Intent }[] {
  if (!reasons.some(({ clears }) => clears === 'other-content')) return []
  const { text: _text, ...content } = intent.content ?? {}
  return [
    {
      what: { zh: '改用合规的内容', en: 'words that the rules allow' },
      intent: { ...intent, content },
    },
  ]
}
