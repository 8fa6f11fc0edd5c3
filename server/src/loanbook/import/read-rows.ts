import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import readXlsxFile from 'read-excel-file/node'
import { z } from 'zod'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'

/** One record: its line in the file, and its cells in the order of the header. */
export type Raw = { readonly line: number; readonly cells: readonly string[] }
export type RowSource = {
  readonly header: readonly string[]
  /** Batches, so that a million rows do not cost a million turns of the event loop. */
  readonly batches: AsyncIterable<readonly Raw[]>
  /** Share of the file read so far, 0 to 1. */
  readonly progress: () => number
}

const SNIFF_BYTES = 65_536
const CHUNK_BYTES = 1 << 20

/** Opens CSV (UTF-8, BOM, GB18030), NDJSON or .xlsx, each also gzipped but the last. */
export async function openRows(path: string): Promise<RowSource> {
  const size = await stat(path).then(
    (found) => found.size,
    () => {
      throw new ImportError('import.file_not_found', `there is no file ${path}`)
    },
  )
  const name = path.toLowerCase()
  if (name.endsWith('.xlsx')) return openSpreadsheet(path, size)
  const { text, progress } = await openText(path, size)
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  const isJson = plain.endsWith('.ndjson') || plain.endsWith('.jsonl')
  return isJson ? openNdjson(text, progress) : openCsv(text, progress)
}

async function openText(
  path: string,
  size: number,
): Promise<{ text: Readable; progress: () => number }> {
  let seen = 0
  const counted = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      seen += chunk.length
      yield chunk
    }
  }
  const isGzip = path.toLowerCase().endsWith('.gz')
  const encoding = isGzip ? 'utf-8' : await detectEncoding(path)
  const bytes = isGzip
    ? pipeline(Readable.from(counted()), createGunzip(), () => undefined)
    : counted()
  const text = Readable.from(decode(bytes, encoding), { objectMode: false, encoding: 'utf8' })
  return { text, progress: () => (size === 0 ? 1 : Math.min(1, seen / size)) }
}

async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncIterable<string> {
  // The decoder takes a byte order mark off, and refuses bytes that are no text.
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
    yield decoder.decode()
  } catch (error) {
    throw new ImportError(
      'import.unreadable',
      `the file is damaged or no ${encoding.toUpperCase()} text: save it as UTF-8 or GB18030 and try again`,
      { cause: error },
    )
  }
}

/** UTF-8 when the beginning reads as UTF-8, else GB18030, which reads GBK and GB2312 too. */
async function detectEncoding(path: string): Promise<'utf-8' | 'gb18030'> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), {
      stream: true,
    })
    return 'utf-8'
  } catch {
    return 'gb18030'
  } finally {
    await file.close()
  }
}

async function openCsv(text: Readable, progress: () => number): Promise<RowSource> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, info: true })
  pipeline(text, parser, () => undefined)
  const records = readRecords(parser)[Symbol.asyncIterator]()
  const first = await records.next()
  if (first.done === true) throw new ImportError('import.empty', 'the file is empty')
  return {
    header: first.value.cells,
    batches: inBatches({ [Symbol.asyncIterator]: () => records }),
    progress,
  }
}

const csvRecord = z.object({ info: z.object({ lines: z.number() }), record: z.array(z.string()) })

async function* readRecords(parser: AsyncIterable<unknown>): AsyncIterable<Raw> {
  try {
    for await (const given of parser) {
      if (isCsvRecord(given)) yield { line: given.info.lines, cells: given.record }
      else csvRecord.parse(given)
    }
  } catch (error) {
    if (error instanceof ImportError) throw error
    const detail = error instanceof Error ? error.message : String(error)
    throw new ImportError('import.malformed', `the file is no valid CSV: ${detail}`, {
      cause: error,
    })
  }
}

function isCsvRecord(given: unknown): given is z.infer<typeof csvRecord> {
  return typeof given === 'object' && given !== null && 'info' in given && 'record' in given
}

async function* inBatches(rows: AsyncIterable<Raw>): AsyncIterable<readonly Raw[]> {
  let batch: Raw[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length >= IMPORT_LIMITS.batchRows) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

const jsonRow = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

async function openNdjson(text: Readable, progress: () => number): Promise<RowSource> {
  const rows = readJsonLines(text)[Symbol.asyncIterator]()
  const first = await rows.next()
  if (first.done === true) throw new ImportError('import.empty', 'the file is empty')
  const header = Object.keys(first.value.row)
  const toRaw = async function* (): AsyncIterable<Raw> {
    yield { line: first.value.line, cells: cellsOf(first.value.row, header) }
    for await (const { line, row } of { [Symbol.asyncIterator]: () => rows }) {
      yield { line, cells: cellsOf(row, header) }
    }
  }
  return { header, batches: inBatches(toRaw()), progress }
}

type JsonLine = { readonly line: number; readonly row: z.infer<typeof jsonRow> }

async function* readJsonLines(text: Readable): AsyncIterable<JsonLine> {
  let rest = ''
  let line = 0
  const read = (source: string): JsonLine[] => {
    line += 1
    if (source.trim() === '') return []
    try {
      return [{ line, row: jsonRow.parse(JSON.parse(source)) }]
    } catch (error) {
      throw new ImportError('import.malformed', `line ${line} is no flat JSON object`, {
        cause: error,
      })
    }
  }
  for await (const chunk of text) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const source of lines) yield* read(source)
  }
  yield* read(rest)
}

function cellsOf(row: z.infer<typeof jsonRow>, header: readonly string[]): string[] {
  return header.map((name) => {
    const value = row[name]
    return value === undefined || value === null ? '' : String(value)
  })
}

async function openSpreadsheet(path: string, size: number): Promise<RowSource> {
  if (size > IMPORT_LIMITS.spreadsheetBytesMax) {
    throw new ImportError(
      'import.too_large',
      `a spreadsheet may have ${IMPORT_LIMITS.spreadsheetBytesMax} bytes: save it as CSV`,
    )
  }
  const sheets = await readXlsxFile(path).catch((error: unknown) => {
    throw new ImportError('import.malformed', 'the file is no readable .xlsx spreadsheet', {
      cause: error,
    })
  })
  const [head, ...body] = z.array(z.array(z.unknown())).parse(firstSheet(sheets))
  if (head === undefined) throw new ImportError('import.empty', 'the spreadsheet is empty')
  const rows = body.map((cells, index) => ({ line: index + 2, cells: cells.map(cellText) }))
  const each = async function* (): AsyncIterable<Raw> {
    yield* rows.filter(({ cells }) => cells.some((cell) => cell !== ''))
  }
  return { header: head.map(cellText), batches: inBatches(each()), progress: () => 1 }
}

function firstSheet(sheets: unknown): unknown {
  const named = z.array(z.object({ data: z.unknown() })).safeParse(sheets)
  return named.success ? named.data[0]?.data : sheets
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return String(cell)
}
