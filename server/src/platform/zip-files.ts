import { crc32 } from 'node:zlib'

export type ZipEntry = { readonly name: string; readonly content: Uint8Array }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const VERSION = 20
/** 1980-01-01, the earliest date of the format: the same files make the same archive. */
const DATE = 0x21
/** Names are UTF-8. */
const FLAGS = 0x0800

/** A ZIP archive (APPNOTE 4.3) of small files, stored as they are. */
export function zipFiles(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const label = Buffer.from(name)
    const common = commonHeader(label, content)
    const local = Buffer.concat([words([LOCAL, 4]), common, label, content])
    const tail = words([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4])
    directory.push(Buffer.concat([words([CENTRAL, 4], [VERSION, 2]), common, tail, label]))
    parts.push(local)
    offset += local.length
  }
  const index = Buffer.concat(directory)
  const count = entries.length
  const end = words(
    [END, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [index.length, 4],
    [offset, 4],
    [0, 2],
  )
  return Buffer.concat([...parts, index, end])
}

/** What a file's own header and its line in the directory share: version to extra length. */
function commonHeader(label: Buffer, content: Uint8Array): Buffer {
  const size = content.length
  return words(
    [VERSION, 2],
    [FLAGS, 2],
    [0, 2],
    [0, 2],
    [DATE, 2],
    [crc32(content), 4],
    [size, 4],
    [size, 4],
    [label.length, 2],
    [0, 2],
  )
}

/** Unsigned little-endian numbers of the given widths, one after the other. */
function words(...numbers: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    numbers.map(([value, bytes]) => {
      const word = Buffer.alloc(bytes)
      word.writeUIntLE(value, 0, bytes)
      return word
    }),
  )
}
