import { currentLanguage } from './texts.ts'

// How amounts, days and instants look. Every screen uses these, so that they look the same.

const ZONE = 'Asia/Shanghai'
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${currentLanguage()} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known instanceof Intl.NumberFormat) return known
  const made = new Intl.NumberFormat(currentLanguage(), options)
  formats.set(key, made)
  return made
}

function times(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${currentLanguage()} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known instanceof Intl.DateTimeFormat) return known
  const made = new Intl.DateTimeFormat(currentLanguage(), options)
  formats.set(key, made)
  return made
}

/** Whole minor units as money of a currency: 123450 and CNY → ¥1,234.50. */
export function formatMoney(minor: number, currency: string): string {
  const format = numbers({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** An amount without its fraction, where only its size matters: 500000 and CNY → ¥5,000. */
export function formatWhole(minor: number, currency: string): string {
  const format = numbers({
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: 0,
  })
  return format.format(minor / minorPerMajor(currency))
}

/** How many minor units make one: 100 for CNY, 1 for JPY. */
export function minorPerMajor(currency: string): number {
  return (
    10 ** (numbers({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2)
  )
}

export function formatCount(value: number): string {
  return numbers({}).format(value)
}

/** A share of one: 0.1234 → 12.34%. */
export function formatShare(value: number): string {
  return numbers({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    value,
  )
}

/** A number per thing, to two places. */
export function formatRate(value: number): string {
  return numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)
}

/** A local day, as it is written: 2026-06-01 → 6月1日 / 1 Jun; the year only where it is another. */
export function formatDay(day: string, today?: string): string {
  const isOtherYear = today !== undefined && today.slice(0, 4) !== day.slice(0, 4)
  const format = times({
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
    ...(isOtherYear ? { year: 'numeric' } : {}),
  })
  return format.format(Date.parse(`${day}T00:00:00Z`))
}

export function formatTime(at: string | number): string {
  return times({ hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE }).format(
    millis(at),
  )
}

/** Day and time in the portfolio's zone. */
export function formatInstant(at: string | number): string {
  const format = times({
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: ZONE,
  })
  return format.format(millis(at))
}

/** The local day of an instant, as `YYYY-MM-DD`. */
export function dayOf(at: string | number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(millis(at))
}

/** A day so many days on: 2026-05-31 and 1 → 2026-06-01. */
export function addDays(day: string, count: number): string {
  const at = Date.parse(`${day}T00:00:00Z`) + count * 86_400_000
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short' }).format(at)
}

/** A span as a countdown: 3:05:09, or 12:04 under an hour. */
export function formatCountdown(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000))
  const [hours, minutes, seconds] = [
    Math.floor(total / 3600),
    Math.floor(total / 60) % 60,
    total % 60,
  ]
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

function millis(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at)
}
