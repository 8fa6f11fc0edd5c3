import { PARTS_MAX } from '../sms/segment-text.ts'
import type { CmppSettings } from './cmpp-settings.ts'
import { type CmppSubmit, CONTENT_BYTES_MAX } from './codec.ts'
import { encodeGbkLetter } from './gbk.ts'

/** Msg_Fmt of the specification. */
export const FORMATS = { ascii: 0, binary: 4, ucs2: 8, gbk: 15 } as const
type TextFormat = Exclude<keyof typeof FORMATS, 'binary'>

const HEADER_BYTES = 6

/**
 * The submits of every part of a text: 140 bytes alone or 134 beside the concatenation header, which
 * carries the last byte of the permit's reference. A letter is never cut in two. The last part asks for
 * the status report. Throws RangeError when the text needs too many parts.
 */
export function submitParts(message: {
  readonly settings: CmppSettings
  readonly address: string
  readonly text: string
  readonly reference: number
}): readonly CmppSubmit[] {
  const { settings, reference } = message
  const { format, parts } = cutText(message.text, settings.alphabet)
  const total = parts.length
  const digits = message.address.replace(/\D/g, '')
  const common = {
    total,
    serviceId: settings.serviceId,
    hasHeader: total > 1,
    format: FORMATS[format],
    source: settings.sourceAddress,
    from: settings.accessNumber,
    to: settings.hasCountryCode ? digits : digits.replace(/^86(?=\d{11}$)/, ''),
  }
  return parts.map((body, index) => {
    const header = Buffer.from([5, 0, 3, reference & 0xff, total, index + 1])
    return {
      ...common,
      number: index + 1,
      isReceiptAsked: index === total - 1,
      content: total === 1 ? body : Buffer.concat([header, body]),
    }
  })
}

/** How many parts a text takes: what the gateway charges for. Throws RangeError over PARTS_MAX. */
export function countParts(text: string, alphabet: CmppSettings['alphabet']): number {
  return cutText(text, alphabet).parts.length
}

function cutText(
  text: string,
  alphabet: CmppSettings['alphabet'],
): { readonly format: TextFormat; readonly parts: readonly Buffer[] } {
  const letters = [...text]
  const format = formatOf(letters, alphabet)
  const encoded = letters.map((letter) => encodeLetter(letter, format))
  const whole = Buffer.concat(encoded)
  if (whole.length <= CONTENT_BYTES_MAX) return { format, parts: [whole] }
  const parts = fill(encoded)
  if (parts.length > PARTS_MAX) {
    throw new RangeError(
      `the text needs ${parts.length} SMS parts; at most ${PARTS_MAX} are allowed`,
    )
  }
  return { format, parts }
}

function formatOf(letters: readonly string[], alphabet: CmppSettings['alphabet']): TextFormat {
  switch (alphabet) {
    case 'ucs2':
      return 'ucs2'
    case 'gbk':
      // An emoji has no GBK: the whole then goes as UCS-2 rather than with a hole in it.
      return letters.every((letter) => encodeGbkLetter(letter) !== null) ? 'gbk' : 'ucs2'
    case 'any':
      return letters.every((letter) => /^[\n\r\x20-\x7e]$/.test(letter)) ? 'ascii' : 'ucs2'
  }
}

function encodeLetter(letter: string, format: TextFormat): Buffer {
  if (format === 'ucs2') return Buffer.from(letter, 'utf16le').swap16()
  return (format === 'gbk' ? encodeGbkLetter(letter) : null) ?? Buffer.from(letter, 'latin1')
}

function fill(encoded: readonly Buffer[]): readonly Buffer[] {
  const parts: Buffer[] = []
  let part: Buffer[] = []
  let used = 0
  for (const letter of encoded) {
    if (used + letter.length > CONTENT_BYTES_MAX - HEADER_BYTES) {
      parts.push(Buffer.concat(part))
      part = []
      used = 0
    }
    part.push(letter)
    used += letter.length
  }
  parts.push(Buffer.concat(part))
  return parts
}
