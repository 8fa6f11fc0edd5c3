// For tests: what `zipFiles` packed, read without it.

const LOCAL = 0x04034b50

/** The files of an archive that stores them as they are. */
export function unzipStored(bytes: Buffer): { name: string; content: Buffer }[] {
  const files: { name: string; content: Buffer }[] = []
  for (let at = 0; bytes.readUInt32LE(at) === LOCAL; ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 30, at + 30 + bytes.readUInt16LE(at + 26))
    at = start + bytes.readUInt32LE(at + 18)
    files.push({ name, content: bytes.subarray(start, at) })
  }
  return files
}
