import type { Brand } from './brand.ts'
import { localDate, parseLocalDate } from './local-date.ts'

/** A moment as milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>

const RFC3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/** RFC 3339 with offset (seconds may be left out) → instant; null when malformed or without offset. */
export function parseInstant(text: string): Instant | null {
  const fast = parsePlain(text)
  if (fast !== null) return instant(fast)
  const parts = RFC3339.exec(text)
  if (parts === null) return null
  const [, date = '', hour = '', minute = '', second = '00', fraction = '', offset = 'Z'] = parts
  if (parseLocalDate(date) === null || hour > '23') return null
  const ms = Date.parse(`${date}T${hour}:${minute}:${second}${fraction}${offset.toUpperCase()}`)
  return Number.isNaN(ms) ? null : instant(ms)
}

/**
 * `YYYY-MM-DDTHH:MM:SS` with `Z` or an offset, read unit by unit and judged at the end: the form that comes by
 * the million.
 */
function parsePlain(text: string): number | null {
  if (text.length !== 20 && text.length !== 25) return null
  const year = two(text, 0) * 100 + two(text, 2)
  const [month, day] = [two(text, 5), two(text, 8)]
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)]
  const unlike =
    (text.charCodeAt(4) ^ DASH) |
    (text.charCodeAt(7) ^ DASH) |
    (text.charCodeAt(10) ^ UPPER_T) |
    (text.charCodeAt(13) ^ COLON) |
    (text.charCodeAt(16) ^ COLON)
  const offset = offsetMinutes(text)
  if (unlike !== 0 || hour > 23 || minute > 59 || second > 59 || offset === null) return null
  const date = year > 9_999 ? null : localDate(year, month, day)
  return date === null ? null : date * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * 1000
}

const DAY_MS = 86_400_000
const [DASH, COLON, UPPER_T, UPPER_Z, PLUS, ZERO] = [45, 58, 84, 90, 43, 48]

function offsetMinutes(text: string): number | null {
  const sign = text.charCodeAt(19)
  if (text.length === 20) return sign === UPPER_Z ? 0 : null
  const [hours, minutes] = [two(text, 20), two(text, 23)]
  if (hours > 23 || minutes > 59) return null
  if ((sign !== PLUS && sign !== DASH) || text.charCodeAt(22) !== COLON) return null
  return sign === PLUS ? hours * 60 + minutes : -hours * 60 - minutes
}

/** Two digits as a number; beyond every part of a date or a time when they are no digits. */
function two(text: string, place: number): number {
  const tens = text.charCodeAt(place) ^ ZERO
  const ones = text.charCodeAt(place + 1) ^ ZERO
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : NO_NUMBER
}

const NO_NUMBER = 1_000_000

/** Instant → `YYYY-MM-DDTHH:MM:SS[.m[m[m]]]Z`: a fraction only where there is one, and no zeros at its end. */
export function formatInstant(at: Instant): string {
  const text = new Date(at).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text.replace(/0+Z$/, 'Z')
}

/** For libraries that take nothing else. */
export function toDate(at: Instant): Date {
  return new Date(at)
}

/** Brands milliseconds since 1970; throws on anything that is no finite number. */
export function instant(epochMs: number): Instant {
  if (!isInstant(epochMs)) throw new RangeError(`not an instant: ${epochMs}`)
  return epochMs
}

function isInstant(epochMs: number): epochMs is Instant {
  return Number.isFinite(epochMs)
}
