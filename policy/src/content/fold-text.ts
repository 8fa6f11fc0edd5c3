import { type MappedText, normaliseText, normaliseWithMap } from '../normalise-text.ts'

/** Cyrillic and Greek letters that look like Latin ones, to those. */
const LOOK_ALIKES = new Map(
  [...'аaеeоoрpсcуyхxіiѕsјjкkмmтtвbнhԁdαaοoρpνvιiκkτt'.matchAll(/(.)(.)/gu)].map(
    ([, odd = '', plain = '']) => [odd, plain],
  ),
)
/** Digits and signs written for letters; i and l are one letter here, for 1 stands for either. */
const WRITTEN_FOR: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
}
/** The other signs under which a letter of a folded text may have stood: capitals, and what is written for it. */
export function writtenFor(letter: string): string[] {
  if (!LETTER.test(letter)) return []
  const same = letter === 'l' ? ['l', 'i'] : [letter]
  const signs = Object.keys(WRITTEN_FOR).filter((sign) => same.includes(WRITTEN_FOR[sign] ?? ''))
  return [...same, ...same.map((small) => small.toUpperCase()), ...signs]
}
/** May the code unit stand for a letter beside one? */
export function isForLetter(code: number): boolean {
  return FOR_LETTERS[code] === 1
}
const FOR_LETTERS = new Uint8Array(128)
for (const sign of Object.keys(WRITTEN_FOR)) FOR_LETTERS[sign.charCodeAt(0)] = 1

const MIXED_WORD = /[a-z0-9@$]+/g
const SPELT_OUT = /(?<![a-z])[a-z](?:[^a-z\p{Script=Han}]{1,2}[a-z](?![a-z])){2,}/gu
const INNER_SIGNS = /(?<=[a-z])[.*_|·]+(?=[a-z])/g
const SPACES = /(?<=\s)\s+/g

/**
 * The form in which further words are looked for: normalised, in small letters, look-alike letters and
 * digits for letters undone, letters set apart put together. Each unit knows where it stood.
 */
export function foldText(text: string): MappedText {
  const { text: normalised, starts, ends } = normaliseWithMap(text)
  const words = plainWords(normalised)
  const folded = without({ text: words, starts, ends }, SPACES, () => true)
  if (!LETTER.test(words)) return folded
  const joined = without(folded, INNER_SIGNS, () => true)
  return without(joined, SPELT_OUT, (letter) => !LETTER.test(letter))
}

/** The text of `foldText` alone, at a fraction of its price: enough to see that nothing is there. */
export function foldedTextOf(text: string): string {
  const words = plainWords(normaliseText(text))
  const folded = TWO_SPACES.test(words) ? words.replace(SPACES, '') : words
  if (!LETTER.test(folded)) return folded
  return folded.replace(INNER_SIGNS, '').replace(SPELT_OUT, (word) => word.replace(NO_LETTERS, ''))
}

function plainWords(normalised: string): string {
  const small = smallLetters(normalised)
  if (!LETTER.test(small)) return small
  const words = MIXED.test(small) ? small.replace(MIXED_WORD, undoDigits) : small
  return words.replaceAll('i', 'l')
}

const TWO_SPACES = /\s\s/
const NO_LETTERS = /[^a-z]+/g
const MIXED = /[a-z][0-9@$]|[0-9@$][a-z]/
const LETTER = /[a-z]/
/** Beyond plain letters and the signs and characters of Chinese. */
const ODD = /[\u0080-\u00a4\u00a6-\u1fff\u2c00-\u2dff\ua640-\ufeff\uff10-\uff19\uff20-\uffff]/

function smallLetters(text: string): string {
  if (!ODD.test(text)) return text.toLowerCase()
  return Array.from({ length: text.length }, (_, at) => plainLetter(text, at)).join('')
}

/** A word of a list as it stands in a folded text. */
export function foldWord(word: string): string {
  return word.toLowerCase().replaceAll('i', 'l')
}

function plainLetter(text: string, at: number): string {
  const unit = text.charAt(at)
  const small = unit.toLowerCase()
  return small.length === 1 ? (LOOK_ALIKES.get(small) ?? small) : unit
}

function undoDigits(word: string): string {
  if (!/[a-z]/.test(word) || !/[0-9@$]/.test(word)) return word
  return word.replace(/[013450@$]/g, (sign) => WRITTEN_FOR[sign] ?? sign)
}

function without(
  { text, starts, ends }: MappedText,
  pattern: RegExp,
  isDropped: (unit: string) => boolean,
): MappedText {
  if (text.search(pattern) < 0) return { text, starts, ends }
  const kept: number[] = []
  let from = 0
  const keep = (until: number) => {
    for (; from < until; from += 1) kept.push(from)
  }
  for (const { 0: match, index } of text.matchAll(pattern)) {
    keep(index)
    for (; from < index + match.length; from += 1)
      if (!isDropped(text.charAt(from))) kept.push(from)
  }
  keep(text.length)
  return {
    text: kept.map((at) => text.charAt(at)).join(''),
    starts: kept.map((at) => starts[at] ?? 0),
    ends: kept.map((at) => ends[at] ?? 0),
  }
}
