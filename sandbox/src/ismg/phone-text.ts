const UCS2 = 8
const GBK = 15
const BYTES_SINGLE = 140
const BYTES_PART = 134

/** The words of a part in its Msg_Fmt, without its header. */
export function textOfPart(body: Buffer, format: number): string {
  if (format === UCS2) {
    const even = body.subarray(0, body.length - (body.length % 2))
    return Buffer.from(even).swap16().toString('utf16le')
  }
  return format === GBK ? new TextDecoder('gbk').decode(body) : body.toString('latin1')
}

/** What a phone wrote, as the gateway hands it on: UCS-2, cut where a phone cuts. */
export function phoneParts(
  text: string,
  reference: number,
): readonly { readonly hasHeader: boolean; readonly content: Buffer }[] {
  const body = Buffer.from(text, 'utf16le').swap16()
  if (body.length <= BYTES_SINGLE) return [{ hasHeader: false, content: body }]
  const total = Math.ceil(body.length / BYTES_PART)
  return Array.from({ length: total }, (_, index) => {
    const header = Buffer.from([5, 0, 3, reference, total, index + 1])
    const part = body.subarray(index * BYTES_PART, (index + 1) * BYTES_PART)
    return { hasHeader: true, content: Buffer.concat([header, part]) }
  })
}
