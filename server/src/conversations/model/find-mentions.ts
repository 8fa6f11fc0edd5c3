import { addDays, addMonths, civil, type EpochDay, parseLocalDate } from '@dunlin/kernel'
import { chineseNumber } from './chinese-number.ts'
import { plainText } from './plain-text.ts'

export type AmountMentioned = { readonly minor: number; readonly said: string }
export type DayMentioned = { readonly on: EpochDay; readonly said: string }

const MENTIONS_MAX = 10
const UNITS: Readonly<Record<string, number>> = { 万: 10_000, 千: 1_000, 百: 100 }

/** Sums of money that a text names, in minor units of a currency of two places. */
export function findAmounts(text: string): readonly AmountMentioned[] {
  const plain = plainText(text)
  const figures = [
    ...plain.matchAll(
      /(?:[¥$￥]|rmb ?|cny ?)?(?<![\d.])(\d[\d,]*(?:\.\d{1,2})?)(?!\d) ?(万|千|百)?(元|块|圆|rmb|cny|yuan|dollars|bucks)?/g,
    ),
  ].flatMap(([said, number = '', unit, currency]) => {
    const isMoney =
      currency !== undefined ||
      unit !== undefined ||
      /^[¥$￥]|^(?:rmb|cny)/.test(said) ||
      isPaidNumber(plain, said)
    const minor = Math.round(Number(number.replaceAll(',', '')) * (UNITS[unit ?? ''] ?? 1) * 100)
    return isMoney && Number.isSafeInteger(minor) && minor > 0 ? [{ minor, said: said.trim() }] : []
  })
  const words = [
    ...plain.matchAll(
      /[一二两三四五六七八九十百千万零]{1,12}(?=元|块|圆)|[一二两三四五六七八九]+[百千万][一二两三四五六七八九十百千零]*/g,
    ),
  ]
    .map(([said]) => ({ minor: chineseNumber(said) * 100, said }))
    .filter(({ minor }) => minor > 0)
  return [...figures, ...words].slice(0, MENTIONS_MAX)
}

/** A bare number counts as money right after a word of paying, unless it is a day or an hour. */
function isPaidNumber(plain: string, said: string): boolean {
  const from = plain.indexOf(said)
  const before = plain.slice(Math.max(0, from - 8), from)
  const after = plain.slice(from + said.length, from + said.length + 2)
  const isPaid =
    /(?:还|付|转|交|欠|借|pay|paid|sent|send|transfer|owe|afford) ?(?:了|过|only )?$/.test(before)
  return isPaid && !/^(?:[号日点:天月年期次个条遍%]|th|st|nd|rd| d)/.test(after)
}

const RELATIVE: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/(?<!大)后天|day after tomorrow/, 2],
  [/明(?:天|早|晚|日|儿)|(?<!day after )\b(?:tomorrow|tmrw)\b/, 1],
  [/今(?:天|晚|日|儿)|\b(?:today|tonight)\b/, 0],
]
const WEEK = '一二三四五六日'
const WEEK_EN = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days that a text names, counted from the local day on which it was written. */
export function findDays(text: string, writtenOn: EpochDay): readonly DayMentioned[] {
  const plain = plainText(text)
  const relative = RELATIVE.flatMap(([pattern, days]) => {
    const said = plain.match(pattern)?.[0]
    return said === undefined ? [] : [{ on: addDays(writtenOn, days), said }]
  })
  return [...relative, ...weekdays(plain, writtenOn), ...datesOf(plain, writtenOn)].slice(
    0,
    MENTIONS_MAX,
  )
}

function weekdays(plain: string, writtenOn: EpochDay): readonly DayMentioned[] {
  // 1970-01-01 was a Thursday; Monday is 0.
  const today = (((writtenOn + 3) % 7) + 7) % 7
  const found = [
    ...plain.matchAll(/(下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天末])/g),
    ...plain.matchAll(
      /(next )?\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s?day|nesday|rsday|urday)?\b/g,
    ),
  ]
  return found.map(([said, next, day = '']) => {
    const index = indexOf(day)
    const ahead = (index - today + 7) % 7
    // 下周五 is the Friday of next week; a next Friday is the first one after today.
    if (next === '下') return { on: addDays(writtenOn, 7 - today + index), said }
    return { on: addDays(writtenOn, next !== undefined && ahead === 0 ? 7 : ahead), said }
  })
}

function indexOf(day: string): number {
  if (WEEK_EN.includes(day)) return WEEK_EN.indexOf(day)
  return WEEK.indexOf(day === '天' ? '日' : day === '末' ? '六' : day)
}

function datesOf(plain: string, writtenOn: EpochDay): readonly DayMentioned[] {
  const { year, month, dayOfMonth } = civil(writtenOn)
  const full = [...plain.matchAll(/(\d{1,2})月(\d{1,2})[日号]?/g)].flatMap(([said, m, d]) => {
    const isPast = Number(m) < month || (Number(m) === month && Number(d) < dayOfMonth)
    return dayOf({ year: isPast ? year + 1 : year, month: Number(m), day: Number(d) }, said)
  })
  const short = [
    ...plain.matchAll(/(?<![\d月])(\d{1,2})(?:号|日(?!元))/g),
    ...plain.matchAll(/\b(\d{1,2})(?:st|nd|rd|th)\b/g),
  ].flatMap(([said, d]) => {
    const base = Number(d) < dayOfMonth ? civil(addMonths(firstOf(writtenOn), 1)) : { year, month }
    return dayOf({ year: base.year, month: base.month, day: Number(d) }, said)
  })
  const end = /月底|end of (?:the )?month|month end/.exec(plain)
  const last =
    end === null ? [] : [{ on: addDays(addMonths(firstOf(writtenOn), 1), -1), said: end[0] }]
  return [...full, ...short, ...last]
}

function firstOf(day: EpochDay): EpochDay {
  return addDays(day, 1 - civil(day).dayOfMonth)
}

function dayOf(
  { year, month, day }: { year: number; month: number; day: number },
  said: string,
): readonly DayMentioned[] {
  const two = (number: number): string => String(number).padStart(2, '0')
  const on = parseLocalDate(`${year}-${two(month)}-${two(day)}`)
  return on === null ? [] : [{ on, said }]
}
