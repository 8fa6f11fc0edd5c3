import { WEEKDAYS } from './vocabulary.ts'

/** A range of the wall clock in milliseconds after midnight, end excluded; wraps when end ≤ start. */
export type ClockRange = { readonly start: number; readonly end: number }

const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

const RANGE = /^([01]\d|2[0-3]):([0-5]\d)-(?!24:(?!00))([01]\d|2[0-4]):([0-5]\d)$/

/** `HH:MM-HH:MM` → range; `24:00` is the end of the day. Null when malformed. */
export function parseRange(text: string): ClockRange | null {
  const parts = RANGE.exec(text)
  if (parts === null) return null
  const [, startHour, startMinute, endHour, endMinute] = parts.map(Number)
  return {
    start: ((startHour ?? 0) * 60 + (startMinute ?? 0)) * MINUTE_MS,
    end: ((endHour ?? 0) * 60 + (endMinute ?? 0)) * MINUTE_MS,
  }
}

/** Ranges of several texts; a malformed one throws, for packs; facts are checked before. */
export function parseRanges(texts: readonly string[]): ClockRange[] {
  return texts.map((text) => {
    const range = parseRange(text)
    if (range === null) throw new Error(`not a range of hours: ${text}`)
    return range
  })
}

export function isWithin(ranges: readonly ClockRange[], timeMs: number): boolean {
  for (const { start, end } of ranges) {
    if (end > start ? timeMs >= start && timeMs < end : timeMs >= start || timeMs < end) return true
  }
  return false
}

/** 1 = Monday … 7 = Sunday → its word. */
export function weekdayWord(weekday: number): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[weekday - 1] ?? 'mon'
}
