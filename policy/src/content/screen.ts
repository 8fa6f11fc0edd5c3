import { isSeparator, PLAIN_FORMS } from '../normalise-text.ts'
import { isForLetter, writtenFor } from './fold-text.ts'
import type { Phrase } from './phrase-lines.ts'

// A quick look at a text before it is folded: most messages hold no phrase of any list, and the look says so
// in one pass over their code units.

/** A phrase with the bit of its list. */
export type Listed = Phrase & { readonly bit: number }
/** One bit a list, and three more of a signed number for what the unit is. */
export const LISTS_MAX = 28
export const EVERY_LIST = (1 << LISTS_MAX) - 1
const LETTER = 1 << LISTS_MAX
/** The second character of a sign. */
const SECOND = LETTER << 1
/** What folding may drop between two characters. */
const DROPPED = SECOND << 1
/** As many Latin letters, or one beside a digit that may stand for one, may spell anything. */
const LETTERS_MIN = 3
/** Accented and foreign letters, radicals, enclosed and compatibility forms, surrogates: read in full. */
const READ_IN_FULL = [
  [0xaa, 0xb6],
  [0xb8, 0x1fff],
  [0x200b, 0x200f],
  [0x2060, 0x218f],
  [0x2460, 0x24ff],
  [0x2c60, 0x2fff],
  [0x3200, 0x33ff],
  [0xa640, 0xabff],
  [0xd800, 0xdfff],
  [0xf900, 0xfb4f],
  [0xff10, 0xff19],
  [0xff20, 0xff5a],
] as const
const LETTERS = [
  [0x41, 0x5a],
  [0x61, 0x7a],
] as const
const VARIANTS = Map.groupBy(Object.keys(PLAIN_FORMS), (odd) => PLAIN_FORMS[odd] ?? odd)

/** What a code unit is to the look. */
type Table = {
  /** Bits that the unit alone sets, and those of its kind. */
  readonly alone: Int32Array
  /** Bits that the unit sets after another, by that other. */
  readonly after: ReadonlyMap<number, Map<number, number>>
}

/**
 * Which lists may have a phrase in the text, a bit each. A list left out has none. Signs of one character are
 * looked for by themselves, signs of two side by side, whatever may be dropped between them.
 */
export function screen(phrases: readonly Listed[]): (text: string) => number {
  const table = tableOf(phrases)
  return (text) => look(table, text)
}

function look(table: Table, text: string): number {
  let held = 0
  let letters = 0
  let before = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const kind = table.alone[code] ?? EVERY_LIST
    held |= kind
    if (kind < LETTER) {
      before = code
      continue
    }
    if ((kind & LETTER) !== 0) letters += worth(before, text.charCodeAt(at + 1))
    if ((kind & SECOND) !== 0) held |= table.after.get(code)?.get(before) ?? 0
    if ((kind & DROPPED) === 0) before = code
  }
  return letters >= LETTERS_MIN ? EVERY_LIST : held & EVERY_LIST
}

/** What a letter is worth between two units. */
function worth(before: number, next: number): number {
  return isForLetter(before) || isForLetter(next) ? LETTERS_MIN : 1
}

function tableOf(phrases: readonly Listed[]): Table {
  const alone = new Int32Array(UNITS)
  const after = new Map<number, Map<number, number>>()
  const add = (unit: number, kind: number) => {
    alone[unit] = (alone[unit] ?? 0) | kind
  }
  for (const [from, to] of READ_IN_FULL) alone.fill(EVERY_LIST, from, to + 1)
  for (const [from, to] of LETTERS) alone.fill(LETTER, from, to + 1)
  for (let unit = 0; unit < UNITS; unit += 1) if (isDropped(unit)) add(unit, DROPPED)
  const addSign = (sign: string, bit: number) => {
    const [firsts, seconds] = [formsOf(sign.charAt(0)), formsOf(sign.charAt(1))]
    if (sign.length === 1) for (const unit of firsts) add(unit, bit)
    for (const second of seconds) {
      add(second, SECOND)
      after.set(second, withBit(after.get(second) ?? new Map(), firsts, bit))
    }
  }
  for (const { bit, signs } of phrases) for (const sign of signs) addSign(sign, bit)
  return { alone, after }
}

function withBit(
  pairs: Map<number, number>,
  units: readonly number[],
  bit: number,
): Map<number, number> {
  for (const unit of units) pairs.set(unit, (pairs.get(unit) ?? 0) | bit)
  return pairs
}

const UNITS = 65_536

function isDropped(unit: number): boolean {
  return isSeparator(String.fromCharCode(unit))
}

/** Every plain way in which a character of a folded text may stand in the text as given. */
function formsOf(character: string): number[] {
  if (character === '') return []
  const forms = [character, ...(VARIANTS.get(character) ?? []), ...writtenFor(character)]
  return forms.map((form) => form.charCodeAt(0))
}
