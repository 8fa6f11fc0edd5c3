import { formatInstant, instant, pick, type Random, randomInt, seededRandom } from '@dunlin/kernel'
import {
  type Channel,
  decide,
  type Facts,
  factsSchema,
  type Intent,
  intentSchema,
  type Line,
  type Policy,
} from '@dunlin/policy'

export type GateCase = { readonly facts: Facts; readonly intent: Intent }

/** Shares of the verdicts among the cases, in percent. */
const MIX = { permit: 60, defer: 25, refuse: 15 } as const
type Wanted = keyof typeof MIX

const SEED = 20_261_124
const DAY_MS = 86_400_000
/** 2026-06-01T00:00 in Shanghai. */
const FIRST_DAY_MS = Date.UTC(2026, 4, 31, 16)

/** Distinct seeded cases: so many past events each, verdicts in the shares of MIX, a third with text. */
export function gateCases(policy: Policy, count: number, events: number): GateCase[] {
  const random = seededRandom(SEED + events)
  const cases: GateCase[] = []
  for (const wanted of ['permit', 'defer', 'refuse'] as const) {
    const share = Math.round((count * MIX[wanted]) / 100)
    let left = share
    while (left > 0) {
      const made = makeCase(random, { wanted, events, withText: left % 3 === 0 })
      if (decide(policy, made.facts, made.intent).verdict !== wanted) continue
      cases.push(made)
      left -= 1
    }
  }
  // Received in the order in which they are decided, as they are when decisions are asked for; what is
  // known of a borrower lies there before a question comes.
  const mixed = shuffle(random, cases)
  const known = mixed.map(({ facts }) => factsSchema.parse(read(facts)))
  const asked = mixed.map(({ intent }) => intentSchema.parse(read(intent)))
  return known.flatMap((facts, index) => {
    const intent = asked[index]
    return intent === undefined ? [] : [{ facts, intent }]
  })
}

/** As it comes over a wire. */
function read(sent: unknown): unknown {
  return JSON.parse(JSON.stringify(sent))
}

type Order = { readonly wanted: Wanted; readonly events: number; readonly withText: boolean }

function makeCase(random: Random, order: Order): GateCase {
  const isBad = order.wanted === 'refuse'
  const isLate = order.wanted === 'defer' && random() < 0.7
  const at = momentOf(random, isLate)
  const channel = order.withText
    ? pick<Channel>(random, ['sms', 'sms', 'email', 'wecom'])
    : pick<Channel>(random, ['call', 'call', 'call', 'robot-call', 'sms', 'sms', 'email', 'wecom'])
  const facts: Facts = {
    borrower: { country: 'CN', zones: ['Asia/Shanghai'] },
    parties: [
      { id: 'p1', relation: 'borrower' },
      { id: 'p2', relation: pick(random, ['relative', 'colleague', 'guarantor']) },
    ],
    points: [ownPoint(channel, isBad && random() < 0.4), OTHERS_POINT],
    debts: [{ id: `d${randomInt(random, 1, 999_999)}` }, { id: 'other' }],
    consents: [],
    holds: holdsOf(random, order.wanted, at),
    history: historyOf(random, {
      at,
      events: order.events,
      crowded: order.wanted === 'defer' && !isLate,
    }),
  }
  const intent: Intent = {
    at: shanghai(at),
    channel,
    purpose: 'collect',
    party: 'p1',
    point: 't1',
    direction: 'outbound',
    actor: actorOf(random, { isRobot: channel === 'robot-call' || order.withText, isBad }),
    provider: { collectionContent: true },
  }
  if (!order.withText) return { facts, intent }
  const content = { text: textOf(random, isBad), language: 'zh-CN', kind: 'reminder' } as const
  return { facts, intent: { ...intent, content } }
}

const OTHERS_POINT = { id: 't2', party: 'p2', kind: 'phone', source: 'reserved-contact' } as const

function ownPoint(channel: Channel, isDead: boolean): Facts['points'][number] {
  const kind = channel === 'email' || channel === 'wecom' ? channel : 'phone'
  return { id: 't1', party: 'p1', kind, source: 'contract', health: isDead ? 'dead' : 'ok' }
}

function momentOf(random: Random, isLate: boolean): number {
  const hour = isLate ? pick(random, [22, 23, 0, 3, 6, 7]) : randomInt(random, 8, 21)
  const day = FIRST_DAY_MS + randomInt(random, 0, 180) * DAY_MS
  return day + hour * 3_600_000 + randomInt(random, 0, 3_599) * 1000
}

function actorOf(
  random: Random,
  { isRobot, isBad }: { isRobot: boolean; isBad: boolean },
): NonNullable<Intent['actor']> {
  if (isRobot) return { kind: 'robot' }
  const certified = !(isBad && random() < 0.4)
  return { kind: 'agent', id: `a${randomInt(random, 1, 40)}`, certified, trainedAt: '2026-03-01' }
}

function holdsOf(random: Random, wanted: Wanted, at: number): Facts['holds'] {
  if (wanted === 'permit' || random() < 0.7) return []
  const from = shanghai(at - randomInt(random, 1, 20) * DAY_MS)
  if (wanted === 'refuse') return [{ kind: 'attorney', from }]
  return [{ kind: 'hardship', from, to: shanghai(at + randomInt(random, 1, 40) * DAY_MS) }]
}

function historyOf(
  random: Random,
  { at, events, crowded }: { at: number; events: number; crowded: boolean },
): Facts['history'] {
  const times = Array.from({ length: events }, (_, index) =>
    crowded && index < 8
      ? at - randomInt(random, 60, 6 * 3600) * 1000
      : at - randomInt(random, 3600, 40 * 86_400) * 1000,
  ).sort((a, b) => a - b)
  return times.map((then) => eventAt(random, then, crowded))
}

function eventAt(random: Random, then: number, crowded: boolean): Facts['history'][number] {
  const channel = pick<Channel>(random, ['call', 'call', 'robot-call', 'sms', 'email'])
  const line =
    channel === 'sms' || channel === 'email'
      ? pick<Line>(random, ['delivered', 'failed', 'unknown'])
      : pick<Line>(random, ['no-answer', 'busy', 'connected', 'voicemail', 'not-connected'])
  const talks = crowded ? 1 : 0.4
  return {
    at: shanghai(then),
    channel,
    direction: random() < 0.08 ? 'inbound' : 'outbound',
    party: random() < 0.9 ? 'p1' : 'p2',
    point: random() < 0.9 ? 't1' : 't2',
    debts: ['other'],
    line,
    effective: line === 'connected' && random() < talks,
    actor: { kind: channel === 'call' ? 'agent' : 'robot' },
  }
}

function textOf(random: Random, isBad: boolean): string {
  const amount = randomInt(random, 100, 99_999)
  const day = randomInt(random, 1, 28)
  const threat = isBad ? pick(random, ['否则后果自负。', '将联系您的家人。', '否则坐牢。']) : ''
  return `【示例消费金融】尊敬的客户，您的账单逾期，应还金额${amount}.00元，请于${randomInt(random, 1, 12)}月${day}日前处理，可通过应用内还款入口办理。${threat}如有疑问请致电客服，投诉电话见官网。拒收请回复R`
}

/** The instant as Shanghai writes it. */
function shanghai(ms: number): string {
  return formatInstant(instant(ms + 8 * 3_600_000)).replace('Z', '+08:00')
}

function shuffle<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
