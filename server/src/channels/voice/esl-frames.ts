/** One message of FreeSWITCH's event socket: its header lines and, when it has one, its body. */
export type EslFrame = { readonly headers: ReadonlyMap<string, string>; readonly body: string }

/** A real event has about 4 KB in its body and 100 bytes before it; more than these is no event socket. */
const HEADER_BYTES_MAX = 16_384
const BODY_BYTES_MAX = 1_048_576
const END_OF_HEADERS = Buffer.from('\n\n')

/**
 * Cuts the stream into whole frames, whatever the pieces it comes in: a body's length counts bytes, so letters are
 * read only when all of it is there. Throws RangeError on a stream with no boundary to go on from.
 */
export function createEslCutter(): (chunk: Buffer) => readonly EslFrame[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames: EslFrame[] = []
    for (let cut = cutOne(rest); cut !== undefined; cut = cutOne(rest)) {
      frames.push(cut.frame)
      rest = rest.subarray(cut.bytes)
    }
    return frames
  }
}

/** The fields of an `event-plain` body, whose values are URL-encoded, and the text after its own blank line. */
export function readPlainEvent(body: string): EslFrame {
  const end = body.indexOf('\n\n')
  const fields = new Map<string, string>()
  for (const [name, value] of readHeaders(end < 0 ? body : body.slice(0, end))) {
    fields.set(name, decodeURIComponent(value))
  }
  return { headers: fields, body: end < 0 ? '' : body.slice(end + 2) }
}

/** A command as it goes out. Throws on a line break within a line: it would begin a command of its own. */
export function encodeEslCommand(lines: readonly string[]): Buffer {
  for (const line of lines) {
    if (line === '' || /[\r\n\0]/.test(line))
      throw new RangeError('a command line is empty or broken in two')
  }
  return Buffer.from(`${lines.join('\n')}\n\n`)
}

function cutOne(buffer: Buffer): { frame: EslFrame; bytes: number } | undefined {
  const end = buffer.indexOf(END_OF_HEADERS)
  if (end > HEADER_BYTES_MAX || (end < 0 && buffer.length > HEADER_BYTES_MAX)) {
    throw new RangeError('bytes that are no event socket: headers without an end')
  }
  if (end < 0) return undefined
  const headers = readHeaders(buffer.toString('utf8', 0, end))
  const start = end + END_OF_HEADERS.length
  const bytes = start + bodyBytes(headers.get('Content-Length'))
  if (buffer.length < bytes) return undefined
  return { frame: { headers, body: buffer.toString('utf8', start, bytes) }, bytes }
}

function bodyBytes(length: string | undefined): number {
  if (length === undefined) return 0
  if (!/^\d{1,7}$/.test(length) || Number(length) > BODY_BYTES_MAX) {
    throw new RangeError('bytes that are no event socket: a body of no length')
  }
  return Number(length)
}

function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ')
    if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 2))
  }
  return headers
}
