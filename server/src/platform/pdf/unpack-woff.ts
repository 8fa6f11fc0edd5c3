import { inflateSync } from 'node:zlib'

const SIGNATURE = 0x774f4646
const HEADER = 44
const ENTRY = 20

/**
 * A WOFF 1.0 font as the plain OpenType file it was made of (W3C WOFF File Format 1.0, sections 3 to 5). The
 * PDF library would inflate it in JavaScript, which takes seconds.
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.readUInt32BE(0) !== SIGNATURE) throw new Error('not a WOFF font')
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, index) =>
    readTable(woff, HEADER + index * ENTRY),
  )
  const directory = Buffer.alloc(12 + count * 16)
  woff.copy(directory, 0, 4, 8)
  directory.writeUInt16BE(count, 4)
  const power = 2 ** Math.floor(Math.log2(count))
  directory.writeUInt16BE(power * 16, 6)
  directory.writeUInt16BE(Math.log2(power), 8)
  directory.writeUInt16BE((count - power) * 16, 10)
  let offset = directory.length
  const parts: Buffer[] = [directory]
  for (const [index, { tag, checksum, content }] of tables.entries()) {
    const place = 12 + index * 16
    directory.writeUInt32BE(tag, place)
    directory.writeUInt32BE(checksum, place + 4)
    directory.writeUInt32BE(offset, place + 8)
    directory.writeUInt32BE(content.length, place + 12)
    const padding = Buffer.alloc((4 - (content.length % 4)) % 4)
    parts.push(content, padding)
    offset += content.length + padding.length
  }
  return Buffer.concat(parts)
}

type Table = { readonly tag: number; readonly checksum: number; readonly content: Buffer }

function readTable(woff: Buffer, at: number): Table {
  const offset = woff.readUInt32BE(at + 4)
  const packedBytes = woff.readUInt32BE(at + 8)
  const bytes = woff.readUInt32BE(at + 12)
  const packed = woff.subarray(offset, offset + packedBytes)
  const content = packedBytes < bytes ? inflateSync(packed) : packed
  if (content.length !== bytes) throw new Error('a table of the WOFF font is damaged')
  return { tag: woff.readUInt32BE(at), checksum: woff.readUInt32BE(at + 16), content }
}
