import type { Readable } from 'node:stream'
import { z } from 'zod'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { inBatches, type Raw, type RowSource } from './row-source.ts'

const jsonRow = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
type JsonLine = { readonly line: number; readonly row: z.infer<typeof jsonRow> }

/** Lines looked at for names of columns: a line may leave out what is empty. */
const HEADER_LINES = 1_000

/** Opens NDJSON: one flat object a line. */
export async function openJsonLines(text: Readable, progress: () => number): Promise<RowSource> {
  const rows = readJsonLines(text)[Symbol.asyncIterator]()
  const ahead: JsonLine[] = []
  while (ahead.length < HEADER_LINES) {
    const next = await rows.next()
    if (next.done === true) break
    ahead.push(next.value)
  }
  if (ahead.length === 0) throw new ImportError('import.empty', 'the file is empty')
  const header = [...new Set(ahead.flatMap(({ row }) => Object.keys(row)))]
  const known = new Set(header)
  const toRaw = async function* (): AsyncIterable<Raw> {
    for (const each of ahead) yield { line: each.line, cells: cellsOf(each, header) }
    for await (const each of { [Symbol.asyncIterator]: () => rows }) {
      refuseNewNames(each, known)
      yield { line: each.line, cells: cellsOf(each, header) }
    }
  }
  return { header, batches: inBatches(toRaw()), progress }
}

function refuseNewNames({ line, row }: JsonLine, known: ReadonlySet<string>): void {
  const fresh = Object.keys(row).find((name) => !known.has(name))
  if (fresh === undefined) return
  throw new ImportError(
    'import.wrong_header',
    `line ${line} has ${JSON.stringify(fresh.slice(0, 40))}, which none of the first ${HEADER_LINES} lines has: name it in the first line, empty or null`,
  )
}

async function* readJsonLines(text: Readable): AsyncIterable<JsonLine> {
  let rest = ''
  let line = 0
  const read = (source: string): JsonLine[] => {
    line += 1
    if (source.trim() === '') return []
    return [{ line, row: parseLine(source, line) }]
  }
  for await (const chunk of text) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > IMPORT_LIMITS.recordLengthMax) throw tooLong(line + 1)
    for (const source of lines) yield* read(source)
  }
  yield* read(rest)
}

function parseLine(source: string, line: number): z.infer<typeof jsonRow> {
  if (source.length > IMPORT_LIMITS.recordLengthMax) throw tooLong(line)
  try {
    return jsonRow.parse(JSON.parse(source))
  } catch {
    // The parser's own message quotes the line, which is personal data.
    throw new ImportError('import.malformed', `line ${line} is no flat JSON object`)
  }
}

function tooLong(line: number): ImportError {
  return new ImportError(
    'import.too_large',
    `line ${line} is longer than ${IMPORT_LIMITS.recordLengthMax} characters`,
  )
}

function cellsOf({ line, row }: JsonLine, header: readonly string[]): string[] {
  return header.map((name) => {
    const value = row[name]
    if (value === undefined || value === null) return ''
    if (typeof value === 'number' && !isExact(value)) {
      throw new ImportError(
        'import.malformed',
        `line ${line}: ${name} is a number with too many digits to be read exactly: write it as text, in quotes`,
      )
    }
    return String(value)
  })
}

const DIGITS_MAX = 15

/** Whether the number surely is what the file says: a JSON number has 15 safe digits. */
function isExact(value: number): boolean {
  if (Number.isSafeInteger(value)) return true
  const text = String(value)
  return !text.includes('e') && text.replace(/\D/g, '').length <= DIGITS_MAX
}
