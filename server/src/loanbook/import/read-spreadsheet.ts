import { open } from 'node:fs/promises'
import readXlsxFile from 'read-excel-file/node'
import { z } from 'zod'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { inBatches, type Raw, type RowSource } from './row-source.ts'

/** Opens the first sheet of an .xlsx file, which is read whole. */
export async function openSpreadsheet(path: string, size: number): Promise<RowSource> {
  if (size > IMPORT_LIMITS.spreadsheetBytesMax) {
    throw new ImportError(
      'import.too_large',
      `a spreadsheet may have ${IMPORT_LIMITS.spreadsheetBytesMax} bytes: save it as CSV`,
    )
  }
  await refuseBomb(path, size)
  const sheets = await readXlsxFile(path).catch((error: unknown) => {
    throw new ImportError('import.malformed', 'the file is no readable .xlsx spreadsheet', {
      cause: error,
    })
  })
  const [head, ...body] = z.array(z.array(z.unknown())).parse(firstSheet(sheets))
  if (head === undefined) throw new ImportError('import.empty', 'the spreadsheet is empty')
  const header = head.map((cell) => cellText(cell, { line: 1, column: 'the header' }))
  const each = async function* (): AsyncIterable<Raw> {
    for (const [index, cells] of body.entries()) {
      const line = index + 2
      const texts = cells.map((cell, place) =>
        cellText(cell, { line, column: header[place] ?? '' }),
      )
      if (texts.some((text) => text !== '')) yield { line, cells: padded(texts, header.length) }
    }
  }
  return { header, batches: inBatches(each()), progress: () => 1 }
}

function firstSheet(sheets: unknown): unknown {
  const named = z.array(z.object({ data: z.unknown() })).safeParse(sheets)
  return named.success ? named.data[0]?.data : sheets
}

function padded(texts: readonly string[], width: number): readonly string[] {
  return texts.length >= width
    ? texts
    : [...texts, ...Array.from({ length: width - texts.length }, () => '')]
}

const DIGITS_MAX = 15
const DATE_LENGTH = 10
const SECONDS_LENGTH = 19

function cellText(cell: unknown, place: { line: number; column: string }): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) {
    const text = cell.toISOString()
    // A time of day without a zone is no instant: it stays in sight, and is refused where one is needed.
    const isMidnight = text.endsWith('T00:00:00.000Z')
    return text.slice(0, isMidnight ? DATE_LENGTH : SECONDS_LENGTH)
  }
  return typeof cell === 'number' ? numberText(cell, place) : String(cell)
}

/** A spreadsheet keeps 15 digits of a number; a longer one has lost the others before it came here. */
function numberText(value: number, { line, column }: { line: number; column: string }): string {
  if (Math.abs(value) >= 10 ** DIGITS_MAX) {
    throw new ImportError(
      'import.malformed',
      `line ${line}: ${column} is a number of more than ${DIGITS_MAX} digits, of which a spreadsheet keeps ${DIGITS_MAX}: format the column as text and export it anew`,
    )
  }
  return String(Number(value.toPrecision(DIGITS_MAX)))
}

const TAIL_BYTES = 65_557
const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const ENTRY_BYTES = 46

/** An .xlsx is a zip: what its directory says of the unpacked sizes decides before anything is unpacked. */
async function refuseBomb(path: string, size: number): Promise<void> {
  const file = await open(path)
  try {
    const tail = Buffer.alloc(Math.min(TAIL_BYTES, size))
    await file.read(tail, 0, tail.length, size - tail.length)
    const end = tail.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6))
    if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END_SIGNATURE) return
    const directory = Buffer.alloc(Math.min(tail.readUInt32LE(end + 12), size))
    await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16))
    if (unpackedSize(directory) <= IMPORT_LIMITS.spreadsheetUnpackedMax) return
  } finally {
    await file.close()
  }
  throw new ImportError(
    'import.too_large',
    `a spreadsheet may unpack to ${IMPORT_LIMITS.spreadsheetUnpackedMax} bytes: save it as CSV`,
  )
}

function unpackedSize(directory: Buffer): number {
  let total = 0
  for (let at = 0; at + ENTRY_BYTES <= directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) break
    total += directory.readUInt32LE(at + 24)
    const [name, extra, comment] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place))
    at += ENTRY_BYTES + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return total
}
