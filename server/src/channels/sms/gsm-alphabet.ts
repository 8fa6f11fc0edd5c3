/** GSM 03.38 basic alphabet, by code. Escape (0x1b) is a hole. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
}
const ESCAPE = 0x1b

const CODES: ReadonlyMap<string, readonly number[]> = new Map([
  ...[...BASIC].flatMap((letter, code): [string, number[]][] =>
    code === ESCAPE ? [] : [[letter, [code]]],
  ),
  ...Object.entries(EXTENSION).map(([letter, code]): [string, number[]] => [
    letter,
    [ESCAPE, code],
  ]),
])

/** Septets a letter takes in GSM 03.38 (1, or 2 for the extension table); null when it has none. */
export function gsmSeptets(letter: string): number | null {
  return CODES.get(letter)?.length ?? null
}

/** Text → one septet a byte, unpacked, as SMPP carries it. Throws on a letter outside the alphabet. */
export function encodeGsm(text: string): Buffer {
  return Buffer.from(
    [...text].flatMap((letter) => {
      const codes = CODES.get(letter)
      if (codes === undefined) throw new RangeError('a letter is outside GSM 03.38: send as UCS-2')
      return codes
    }),
  )
}
