import {
  type EpochDay,
  formatLocalDate,
  localDate,
  maskEmail,
  maskIdentity,
  maskName,
  maskPhone,
  parseLocalDate,
  parseMajor,
} from '@dunlin/kernel'
import parsePhoneNumber, { isSupportedCountry } from 'libphonenumber-js'
import { IDENTIFIERS, PERSONAL } from './columns.ts'
import { findHidden } from './hidden-text.ts'
import { RowError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'
import type { Row } from './row.ts'

/** Text of a column; refused when too long, or with characters that cannot be seen. */
export function textOf(row: Row, column: string): string {
  const text = row.get(column)
  const { cellLengthMax, identifierLengthMax } = IMPORT_LIMITS
  const lengthMax = IDENTIFIERS.has(column) ? identifierLengthMax : cellLengthMax
  if (text.length > lengthMax) throw bad(column, text, `is longer than ${lengthMax} characters`)
  const hidden = findHidden(text)
  if (hidden !== null)
    throw bad(column, text, `contains a character that cannot be seen, ${hidden}`)
  return text
}

export function requiredText(row: Row, column: string): string {
  const text = textOf(row, column)
  if (text === '') throw bad(column, '', 'is required')
  return text
}

/** `YYYY-MM-DD`, `YYYY/M/D` or `YYYYMMDD`; null when empty. */
export function dateOf(row: Row, column: string): EpochDay | null {
  const text = row.get(column)
  if (text === '') return null
  const day = parseLocalDate(text) ?? looseDate(text)
  if (day === null) throw bad(column, text, 'is no date: expected YYYY-MM-DD, YYYY/M/D or YYYYMMDD')
  if (day < FIRST_DAY || day > LAST_DAY) {
    throw bad(
      column,
      text,
      `is no date of the years ${IMPORT_LIMITS.yearMin} to ${IMPORT_LIMITS.yearMax}`,
    )
  }
  return day
}

const FIRST_DAY = localDate(IMPORT_LIMITS.yearMin, 1, 1) ?? 0
const LAST_DAY = localDate(IMPORT_LIMITS.yearMax, 12, 31) ?? 0

function looseDate(text: string): EpochDay | null {
  const parts = /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (parts === null) return null
  const [, year, month, day] = parts.map(Number)
  return localDate(year ?? 0, month ?? 0, day ?? 0)
}

/** A date in a map's format, such as `M/D/YYYY` or `YYYY-MM`, as `YYYY-MM-DD`; empty stays empty. */
export function parseDateAs(text: string, format: string, column: string): string {
  if (text.trim() === '') return ''
  const tokens = [...format.matchAll(/YYYY|MM?|DD?/g)].map(([token]) => token)
  const order = tokens.map((token) => token.charAt(0))
  const numbers = numbersOf(text.trim(), format, tokens)
  const partOf = (letter: string, absent: number) => numbers[order.indexOf(letter)] ?? absent
  const day =
    numbers.length === order.length
      ? localDate(partOf('Y', 0), partOf('M', 1), partOf('D', 1))
      : null
  if (day === null) throw bad(column, text, `is no date of the form ${format}`)
  return formatLocalDate(day)
}

/** The numbers of a date; without separators in the format, by the widths of its parts. */
function numbersOf(text: string, format: string, tokens: readonly string[]): number[] {
  if (tokens.join('') !== format)
    return [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  if (text.length !== format.length || !/^\d+$/.test(text)) return []
  let start = 0
  return tokens.map((token) => {
    start += token.length
    return Number(text.slice(start - token.length, start))
  })
}

/** An amount in major units, or in minor units where the column says so; null when empty. Never negative. */
export function amountOf(row: Row, column: string, currency: string): bigint | null {
  const text = row.get(column)
  if (text === '') return null
  const minor = row.isMinor(column) ? wholeMinor(text) : parseMajor(text, currency)
  if (minor === null) throw bad(column, text, `is no amount in ${currency}: expected 1234.50`)
  if (minor < 0n) throw bad(column, text, 'is below zero')
  if (minor > IMPORT_LIMITS.amountMinorMax) {
    throw bad(column, text, `is above ${IMPORT_LIMITS.amountMinorMax} minor units`)
  }
  return minor
}

function wholeMinor(text: string): bigint | null {
  return /^-?\d{1,18}$/.test(text) ? BigInt(text) : null
}

export function wholeOf(row: Row, column: string): number | null {
  const text = row.get(column)
  if (text === '') return null
  if (!/^\d{1,9}$/.test(text)) throw bad(column, text, 'is no whole number')
  return Number(text)
}

/** One of the words; the refusal lists them. */
export function wordOf<Word extends string>(
  row: Row,
  column: string,
  words: readonly Word[],
): Word | null {
  const text = row.get(column)
  if (text === '') return null
  const word = words.find((candidate) => candidate === text)
  if (word === undefined) throw bad(column, text, `is not one of ${words.join(', ')}`)
  return word
}

const CHINESE_MOBILE = /^(?:\+?86)?(1[3-9]\d{9})$/

/** A telephone number in E.164 form; the country's own numbers need no prefix. Null when empty. */
export function phoneOf(text: string, column: string, country: string): string | null {
  if (text === '') return null
  const digits = text.replace(/[\s\-().]/g, '')
  const mobile = CHINESE_MOBILE.exec(digits)
  if (country === 'CN' && mobile !== null) return `+86${mobile[1] ?? ''}`
  const parsed = parsePhoneNumber(digits, isSupportedCountry(country) ? country : undefined)
  if (parsed?.isPossible() !== true) throw bad(column, text, 'is no telephone number')
  return parsed.number
}

/** An email address in lower case; null when empty. */
export function emailOf(text: string, column: string): string | null {
  if (text === '') return null
  const email = text.toLowerCase()
  if (email.length > 254 || !/^[^\s@"<>,;]+@[a-z0-9.-]+\.[a-z]{2,}$/.test(email)) {
    throw bad(column, text, 'is no email address')
  }
  return email
}

/** A refusal of one cell. Personal values come out masked. */
export function bad(column: string, value: string, reason: string): RowError {
  return new RowError({
    code: 'import.bad_value',
    column,
    value: maskValue(column, value),
    reason: `${column} ${reason}`,
  })
}

function maskValue(column: string, value: string): string {
  const short = value.slice(0, 60)
  if (!PERSONAL.has(column) || short === '') return short
  if (column === 'name') return maskName(short)
  if (column === 'email' || short.includes('@')) return maskEmail(short)
  return column === 'id_no' ? maskIdentity(short) : maskPhone(short)
}
