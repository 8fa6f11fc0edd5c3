import type { Classified } from './classify-intent.ts'
import { plainText } from './plain-text.ts'

/** Channels that a person can stop by words. */
export const STOPPABLE = ['sms', 'call', 'robot-call', 'email', 'wecom'] as const
export type Stoppable = (typeof STOPPABLE)[number]

/** What a message does before anything else, in the transaction that stores it. */
export type Acts = {
  readonly stops: readonly Stoppable[]
  readonly hold: 'dispute' | 'complaint' | 'hardship' | 'bereavement' | null
  readonly marksWrongPerson: boolean
  /** Why a person must look; null when nobody must at once. */
  readonly needsPerson: 'distress' | 'unsure' | 'complaint' | null
}

const NOTHING: Acts = { stops: [], hold: null, marksWrongPerson: false, needsPerson: null }

/**
 * What follows from what a message is about. The gate knows no hold for vulnerability: distress stops
 * collection as hardship does, and after a death as bereavement does, which leaves legal notices and a
 * person's answer only. Both end when a person ends them.
 */
export function decideActs(
  { intent }: Pick<Classified, 'intent'>,
  said: { readonly text: string; readonly channel: string },
): Acts {
  switch (intent) {
    case 'stop':
      return { ...NOTHING, stops: stoppedChannels(said) }
    case 'wrong-person':
      return { ...NOTHING, marksWrongPerson: true }
    case 'dispute':
      return { ...NOTHING, hold: 'dispute' }
    case 'distress':
      return {
        ...NOTHING,
        hold: speaksOfDeath(said.text) ? 'bereavement' : 'hardship',
        needsPerson: 'distress',
      }
    case 'complaint':
      return { ...NOTHING, hold: intent, needsPerson: intent }
    case 'unsure':
      return { ...NOTHING, needsPerson: intent }
    case 'paid-already':
    case 'promise':
    case 'cannot-pay':
    case 'question':
    case 'other':
      return NOTHING
  }
}

const VOICE: readonly Stoppable[] = ['call', 'robot-call']
const NAMES: readonly (readonly [RegExp, readonly Stoppable[]])[] = [
  [/短信|简讯|\bsms\b|\btexts?\b|\btexting\b/, ['sms']],
  [/电话|致电|来电|打(?:给|过)?来|别打|不要打|\bcall(?:s|ing)?\b|\bring\b|\bphone\b/, VOICE],
  [/邮件|邮箱|\be-?mail(?:s|ing)?\b/, ['email']],
  [/微信|企微|\bwechat\b|\bwx\b/, ['wecom']],
]
const EVERYTHING =
  /任何|一切|所有|全部|统统|都停|\b(?:all|every)\b|\bany (?:channel|means|way|form)/
const SILENCE =
  /联系方式|(?:别|不要|勿|停止|不再).{0,4}联系|contact(?:ing)? me|leave me alone|my number|off your list/

/** The channels that are named; without a name all when the wish is for silence, else the one it was said on. */
function stoppedChannels({
  text,
  channel,
}: {
  readonly text: string
  readonly channel: string
}): readonly Stoppable[] {
  const plain = plainText(text)
  const own = STOPPABLE.filter((known) => known === channel)
  if (EVERYTHING.test(plain)) return STOPPABLE
  const named = NAMES.flatMap(([pattern, channels]) => (pattern.test(plain) ? channels : []))
  if (named.length > 0) return [...new Set(named)]
  // Where nothing goes out by the same way (a portal), the wish is meant for every way.
  if (SILENCE.test(plain) || own.length === 0) return STOPPABLE
  return own.some((known) => VOICE.includes(known)) ? VOICE : own
}

function speaksOfDeath(text: string): boolean {
  return /去世|过世|走了|没了|死了|丧事|后事|葬|守灵|died|passed away|funeral|stillborn|lost (?:our|my)/.test(
    plainText(text),
  )
}
