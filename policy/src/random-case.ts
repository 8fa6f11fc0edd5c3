import { formatInstant, instant, pick, type Random, randomInt } from '@dunlin/kernel'
import { type Facts, factsSchema, type Intent, intentSchema } from './facts.ts'
import {
  CHANNELS,
  CONSENT_KINDS,
  HEALTHS,
  HOLD_KINDS,
  LINES,
  PURPOSES,
  RELATIONS,
  SOURCES,
} from './vocabulary.ts'

// Random facts and intents: for the properties of the gate, and to find a witness for a difference
// between two policies. Zones change their offset on the days around which the cases lie, and
// instants prefer the edges of hours.

const ZONES = [
  'Asia/Shanghai',
  'America/New_York',
  'America/Los_Angeles',
  'Australia/Lord_Howe',
  'Europe/London',
  'Africa/Cairo',
] as const
/** Around changes of offset in spring and autumn, a month's end and a leap day. */
const MOMENTS = [
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2026, 3, 24),
  Date.UTC(2026, 9, 31, 22),
  Date.UTC(2026, 10, 1, 6),
  Date.UTC(2026, 11, 31, 16),
  Date.UTC(2028, 1, 29, 12),
] as const
const DAY_MS = 86_400_000
const TEXTS = ['请于6月1日前还款100元', '后果自负', '老赖', '您好', '请尽快处理账单'] as const
const RANGES = ['08:00-22:00', '22:00-07:30', '12:00-13:00', '00:00-24:00'] as const

export type RandomCase = { readonly facts: Facts; readonly intent: Intent; readonly at: number }

/** One random case; most of its facts are plausible, some are hostile. */
export function randomCase(random: Random): RandomCase {
  const at = momentNear(random, pick(random, [...MOMENTS]))
  const facts: unknown = {
    borrower: {
      country: pick(random, ['CN', 'US', 'GB']),
      zones: someOf(random, ZONES, 1, 2),
      ...(random() < 0.2
        ? { holidays: [iso(at + randomInt(random, -2, 4) * DAY_MS).slice(0, 10)] }
        : {}),
      ...(random() < 0.05 ? { status: 'deceased' } : {}),
      ...(random() < 0.2 ? { unreachableSince: iso(at - randomInt(random, 0, 5) * DAY_MS) } : {}),
    },
    parties: [
      { id: 'p1', relation: 'borrower' },
      { id: 'p2', relation: pick(random, [...RELATIONS]) },
    ],
    points: [
      {
        id: 't1',
        party: 'p1',
        kind: 'phone',
        health: random() < 0.9 ? 'ok' : pick(random, [...HEALTHS]),
        ...(random() < 0.1 ? { source: pick(random, [...SOURCES]) } : {}),
        ...(random() < 0.1 ? { work: true, employerForbids: random() < 0.5 } : {}),
      },
      { id: 't2', party: random() < 0.9 ? 'p2' : 'p1', kind: 'phone' },
    ],
    debts: [
      { id: 'd1', ...datesNear(random, at) },
      { id: 'd2', ...datesNear(random, at) },
    ],
    consents: times(random, 0, 2, () => consentNear(random, at)),
    holds: times(random, 0, 2, () => holdNear(random, at)),
    history: times(random, 0, 12, () => eventNear(random, at)),
  }
  return { facts: factsSchema.parse(facts), intent: intentNear(random, at), at }
}

function intentNear(random: Random, at: number): Intent {
  const person = random() < 0.8 ? '1' : '2'
  const intent: unknown = {
    at: iso(at),
    channel: pick(random, ['call', 'robot-call', 'sms', 'email', ...CHANNELS]),
    purpose: random() < 0.7 ? 'collect' : pick(random, [...PURPOSES]),
    party: `p${person}`,
    point: `t${person}`,
    direction: random() < 0.8 ? 'outbound' : 'reply',
    actor: { kind: 'agent', id: 'a1', certified: random() < 0.95, trainedAt: '2026-01-31' },
    provider: { collectionContent: true },
    ...(random() < 0.3
      ? { content: { text: pick(random, [...TEXTS]), language: 'zh-CN', kind: 'script' } }
      : {}),
  }
  return intentSchema.parse(intent)
}

function datesNear(random: Random, at: number): object {
  return {
    ...(random() < 0.5 ? { noticeSentAt: iso(at - randomInt(random, 0, 9) * DAY_MS) } : {}),
    ...(random() < 0.3 ? { validationSentAt: iso(at - randomInt(random, -2, 45) * DAY_MS) } : {}),
    ...(random() < 0.2 ? { product: pick(random, ['student-loan', 'microfinance']) } : {}),
    ...(random() < 0.2 ? { accountNumber: 'one' } : {}),
  }
}

function consentNear(random: Random, at: number): unknown {
  return {
    kind: pick(random, ['contact-outside-hours', 'more-calls', ...CONSENT_KINDS]),
    ...(random() < 0.7 ? { from: iso(momentNear(random, at - DAY_MS)) } : {}),
    ...(random() < 0.7 ? { to: iso(momentNear(random, at + DAY_MS)) } : {}),
    ...(random() < 0.4 ? { hours: [pick(random, [...RANGES])] } : {}),
    ...(random() < 0.5 ? { givenTo: 'collector' } : {}),
  }
}

function holdNear(random: Random, at: number): unknown {
  const scope = random() < 0.5 ? { hours: [pick(random, [...RANGES])] } : { party: 'p1' }
  return {
    kind: pick(random, [...HOLD_KINDS]),
    from: iso(momentNear(random, at)),
    ...(random() < 0.8 ? { to: iso(momentNear(random, at + 2 * DAY_MS)) } : {}),
    ...(random() < 0.6 ? { scope } : {}),
  }
}

function eventNear(random: Random, at: number): unknown {
  return {
    at: iso(at - randomInt(random, 0, 9 * 86_400) * 1000),
    channel: pick(random, ['call', 'call', 'sms', 'email']),
    direction: pick(random, ['outbound', 'outbound', 'outbound', 'inbound', 'reply']),
    ...(random() < 0.9 ? { party: 'p1' } : {}),
    ...(random() < 0.9 ? { point: 't1' } : {}),
    ...(random() < 0.8 ? { debts: [pick(random, ['d1', 'd2'])] } : {}),
    ...(random() < 0.9 ? { line: pick(random, [...LINES]) } : {}),
    effective: random() < 0.4,
  }
}

/** Within a day and a half, half of the time on the edge of an hour. */
function momentNear(random: Random, at: number): number {
  const moved = at + randomInt(random, -36 * 3600, 36 * 3600) * 1000
  return random() < 0.5 ? Math.round(moved / 3_600_000) * 3_600_000 : moved
}

function times<T>(random: Random, low: number, high: number, make: () => T): T[] {
  return Array.from({ length: randomInt(random, low, high) }, make)
}

function someOf<T>(random: Random, items: readonly [T, ...T[]], low: number, high: number): T[] {
  return [...new Set(times(random, low, high, () => pick(random, [...items])))]
}

export function iso(ms: number): string {
  return formatInstant(instant(ms))
}
