import { isAscii } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'

const SNIFF_BYTES = 65_536
const CHUNK_BYTES = 1 << 20
const NEWLINE = 10

/** The text of a file, unpacked when its name ends in `.gz`, and the share of it read so far, 0 to 1. */
export function openText(path: string, size: number): { text: Readable; progress: () => number } {
  let seen = 0
  const counted = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      seen += chunk.length
      yield chunk
    }
  }
  const bytes = path.toLowerCase().endsWith('.gz') ? unpack(counted(), size) : counted()
  const text = Readable.from(decodeText(bytes), { objectMode: false, encoding: 'utf8' })
  return { text, progress: () => (size === 0 ? 1 : Math.min(1, seen / size)) }
}

/** Unpacked bytes; a small file that unpacks without end is refused. */
async function* unpack(packed: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  const { gzipRatioMax, gzipFreeBytes } = IMPORT_LIMITS
  const unpackedMax = Math.max(gzipFreeBytes, size * gzipRatioMax)
  let unpacked = 0
  const stream = pipeline(
    Readable.from(packed),
    createGunzip({ chunkSize: CHUNK_BYTES }),
    () => undefined,
  )
  try {
    for await (const chunk of stream) {
      unpacked += chunk.length
      if (unpacked > unpackedMax) {
        throw new ImportError(
          'import.too_large',
          `the file unpacks to more than ${gzipRatioMax} times its size: unpack it and look at it first`,
        )
      }
      yield chunk
    }
  } catch (error) {
    if (error instanceof ImportError) throw error
    throw new ImportError(
      'import.unreadable',
      'the .gz file is damaged or cut short: pack it again',
      {
        cause: error,
      },
    )
  }
}

/**
 * UTF-8 or GB18030 as text, without a byte order mark. All is ASCII until the first byte that is not;
 * from there on the encoding is told from what follows. Bytes that are no text refuse the file.
 */
async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: LineDecoder | null = null
  let held = Buffer.alloc(0)
  let line = 1
  for await (const chunk of bytes) {
    if (decoder !== null) yield decoder.decode(chunk)
    else if (held.length === 0 && isAscii(chunk)) {
      line += countLines(chunk)
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    } else {
      held = Buffer.concat([held, chunk])
      if (held.length < SNIFF_BYTES) continue
      decoder = createLineDecoder(held, line)
      yield decoder.decode(held)
    }
  }
  decoder ??= createLineDecoder(held, line)
  if (held.length < SNIFF_BYTES) yield decoder.decode(held)
  yield decoder.end()
}

type LineDecoder = {
  readonly decode: (chunk: Uint8Array) => string
  readonly end: () => string
}

/** Decodes on from `line`, and tells the line of the first bytes that are no text. */
function createLineDecoder(start: Uint8Array, firstLine: number): LineDecoder {
  const encoding = reads(start, 'utf-8') ? 'utf-8' : 'gb18030'
  const decoder = new TextDecoder(encoding, { fatal: true })
  let line = firstLine
  const attempt = (chunk: Uint8Array, stream: boolean) => {
    try {
      const text = decoder.decode(chunk, { stream })
      line += countLines(chunk)
      return text
    } catch (error) {
      const readable = new TextDecoder(encoding).decode(chunk).split('\ufffd')[0] ?? ''
      const damaged = line + readable.split('\n').length - 1
      throw new ImportError(
        'import.unreadable',
        `line ${damaged} is neither UTF-8 nor GB18030 text: save the file as UTF-8 and try again`,
        { cause: error },
      )
    }
  }
  return { decode: (chunk) => attempt(chunk, true), end: () => attempt(new Uint8Array(), false) }
}

/** Whether bytes, maybe cut off in the middle of a character, read in an encoding. */
function reads(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1
  return count
}
