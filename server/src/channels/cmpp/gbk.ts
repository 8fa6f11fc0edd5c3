/** `gb18030` reads every GBK byte, and what phones send beyond it. */
const DECODER = new TextDecoder('gb18030')

export function decodeGbk(bytes: Uint8Array): string {
  return DECODER.decode(bytes)
}

/** The two bytes of a GBK letter; null when it has none. ASCII is one byte. */
export function encodeGbkLetter(letter: string): Buffer | null {
  if (letter.length === 1 && letter.charCodeAt(0) < 0x80) return Buffer.from(letter)
  codes ??= readTable()
  return codes.get(letter) ?? null
}

let codes: ReadonlyMap<string, Buffer> | null = null

/** Node decodes GBK but does not write it: the table is its decoder turned round. */
function readTable(): ReadonlyMap<string, Buffer> {
  const strict = new TextDecoder('gbk', { fatal: true })
  const table = new Map<string, Buffer>()
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      if (low === 0x7f) continue
      const bytes = Buffer.from([high, low])
      const letter = decodeOrNull(strict, bytes)
      if (letter !== null && [...letter].length === 1 && !table.has(letter))
        table.set(letter, bytes)
    }
  }
  return table
}

function decodeOrNull(decoder: TextDecoder, bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
