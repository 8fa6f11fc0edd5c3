import { type MappedText, normaliseWithMap } from '../normalise-text.ts'

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
  const letters = Array.from({ length: normalised.length }, (_, at) => plainLetter(normalised, at))
  const words = letters.join('').replace(MIXED_WORD, undoDigits)
  let folded: MappedText = { text: words.replaceAll('i', 'l'), starts, ends }
  for (const pattern of [SPACES, INNER_SIGNS]) folded = without(folded, pattern, () => true)
  return without(folded, SPELT_OUT, (letter) => !/[a-z]/.test(letter))
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
  if (kept.length === 0 && from === 0) return { text, starts, ends }
  keep(text.length)
  return {
    text: kept.map((at) => text.charAt(at)).join(''),
    starts: kept.map((at) => starts[at] ?? 0),
    ends: kept.map((at) => ends[at] ?? 0),
  }
}
