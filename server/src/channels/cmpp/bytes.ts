/** Writes the fields of a PDU one after another; whole numbers are big-endian, texts NUL-padded. */
export type ByteWriter = {
  readonly u8: (value: number) => ByteWriter
  readonly u32: (value: number) => ByteWriter
  /** Exactly `size` bytes. Throws RangeError when the text is longer or no Latin-1. */
  readonly text: (value: string, size: number) => ByteWriter
  /** The bytes, filled up with NUL when `size` is given. */
  readonly bytes: (value: Uint8Array, size?: number) => ByteWriter
  readonly done: () => Buffer
}

/** `room` bounds what is written. */
export function createWriter(room: number): ByteWriter {
  const target = Buffer.alloc(room)
  let at = 0
  const writer: ByteWriter = {
    u8: (value) => {
      at = target.writeUInt8(value, at)
      return writer
    },
    u32: (value) => {
      at = target.writeUInt32BE(value, at)
      return writer
    },
    text: (value, size) => {
      if (value.length > size || !isLatin1(value)) {
        throw new RangeError(`a field of ${size} bytes cannot hold ${value.length} characters`)
      }
      target.write(value, at, 'latin1')
      at += size
      return writer
    },
    bytes: (value, size = value.length) => {
      if (value.length > size) throw new RangeError(`${value.length} bytes do not fit in ${size}`)
      target.set(value, at)
      at += size
      return writer
    },
    done: () => target.subarray(0, at),
  }
  return writer
}

function isLatin1(value: string): boolean {
  return [...value].every((letter) => (letter.codePointAt(0) ?? 0) <= 0xff)
}

/** Reads the fields of a PDU one after another. Throws RangeError past its end. */
export type ByteReader = {
  readonly u8: () => number
  readonly u32: () => number
  /** Exactly `size` bytes, up to the first NUL. */
  readonly text: (size: number) => string
  readonly bytes: (size: number) => Buffer
}

export function createReader(source: Buffer): ByteReader {
  let at = 0
  const take = (size: number): Buffer => {
    if (at + size > source.length) {
      throw new RangeError(`a PDU ended after ${source.length} bytes, ${at + size} were expected`)
    }
    at += size
    return source.subarray(at - size, at)
  }
  return {
    u8: () => take(1).readUInt8(),
    u32: () => take(4).readUInt32BE(),
    text: (size) => {
      const field = take(size)
      const end = field.indexOf(0)
      return field.toString('latin1', 0, end < 0 ? size : end)
    },
    bytes: take,
  }
}
