import { readFile } from 'node:fs/promises'
import {
  addDays,
  addMonths,
  civil,
  type EpochDay,
  formatLocalDate,
  parseLocalDate,
} from '@dunlin/kernel'
import { Environment } from '@marcbachmann/cel-js'
import { parse } from 'yaml'
import { z } from 'zod'
import { COLUMNS, columnNamed, type ImportKind } from './columns.ts'
import { ImportError, RowError } from './import-error.ts'
import { parseDateAs } from './parse-fields.ts'
import type { Row } from './row.ts'

/** Turns raw records into rows; null for a record that the map's `where` leaves out. */
export type RowMapper = (line: number, cells: readonly string[]) => Row | null

const mapEntry = z.union([
  z.string(),
  z.strictObject({ from: z.string(), format: z.string() }),
  z.strictObject({ const: z.union([z.string(), z.number()]) }),
  z.strictObject({ cel: z.string() }),
])
const mapFile = z
  .object({ where: z.strictObject({ cel: z.string() }).optional() })
  .catchall(mapEntry)
export type ColumnMap = z.infer<typeof mapFile>

/** Reads a YAML map; throws an ImportError that names the entry. */
export async function readMap(path: string): Promise<ColumnMap> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ImportError('import.bad_map', `there is no map ${path}`, { cause: error })
  })
  const parsed = mapFile.safeParse(parseYaml(text, path))
  if (parsed.success) return parsed.data
  throw new ImportError('import.bad_map', `${path}: ${z.prettifyError(parsed.error)}`)
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const told = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new ImportError('import.bad_map', `${path} is no YAML: ${told}`, { cause: error })
  }
}

/** A mapper for a header, by names or by a map. A header that lacks a required column refuses the file. */
export function mapColumns(
  kind: ImportKind,
  header: readonly string[],
  map: ColumnMap | null,
): RowMapper {
  return map === null ? byNames(kind, header) : byMap(kind, header, map)
}

function byNames(kind: ImportKind, header: readonly string[]): RowMapper {
  const places = new Map<string, { index: number; isMinor: boolean }>()
  const unknown: string[] = []
  for (const [index, cell] of header.entries()) {
    const found = columnNamed(kind, cell)
    if (found === null) unknown.push(cell)
    else if (places.has(found.column)) {
      throw new ImportError('import.wrong_header', `column ${found.column} appears twice`)
    } else places.set(found.column, { index, isMinor: found.isMinor })
  }
  refuseIncomplete(kind, (column) => places.has(column), unknown)
  return (line, cells) => ({
    line,
    get: (column) => cells[places.get(column)?.index ?? -1]?.trim() ?? '',
    isMinor: (column) => places.get(column)?.isMinor === true,
  })
}

function refuseIncomplete(
  kind: ImportKind,
  has: (column: string) => boolean,
  unknown: readonly string[],
): void {
  const { required, optional } = COLUMNS[kind]
  const missing = required.filter((column) => !has(column))
  if (missing.length === 0 && unknown.length === 0) return
  const told = [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(unknown.length > 0
      ? [`unknown ${unknown.map((cell) => JSON.stringify(cell.slice(0, 40))).join(', ')}`]
      : []),
  ].join('; ')
  throw new ImportError(
    'import.wrong_header',
    `wrong header for ${kind}: ${told}. Columns: ${required.map((column) => `${column} (required)`).join(', ')}, ${optional.join(', ')}`,
  )
}

type Cells = Readonly<Record<string, string>>
type Compute = (cells: Cells) => string

function byMap(kind: ImportKind, header: readonly string[], map: ColumnMap): RowMapper {
  const { where, ...entries } = map
  const computes = new Map<string, Compute>()
  const minors = new Set<string>()
  const environment = celEnvironment()
  for (const [name, entry] of Object.entries(entries)) {
    const found = columnNamed(kind, name)
    if (found === null || entry === undefined) {
      throw new ImportError(
        'import.bad_map',
        `the map names ${name}, which is no column of ${kind}`,
      )
    }
    if (computes.has(found.column)) {
      throw new ImportError('import.bad_map', `the map names ${found.column} twice`)
    }
    computes.set(found.column, compileEntry(name, entry, { header, environment }))
    if (found.isMinor) minors.add(found.column)
  }
  refuseIncomplete(kind, (column) => computes.has(column), [])
  const isWanted = where === undefined ? null : compileCel('where', where.cel, environment)
  return (line, cells) => {
    const record: Cells = Object.fromEntries(
      header.map((name, index) => [name, cells[index] ?? '']),
    )
    if (isWanted !== null && isWanted(record) !== 'true') return null
    return {
      line,
      get: (column) => computes.get(column)?.(record).trim() ?? '',
      isMinor: (column) => minors.has(column),
    }
  }
}

function compileEntry(
  column: string,
  entry: z.infer<typeof mapEntry>,
  { header, environment }: { header: readonly string[]; environment: Environment },
): Compute {
  if (typeof entry === 'object' && 'const' in entry) return () => String(entry.const)
  if (typeof entry === 'object' && 'cel' in entry) return compileCel(column, entry.cel, environment)
  const source = typeof entry === 'string' ? entry : entry.from
  if (!header.includes(source)) {
    throw new ImportError(
      'import.wrong_header',
      `the file has no column ${source}, which the map takes for ${column}`,
    )
  }
  if (typeof entry === 'string') return (cells) => cells[source] ?? ''
  return (cells) => parseDateAs(cells[source] ?? '', entry.format, column)
}

function compileCel(column: string, expression: string, environment: Environment): Compute {
  try {
    const evaluate = environment.parse(expression)
    return (cells) => {
      try {
        return String(evaluate({ row: cells }) ?? '')
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new RowError({ code: 'import.bad_expression', column, reason })
      }
    }
  } catch (error) {
    throw new ImportError('import.bad_map', `expression of ${column}: ${String(error)}`, {
      cause: error,
    })
  }
}

/** CEL with `row` (cells as text) and helpers for numbers, dates and padding. */
function celEnvironment(): Environment {
  const date = (text: string) => {
    const day = parseLocalDate(text)
    if (day === null) throw new Error('a date is needed, as YYYY-MM-DD')
    return day
  }
  return new Environment({ unlistedVariablesAreDyn: true })
    .registerFunction('num(string): double', (text: string) =>
      text.trim() === '' ? 0 : Number(text),
    )
    .registerFunction('money(double): string', (amount: number) => amount.toFixed(2))
    .registerFunction('larger(double, double): double', (a: number, b: number) => Math.max(a, b))
    .registerFunction('smaller(double, double): double', (a: number, b: number) => Math.min(a, b))
    .registerFunction('addDays(string, double): string', (text: string, days: number) =>
      formatLocalDate(addDays(date(text), days)),
    )
    .registerFunction('addMonths(string, double): string', (text: string, months: number) =>
      formatLocalDate(addMonths(date(text), months)),
    )
    .registerFunction('months(string, string): double', (from: string, to: string) =>
      monthsBetween(date(from), date(to)),
    )
    .registerFunction(
      'padLeft(string, int, string): string',
      (text: string, width: bigint, fill: string) => text.padStart(Number(width), fill),
    )
    .registerFunction('last(string, int): string', (text: string, count: bigint) =>
      text.slice(-Number(count)),
    )
}

/** Calendar months from the month of one date to the month of another. */
function monthsBetween(from: EpochDay, to: EpochDay): number {
  const [start, end] = [civil(from), civil(to)]
  return (end.year - start.year) * 12 + end.month - start.month
}
