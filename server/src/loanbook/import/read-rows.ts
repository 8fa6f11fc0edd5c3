import { stat } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { z } from 'zod'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { openJsonLines } from './read-json-lines.ts'
import { openSpreadsheet } from './read-spreadsheet.ts'
import { openText } from './read-text.ts'
import { inBatches, type Raw, type RowSource } from './row-source.ts'

export type { Raw } from './row-source.ts'

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
  const { text, progress } = openText(path, size)
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  const isJson = plain.endsWith('.ndjson') || plain.endsWith('.jsonl')
  return isJson ? openJsonLines(text, progress) : openCsv(text, progress)
}

async function openCsv(text: Readable, progress: () => number): Promise<RowSource> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: IMPORT_LIMITS.recordLengthMax,
  })
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
    throw malformed(error)
  }
}

function isCsvRecord(given: unknown): given is z.infer<typeof csvRecord> {
  return typeof given === 'object' && given !== null && 'info' in given && 'record' in given
}

const csvTrouble = z.object({ code: z.string(), lines: z.number(), column: z.unknown() })
const TROUBLES: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'has text after a closing quote',
  INVALID_OPENING_QUOTE: 'has a quote inside a cell that is not quoted',
  CSV_MAX_RECORD_SIZE: `is longer than ${IMPORT_LIMITS.recordLengthMax} characters`,
}

/** The parser's own message quotes the cell, which may be personal: only the place is told. */
function malformed(error: unknown): ImportError {
  const found = csvTrouble.safeParse(error)
  if (!found.success) {
    return new ImportError('import.malformed', 'the file is no valid CSV', { cause: error })
  }
  const { code, lines, column } = found.data
  const place = typeof column === 'number' ? `line ${lines}, cell ${column + 1}` : `line ${lines}`
  return new ImportError(
    'import.malformed',
    `the file is no valid CSV: ${place} ${TROUBLES[code] ?? 'cannot be read'}`,
  )
}
