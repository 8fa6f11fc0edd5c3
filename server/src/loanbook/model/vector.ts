import { formatLocalDate, parseInstant, parseLocalDate, required } from '@dunlin/kernel'
import { z } from 'zod'
import { foldLoan } from './fold-loan.ts'
import { type ByComponent, COMPONENTS } from './ledger-event.ts'
import type { LineState, LoanState } from './loan-state.ts'
import { parseLedgerEvent } from './parse-ledger-event.ts'
import { parseProductOptions } from './product-options.ts'

/** What a vector expected of a field and what the fold gave. */
export type VectorFailure = {
  readonly field: string
  readonly expected: unknown
  readonly got: unknown
}

const vector = z.object({
  id: z.string(),
  product: z.unknown().optional(),
  events: z.array(z.unknown()),
  asOf: z.string(),
  knownAt: z.string().nullish(),
  expect: z.record(z.string(), z.unknown()),
})
const expectedLines = z.array(z.record(z.string(), z.unknown()))

/** Runs one ledger vector (ledger.md section 9): its id, and the fields that differ. */
export function checkVector(given: unknown): { id: string; failures: VectorFailure[] } {
  const { id, product, events, asOf, knownAt, expect } = vector.parse(given)
  const parsed = events.map(parseLedgerEvent)
  const wrong = parsed.find((event) => !event.ok)
  if (wrong !== undefined && !wrong.ok) {
    return {
      id,
      failures: [{ field: wrong.refusal.field, expected: 'an event', got: wrong.refusal.detail }],
    }
  }
  const state = foldLoan({
    product: parseProductOptions(product ?? {}),
    events: parsed.flatMap((event) => (event.ok ? [event.value] : [])),
    asOf: required(parseLocalDate(asOf), 'asOf'),
    knownAt: knownAt == null ? null : required(parseInstant(knownAt), 'knownAt'),
  })
  const actual = toReport(state)
  return {
    id,
    failures: Object.entries(expect).flatMap(([field, value]) => compare(field, value, actual)),
  }
}

function compare(
  field: string,
  expected: unknown,
  actual: Record<string, unknown>,
): VectorFailure[] {
  if (!(field in actual)) return [{ field, expected, got: 'no such field' }]
  const got = actual[field]
  if (field === 'instalments') return compareLines(expected, { field, key: 'seq', got })
  if (field === 'charges') return compareLines(expected, { field, key: 'id', got })
  if (isRecord(expected)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      compareValue(`${field}.${name}`, value, isRecord(got) ? got[name] : got),
    )
  }
  return compareValue(field, expected, got)
}

function compareLines(
  expected: unknown,
  { field, key, got }: { field: string; key: string; got: unknown },
): VectorFailure[] {
  const lines = expectedLines.parse(got)
  const wanted = expectedLines.parse(expected ?? [])
  if (wanted.length === 0 && lines.length > 0) return [{ field, expected, got }]
  return wanted.flatMap((want) => {
    const line = lines.find((candidate) => candidate[key] === want[key])
    if (line === undefined)
      return [{ field: `${field}.${String(want[key])}`, expected: want, got: null }]
    return Object.entries(want).flatMap(([name, value]) =>
      compareValue(`${field}.${String(want[key])}.${name}`, value, line[name]),
    )
  })
}

function compareValue(field: string, expected: unknown, got: unknown): VectorFailure[] {
  const given = typeof got === 'bigint' ? Number(got) : got
  return JSON.stringify(expected) === JSON.stringify(given) ? [] : [{ field, expected, got: given }]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The state under the names of ledger.md section 7, dates as text. */
function toReport(state: LoanState): Record<string, unknown> {
  const { lines, ...numbers } = state
  const dates = Object.fromEntries(
    Object.entries(numbers)
      .filter(([name]) => name.endsWith('On'))
      .map(([name, day]) => [
        name,
        typeof day === 'number' ? formatLocalDate(required(state[dateName(name)], name)) : null,
      ]),
  )
  const instalments = lines.filter((line) => line.kind === 'instalment')
  const charges = lines.filter((line) => line.kind === 'charge')
  const undated = lines.find((line) => line.kind === 'undated')
  return {
    ...numbers,
    ...dates,
    arrears: byName(state.arrears, 'Minor'),
    outstanding: byName(state.outstanding, 'Minor'),
    instalments: instalments.map(toLine),
    charges: charges.map(toLine),
    undated: undated === undefined ? null : toLine(undated),
  }
}

const DATE_NAMES = [
  'oldestUnpaidDueOn',
  'nextDueOn',
  'writtenOffOn',
  'closedOn',
  'curedOn',
] as const

function dateName(name: string): (typeof DATE_NAMES)[number] {
  return required(
    DATE_NAMES.find((known) => known === name),
    name,
  )
}

function toLine(line: LineState): Record<string, unknown> {
  return {
    ...line,
    dueOn: line.dueOn === null ? null : formatLocalDate(line.dueOn),
    clearedOn: line.clearedOn === null ? null : formatLocalDate(line.clearedOn),
    ...byName(line.outstanding, 'OutstandingMinor'),
  }
}

function byName(amounts: ByComponent, suffix: string): Record<string, bigint> {
  return Object.fromEntries(
    COMPONENTS.map((name, index) => [`${name}${suffix}`, amounts[index] ?? 0n]),
  )
}
