import type { Brand } from './brand.ts'

/**
 * A calendar date as the number of days since 1970-01-01, without zone or time.
 * Differences are days, comparisons are dates, and a column of them is a plain array of numbers.
 */
export type EpochDay = Brand<number, 'EpochDay'>

const DAY_MS = 86_400_000

/** `YYYY-MM-DD` → day number; null when it is no such date (2026-02-30 included). */
export function parseLocalDate(text: string): EpochDay | null {
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null
  const year = digits(text, 0, 4)
  return year < 0 ? null : localDate(year, digits(text, 5, 7), digits(text, 8, 10))
}

const DASH = 45

/** The digits of text[from, to) as a number; negative when one is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let place = from; place < to; place += 1) {
    const digit = text.charCodeAt(place) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** Year, month 1–12, day 1–31 → day number; null when the calendar has no such day. */
export function localDate(year: number, month: number, day: number): EpochDay | null {
  if (month < 1 || month > 12 || day < 1) return null
  if (year < TABLE_FROM_YEAR || year >= TABLE_UNTIL_YEAR) {
    return day > daysInMonth(year, month) ? null : epochDay(daysFromCivil(year, month, day))
  }
  const index = (year - TABLE_FROM_YEAR) * 12 + month - 1
  const found = (MONTH_STARTS[index] ?? 0) + day - 1
  return found < (MONTH_STARTS[index + 1] ?? 0) ? epochDay(found) : null
}

const TABLE_FROM_YEAR = 1970
const TABLE_UNTIL_YEAR = 2100
/** The first days of the months from 1970 on, and one beyond: dates come by the million. */
const MONTH_STARTS = Int32Array.from(
  { length: (TABLE_UNTIL_YEAR - TABLE_FROM_YEAR) * 12 + 1 },
  (_, index) => daysFromCivil(TABLE_FROM_YEAR + Math.floor(index / 12), (index % 12) + 1, 1),
)

/** Day number → `YYYY-MM-DD`. */
export function formatLocalDate(day: EpochDay): string {
  const { year, month, dayOfMonth } = civil(day)
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`
}

/** The date `days` later (earlier when negative). */
export function addDays(day: EpochDay, days: number): EpochDay {
  return epochDay(day + days)
}

/** The same day in the month `months` later, or that month's last day when it is shorter. */
export function addMonths(day: EpochDay, months: number): EpochDay {
  const { year, month, dayOfMonth } = civil(day)
  const index = year * 12 + (month - 1) + months
  const targetYear = Math.floor(index / 12)
  const targetMonth = index - targetYear * 12 + 1
  const target = Math.min(dayOfMonth, daysInMonth(targetYear, targetMonth))
  return epochDay(daysFromCivil(targetYear, targetMonth, target))
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(day: EpochDay): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** Year, month 1–12 and day of month of a day number (Howard Hinnant's civil calendar algorithm). */
export function civil(day: EpochDay): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth }
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The UTC date of an instant given in milliseconds since 1970. */
export function utcDate(epochMs: number): EpochDay {
  return epochDay(Math.floor(epochMs / DAY_MS))
}

/** Brands a whole number of days; throws on anything else. */
export function epochDay(days: number): EpochDay {
  if (!isEpochDay(days)) throw new RangeError(`not a day number: ${days}`)
  return days
}

function isEpochDay(days: number): days is EpochDay {
  return Number.isInteger(days)
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
