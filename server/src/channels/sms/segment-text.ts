import { gsmSeptets } from './gsm-alphabet.ts'

/** How a text travels: alphabet, and the text of each part in order. */
export type Segments = { readonly encoding: Encoding; readonly parts: readonly string[] }
export type Encoding = 'gsm' | 'ucs2'

/** A UDH can count 255 parts; a text near that is a mistake. */
export const PARTS_MAX = 16

const LIMITS = { gsm: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const

/**
 * Cuts a text into the parts of an SMS: 160 or 153 septets of GSM 03.38 when every letter is in it, else
 * 70 or 67 UTF-16 units. A surrogate pair or an escaped GSM letter is never cut in two.
 * Throws when more than PARTS_MAX parts are needed.
 */
export function segmentText(text: string, allowed: 'any' | 'ucs2' = 'any'): Segments {
  const letters = [...text]
  const isGsm = allowed === 'any' && letters.every((letter) => gsmSeptets(letter) !== null)
  const encoding = isGsm ? 'gsm' : 'ucs2'
  const size = isGsm
    ? (letter: string) => gsmSeptets(letter) ?? 2
    : (letter: string) => letter.length
  const total = letters.reduce((sum, letter) => sum + size(letter), 0)
  const limit = LIMITS[encoding]
  const parts = total <= limit.single ? [text] : cut(letters, size, limit.part)
  if (parts.length > PARTS_MAX) {
    throw new RangeError(
      `the text needs ${parts.length} SMS parts; at most ${PARTS_MAX} are allowed`,
    )
  }
  return { encoding, parts }
}

function cut(
  letters: readonly string[],
  size: (letter: string) => number,
  limit: number,
): readonly string[] {
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const letter of letters) {
    const units = size(letter)
    if (used + units > limit) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += letter
    used += units
  }
  parts.push(part)
  return parts
}
