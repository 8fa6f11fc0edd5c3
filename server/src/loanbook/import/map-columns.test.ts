import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ImportError, RowError } from './import-error.ts'
import { mapColumns, readMap } from './map-columns.ts'

async function aMap(yaml: string) {
  const path = join(await mkdtemp(join(tmpdir(), 'dunlin-map-')), 'map.yaml')
  await writeFile(path, yaml)
  return readMap(path)
}

const SCHEDULE = `
loan_no: nr
seq: { const: 1 }
due_on: { from: due, format: M/D/YYYY }
principal: { cel: "money(num(row.sum) * 2.0)" }
`

test('a map takes a column, a date of another form, a constant, and an expression', async () => {
  const map = await aMap(SCHEDULE)
  const row = mapColumns('schedule', ['nr', 'due', 'sum'], map)(2, ['L1', '2/1/2013', '50.5'])
  assert.deepEqual(
    ['loan_no', 'seq', 'due_on', 'principal', 'fee'].map((column) => row?.get(column)),
    ['L1', '1', '2013-02-01', '101.00', ''],
  )
})

test('dates without separators are read by the widths of their parts', async () => {
  const map = await aMap(SCHEDULE.replace('M/D/YYYY', 'DDMMYYYY'))
  const rows = mapColumns('schedule', ['nr', 'due', 'sum'], map)
  assert.equal(rows(2, ['L1', '01022013', '1'])?.get('due_on'), '2013-02-01')
  assert.throws(() => rows(2, ['L1', '1022013', '1'])?.get('due_on'), RowError)
})

test('where leaves rows out, and helpers compute', async () => {
  const map = await aMap(`
where: { cel: "row.state != 'closed'" }
loan_no: { cel: "'L' + padLeft(last(row.nr, 3), 4, '0')" }
seq: { cel: "string(int(months('2010-01-31', row.due)))" }
due_on: { cel: "addMonths(addDays(row.due, -1.0), 1.0)" }
principal_minor: { cel: "string(int(larger(smaller(num(row.sum), 9.0), 2.0)))" }
`)
  const rows = mapColumns('schedule', ['nr', 'due', 'sum', 'state'], map)
  assert.equal(rows(2, ['1', '2010-03-01', '1', 'closed']), null)
  const row = rows(3, ['12345', '2010-03-01', '1', 'open'])
  assert.deepEqual(
    ['loan_no', 'seq', 'due_on', 'principal'].map((column) => row?.get(column)),
    ['L0345', '2', '2010-03-28', '2'],
  )
  assert.equal(row?.isMinor('principal'), true)
})

test('an expression that fails on a row rejects the row by its column, without quoting it', async () => {
  const map = await aMap(
    SCHEDULE.replace('{ from: due, format: M/D/YYYY }', '{ cel: "addDays(row.due, 1.0)" }'),
  )
  const row = mapColumns('schedule', ['nr', 'due', 'sum'], map)(2, ['L1', '王小明', '1'])
  assert.throws(
    () => row?.get('due_on'),
    (error) =>
      error instanceof RowError && error.column === 'due_on' && !error.message.includes('王'),
  )
})

for (const { what, yaml, told } of [
  { what: 'is no YAML', yaml: 'loan_no: [', told: /is no YAML/ },
  { what: 'is empty', yaml: '', told: /map\.yaml/ },
  { what: 'has an entry of no known form', yaml: 'loan_no: { column: nr }', told: /loan_no/ },
  {
    what: 'names what is no column',
    yaml: `${SCHEDULE}balance: sum`,
    told: /names balance, which is no column of schedule/,
  },
  { what: 'names a column twice', yaml: `${SCHEDULE}借据号: nr`, told: /names loan_no twice/ },
  { what: 'lacks a required column', yaml: 'loan_no: nr', told: /missing seq, due_on, principal/ },
  {
    what: 'takes a column that the file lacks',
    yaml: SCHEDULE.replace('loan_no: nr', 'loan_no: number'),
    told: /no column number/,
  },
  {
    what: 'has an expression that does not parse',
    yaml: SCHEDULE.replace('money(', 'money(('),
    told: /expression of principal/,
  },
]) {
  test(`a map that ${what} is refused before any row is read`, async () => {
    await assert.rejects(
      async () => mapColumns('schedule', ['nr', 'due', 'sum'], await aMap(yaml)),
      (error) => {
        assert.ok(error instanceof ImportError, String(error))
        assert.match(error.message, told)
        return true
      },
    )
  })
}
