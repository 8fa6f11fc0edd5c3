import { type Instant, instant, parseMajor, pick, type Random, seededRandom } from '@dunlin/kernel'
import type { Traits } from './traits.ts'

/** A person of the world. Everything about them follows from the seed. */
export type WorldBorrower = {
  readonly id: string
  readonly seed: number
  readonly traits: Traits
  readonly currency: string
}

/** What reached the person: the text as shown, and the how many-th message it is. */
export type WorldMessage = {
  readonly channel: 'sms' | 'email'
  readonly text: string
  readonly ordinal: number
}

/** What the person does, and when. */
export type Action =
  | { readonly kind: 'read'; readonly at: Instant }
  | { readonly kind: 'reply'; readonly at: Instant; readonly text: string; readonly topic: Topic }
  | { readonly kind: 'pay'; readonly at: Instant; readonly amountMinor: bigint }

export type Topic = 'promise' | 'hardship' | 'question' | 'stop' | 'wrong-number' | 'complaint'

const MINUTE_MS = 60_000

/** What a borrower does after a message: the same borrower and message always give the same actions. */
export function react(
  borrower: WorldBorrower,
  message: WorldMessage,
  at: Instant,
): readonly Action[] {
  const { traits } = borrower
  const random = seededRandom(Math.imul(borrower.seed, 31) + message.ordinal * 7919)
  if (random() > traits.readChance) return []
  const readAt = addMs(at, Math.round(traits.readDelayMs * (0.2 + random())))
  const reply = replyOf(traits, message, random)
  const paid = paymentOf(borrower, message, random)
  return [
    { kind: 'read', at: readAt },
    ...(reply === null ? [] : [{ kind: 'reply' as const, at: addMs(readAt, MINUTE_MS), ...reply }]),
    ...(paid === null
      ? []
      : [{ kind: 'pay' as const, at: addMs(readAt, traits.payDelayMs), amountMinor: paid }]),
  ]
}

const DAY_MS = 86_400_000

/** In percent, of each character: how many pay an instalment late without a word from anybody. */
const UNPROMPTED: Readonly<Record<Traits['character'], number>> = {
  forgetful: 30,
  tight: 18,
  avoider: 3,
  struggling: 5,
  stopper: 12,
  'wrong-number': 10,
  complainer: 20,
}

/**
 * How long after a due date somebody pays it unasked, in milliseconds; null for who does not. The same person and
 * instalment always give the same answer: what a strategy adds is measured against it.
 */
export function paysUnprompted({ seed, traits }: WorldBorrower, instalment: number): number | null {
  const random = seededRandom(Math.imul(seed, 17) + instalment * 104_729)
  if (random() * 100 >= UNPROMPTED[traits.character]) return null
  return Math.round((0.5 + 24 * random()) * DAY_MS)
}

/** The first amount with two decimals that a text states, in minor units; null when it states none. */
export function amountIn(text: string, currency: string): bigint | null {
  const found = /(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)\.\d{2}(?!\d)/.exec(text)
  return found === null ? null : parseMajor(found[0], currency)
}

function paymentOf(
  { traits, currency }: WorldBorrower,
  message: WorldMessage,
  random: Random,
): bigint | null {
  if (random() > traits.payChance) return null
  const owed = amountIn(message.text, currency)
  if (owed === null || owed <= 0n) return null
  if (traits.character !== 'tight' && traits.character !== 'struggling') return owed
  const part = (owed * BigInt(25 + Math.floor(random() * 76))) / 100n
  return part > 0n ? part : null
}

type Reply = { readonly text: string; readonly topic: Topic }

const WORDS: Readonly<Record<Topic, readonly [string, ...string[]]>> = {
  promise: ['发工资就还，25号之前', '这周五还', '好的，明天处理', 'Will pay on Friday'],
  hardship: ['最近失业了，能不能分期？', '家里人住院，手头紧，能宽限几天吗'],
  question: ['请问怎么还款？', '金额怎么算的？', '你们是哪家公司？'],
  stop: ['R', 'Ｒ', '退订', 'T', 'TD。', 'stop', '不要再发！'],
  'wrong-number': ['你发错了，我不是他', '打错了，不认识这个人'],
  complaint: ['再发我就投诉了', '我要投诉你们，天天发短信'],
}

function replyOf(traits: Traits, message: WorldMessage, random: Random): Reply | null {
  if (random() > traits.replyChance) return null
  const topic = topicOf(traits, message.ordinal)
  return topic === null ? null : { topic, text: pick(random, WORDS[topic]) }
}

function topicOf(traits: Traits, ordinal: number): Topic | null {
  const isPatient = ordinal < traits.patience
  switch (traits.character) {
    case 'stopper':
      return isPatient ? null : 'stop'
    case 'complainer':
      return isPatient ? null : 'complaint'
    case 'wrong-number':
      return 'wrong-number'
    case 'struggling':
      return 'hardship'
    case 'tight':
      return 'promise'
    case 'forgetful':
    case 'avoider':
      return 'question'
  }
}

function addMs(at: Instant, ms: number): Instant {
  return instant(at + ms)
}
