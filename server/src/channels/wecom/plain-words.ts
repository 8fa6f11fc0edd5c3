/**
 * The plain words that a pattern of a word list stands for: `不(要脸|知耻)` is two words. WeCom's own guard
 * takes words and no patterns; alternatives that are more than words, groups and `?` are left to our lint.
 * Words of one character would catch half the language and are left out.
 */
export function plainWords(pattern: string): readonly string[] {
  const words = topLevel(pattern, '|').flatMap((alternative) => expand(alternative) ?? [])
  return [...new Set(words)].filter((word) => word.length >= 2 && word.length <= WORD_CHARS_MAX)
}

const WORD_CHARS_MAX = 32
/** An alternative that stands for more words than this is a pattern, not a phrase. */
const WORDS_MAX = 60
const PIECE =
  /\((?<group>(?:[^()]|\([^()]*\))*)\)(?<groupMay>\??)|(?<char>[^\\[\]{}()*+.^$|?])(?<charMay>\??)/gu

/** Every reading of one alternative; null when it is more than words. */
function expand(alternative: string): readonly string[] | null {
  const pieces = [...alternative.matchAll(PIECE)]
  // Something stood between the pieces that is neither a character nor a group.
  if (pieces.map(([piece]) => piece).join('') !== alternative) return null
  let readings: readonly string[] = ['']
  for (const { groups = {} } of pieces) {
    const choices = choicesOf(groups)
    if (choices === null) return null
    readings = readings.flatMap((reading) => choices.map((choice) => reading + choice))
    if (readings.length > WORDS_MAX) return null
  }
  return readings
}

function choicesOf(piece: Readonly<Record<string, string | undefined>>): readonly string[] | null {
  const { group, groupMay, char = '', charMay } = piece
  const choices = group === undefined ? [char] : groupReadings(group)
  return choices !== null && (groupMay === '?' || charMay === '?') ? ['', ...choices] : choices
}

function groupReadings(group: string): readonly string[] | null {
  const readings = topLevel(group.replace(/^\?:/, ''), '|').map(expand)
  return readings.some((reading) => reading === null)
    ? null
    : readings.flatMap((each) => each ?? [])
}

/** Splits at a sign that stands in no bracket. */
function topLevel(text: string, sign: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if (char === '(' || char === '[') depth += 1
    if (char === ')' || char === ']') depth -= 1
    if (char === sign && depth === 0) parts.push('')
    else parts.push((parts.pop() ?? '') + char)
  }
  return parts
}
