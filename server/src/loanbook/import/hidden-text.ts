const DELETE = 0x7f
const FIRST_PRINTABLE = 0x20
const FIRST_ABOVE_CONTROLS = 0xa0

/** Characters that no eye sees: two numbers that differ by one would look the same (first, last of each range). */
const UNSEEN = [
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
] as const
const [[FIRST_UNSEEN]] = UNSEEN

/**
 * The first character that only hides things, as `U+200B`: a control, a zero-width or direction mark, half
 * a surrogate pair. Null when all of the text can be seen.
 */
export function findHidden(text: string): string | null {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= FIRST_PRINTABLE && code < DELETE) continue
    if (!isHidden(code)) continue
    const isPair = code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1))
    if (!isPair) return named(code)
    index += 1
  }
  return null
}

/** The text with everything hidden written out, so that it can be stored and read. */
export function showHidden(text: string): string {
  if (findHidden(text) === null) return text
  return Array.from(text, (character) =>
    findHidden(character) === null ? character : `<${findHidden(character)}>`,
  ).join('')
}

function isHidden(code: number): boolean {
  if (code < FIRST_ABOVE_CONTROLS) return true
  return code >= FIRST_UNSEEN && UNSEEN.some(([first, last]) => first <= code && code <= last)
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

function named(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
