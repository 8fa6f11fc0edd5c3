import { type EpochDay, formatLocalDate } from '@dunlin/kernel'
import { findAmounts, findDays } from './find-mentions.ts'

export type SaidMessage = {
  readonly messageId: string
  readonly channel: string
  readonly class: string | null
  readonly at: string
  /** The portfolio's local day of `at`. */
  readonly on: EpochDay
  readonly text: string
}

export type Summary = {
  /** What the person wanted lately, newest first, each class once with its newest message. */
  readonly intents: readonly {
    readonly intent: string
    readonly messageId: string
    readonly channel: string
    readonly at: string
    readonly times: number
  }[]
  readonly amounts: readonly {
    readonly minor: number
    readonly said: string
    readonly messageId: string
  }[]
  readonly days: readonly {
    readonly on: string
    readonly said: string
    readonly messageId: string
  }[]
  readonly channels: readonly string[]
  readonly messages: number
}

const MENTIONS_MAX = 20

/**
 * A thread as data for whoever takes it over, so that the person is asked nothing twice. Pure; amounts and
 * days are what was said, nothing is promised by them.
 */
export function summariseThread(messages: readonly SaidMessage[]): Summary {
  const newest = [...messages].reverse()
  const byIntent = Map.groupBy(
    newest.filter((each) => each.class !== null && each.class !== 'bounce'),
    (each) => each.class ?? '',
  )
  return {
    intents: [...byIntent].map(([intent, group]) => ({
      ...{ intent, times: group.length, messageId: group[0]?.messageId ?? '' },
      ...{ channel: group[0]?.channel ?? '', at: group[0]?.at ?? '' },
    })),
    amounts: newest
      .flatMap(({ text, messageId }) =>
        findAmounts(text).map((amount) => ({ ...amount, messageId })),
      )
      .slice(0, MENTIONS_MAX),
    days: newest
      .flatMap(({ text, on, messageId }) =>
        findDays(text, on).map((day) => ({ ...day, on: formatLocalDate(day.on), messageId })),
      )
      .slice(0, MENTIONS_MAX),
    channels: [...new Set(newest.map(({ channel }) => channel))],
    messages: messages.length,
  }
}
