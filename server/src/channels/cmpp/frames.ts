/** What begins every PDU: total length, command, sequence number, four bytes each. */
export const HEADER_BYTES = 12
/** A deliver with a full message is under 300 bytes; more is no CMPP. */
const PDU_BYTES_MAX = 4096

/**
 * Cuts a stream into whole PDUs, whatever the pieces it comes in. Throws RangeError on a length that no
 * PDU has: after it the stream has no boundary to go on from.
 */
export function createFrameCutter(): (chunk: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const whole: Buffer[] = []
    while (buffer.length >= 4) {
      const length = buffer.readUInt32BE()
      if (length < HEADER_BYTES || length > PDU_BYTES_MAX) {
        throw new RangeError(`bytes that are no CMPP: a PDU of ${length} bytes`)
      }
      if (buffer.length < length) break
      whole.push(buffer.subarray(0, length))
      buffer = buffer.subarray(length)
    }
    rest = buffer
    return whole
  }
}
