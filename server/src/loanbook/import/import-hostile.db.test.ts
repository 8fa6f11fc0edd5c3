import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Database } from '../../platform/db/index.ts'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { aPortfolio, LOANS, type Load, load } from '../test-book.ts'
import { findHidden } from './hidden-text.ts'
import { ImportError } from './import-error.ts'
import { IMPORT_LIMITS } from './limits.ts'
import { aSpreadsheet, type SheetCell } from './test-spreadsheet.ts'

const HEAD =
  'loan_no,borrower_no,name,phone,principal_outstanding,overdue_principal,oldest_unpaid_due_on,as_of'
const GOOD = 'G1,B9,Good,,100,10,2026-05-01,2026-05-31'

let count = 0
const db = await openTestDatabase()

/** A portfolio of its own with the small book of LOANS in it. */
async function aBook(): Promise<string> {
  count += 1
  const portfolio = `p${count}`
  await aPortfolio(db, portfolio, portfolio)
  await load(db, { kind: 'loans', text: LOANS, portfolio })
  return portfolio
}

async function dump(sql: Database, lender: string): Promise<unknown> {
  const tables = ['loan', 'ledger_event', 'contact_point', 'party', 'consent', 'attempt']
  const counts = tables.map((table) =>
    sql.query(
      `select * from ${table} join borrower b using (borrower_id) where lender = $1 order by 1, 2`,
      [lender],
    ),
  )
  return Promise.all(counts)
}

/** A reject as one text: `line column code reason`. */
async function rejectsOf(jobId: string): Promise<string[]> {
  const rows = await db.query<{
    line: string
    column_name: string | null
    code: string
    reason: string
    masked_value: string
  }>('select * from import_reject where import_job_id = $1 order by line', [jobId])
  for (const { masked_value } of rows) assert.equal(findHidden(masked_value ?? ''), null)
  return rows.map((row) => `${row.line} ${row.column_name} ${row.code} ${row.reason}`)
}

const HOSTILE_ROWS: readonly { what: string; row: string; told: RegExp }[] = [
  { what: 'NUL', row: 'H\u00001,B1,A,,1,0,,2026-05-31', told: /^2 loan_no .*U\+0000/ },
  { what: 'an escape', row: 'H1,B1,A\u001b[2J,,1,0,,2026-05-31', told: /^2 name .*U\+001B/ },
  { what: 'a C1 control', row: 'H1,B1,A\u009bx,,1,0,,2026-05-31', told: /^2 name .*U\+009B/ },
  {
    what: 'a zero-width space',
    row: 'H1\u200b1,B1,A,,1,0,,2026-05-31',
    told: /^2 loan_no .*U\+200B/,
  },
  {
    what: 'a right-to-left override',
    row: 'H1,B1,\u202eA,,1,0,,2026-05-31',
    told: /^2 name .*U\+202E/,
  },
  {
    what: 'a direction mark around a number',
    row: 'H1,B1,A,\u202a19900000009\u202c,1,0,,2026-05-31',
    told: /^2 phone .*U\+202A/,
  },
  {
    what: 'a line end in quotes',
    row: '"H\r\n1",B1,A,,1,0,,2026-05-31',
    told: /^\d loan_no .*U\+000D/,
  },
  {
    what: 'an amount that is a formula',
    row: 'H1,B1,A,,=1+1,0,,2026-05-31',
    told: /^2 principal_outstanding .*no amount/,
  },
  {
    what: 'full-width digits',
    row: 'H1,B1,A,,１００,0,,2026-05-31',
    told: /^2 principal_outstanding .*no amount/,
  },
  {
    what: 'an exponent',
    row: 'H1,B1,A,,1e9,0,,2026-05-31',
    told: /^2 principal_outstanding .*no amount/,
  },
  {
    what: 'an amount beyond what adds up',
    row: 'H1,B1,A,,99999999999999.99,0,,2026-05-31',
    told: /^2 principal_outstanding .*above 9007199254740991/,
  },
  {
    what: 'more digits than the currency has',
    row: 'H1,B1,A,,1.005,0,,2026-05-31',
    told: /^2 principal_outstanding .*no amount/,
  },
  {
    what: 'a huge cell',
    row: `H1,B1,${'A'.repeat(5_000)},,1,0,,2026-05-31`,
    told: /^2 name .*longer than 4000/,
  },
  {
    what: 'a huge identifier',
    row: `H1,${'9'.repeat(201)},A,,1,0,,2026-05-31`,
    told: /^2 borrower_no .*longer than 200/,
  },
  {
    what: 'a day that is none',
    row: 'H1,B1,A,,1,1,2026-02-30,2026-05-31',
    told: /^2 oldest_unpaid_due_on .*no date/,
  },
  {
    what: 'a day before time',
    row: 'H1,B1,A,,1,1,0001-01-01,2026-05-31',
    told: /^2 oldest_unpaid_due_on .*1900 to 2199/,
  },
  {
    what: 'a snapshot of the future',
    row: 'H1,B1,A,,1,0,,2027-01-01',
    told: /^2 as_of .*in the future/,
  },
  {
    what: 'a comma too many',
    row: 'H1,B1,Wang, Ming,,1,0,,2026-05-31',
    told: /^2 null import.wrong_width .*9 cells, the header 8/,
  },
  {
    what: 'a cell too few',
    row: 'H1,B1,A,1,0,,2026-05-31',
    told: /^2 null import.wrong_width .*7 cells/,
  },
]

for (const { what, row, told } of HOSTILE_ROWS) {
  test(`${what} is rejected with line and column, and the next row loads`, async () => {
    const portfolio = await aBook()
    const text = `${HEAD}\n${row}\n${GOOD}\n`
    const summary = await load(db, { kind: 'loans', text, portfolio })
    assert.deepEqual([summary.read, summary.created, summary.rejected], [2, 1, 1])
    const [reject = ''] = await rejectsOf(summary.jobId)
    assert.match(reject, told)
    const found = await db.query(
      `select 1 from borrower where lender = $1 and borrower_no = 'B9'`,
      [portfolio],
    )
    assert.equal(found.length, 1)
  })
}

const BAD_BYTES = Buffer.concat([
  Buffer.from(`${HEAD}\n${GOOD}\nH2,B2,`),
  Buffer.of(0xff, 0xfe, 0x80),
  Buffer.from(',,1,0,,2026-05-31\n'),
])
const MANY = Array.from({ length: 3_000 }, (_, index) => `M${index},B9,Good,,1,0,,2026-05-31`)
const JSON_ROW = {
  loan_no: 'J1',
  borrower_no: 'B1',
  name: 'A',
  principal_outstanding: 1,
  oldest_unpaid_due_on: null,
  as_of: '2026-05-31',
}
const json = (...rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n')

const REFUSED: readonly (Partial<Load> & {
  what: string
  text: string | Uint8Array
  told: RegExp
})[] = [
  { what: 'nothing at all', text: '', told: /empty/ },
  { what: 'a byte order mark alone', text: '\ufeff', told: /empty/ },
  { what: 'no header', text: `${GOOD}\n`, told: /wrong header.*missing loan_no/ },
  { what: 'a column twice', text: `loan_no,借据号,${HEAD}\n`, told: /loan_no appears twice/ },
  {
    what: 'a wrong separator',
    text: `${HEAD}\n${GOOD}\n`.replaceAll(',', ';'),
    told: /wrong header/,
  },
  {
    what: 'a quote that is never closed',
    text: `${HEAD}\n${GOOD}\n"H2,B2,王小明,,1,0,,2026-05-31\n`,
    told: /line 3.*never closed/,
  },
  {
    what: 'a quote inside a cell',
    text: `${HEAD}\nH2,B2,王"小"明,,1,0,,2026-05-31\n`,
    told: /line 2, cell 3 has a quote/,
  },
  {
    what: 'text after a closing quote',
    text: `${HEAD}\nH2,B2,"王"小明,,1,0,,2026-05-31\n`,
    told: /line 2.*closing quote/,
  },
  {
    what: 'a line without end',
    text: `${HEAD}\nH2,B2,${'A'.repeat(IMPORT_LIMITS.recordLengthMax)},,1,0,,2026-05-31\n`,
    told: /line 2.*longer than 2000000/,
  },
  { what: 'bytes that are no text', text: BAD_BYTES, told: /line 3 is neither UTF-8 nor GB18030/ },
  {
    what: 'bytes that are no text, far in',
    text: Buffer.concat([Buffer.from(`${HEAD}\n王${MANY.join('\n')}\n`), Buffer.of(0xff, 0xff)]),
    told: /line 3002 is neither/,
  },
  {
    what: 'a cut .gz',
    text: gzipSync(`${HEAD}\n${GOOD}\n`).subarray(0, 60),
    name: 'a.csv.gz',
    told: /\.gz file is damaged/,
  },
  { what: 'a .gz that is none', text: 'loan_no', name: 'a.csv.gz', told: /\.gz file is damaged/ },
  {
    what: 'a .gz bomb of one line',
    text: gzipSync(Buffer.alloc(80_000_000, 0x41)),
    name: 'a.csv.gz',
    told: /longer than 2000000/,
  },
  {
    what: 'a .gz bomb of empty lines',
    text: gzipSync(Buffer.concat([Buffer.from(`${HEAD}\n`), Buffer.alloc(80_000_000, 10)])),
    name: 'a.csv.gz',
    told: /200 times its size/,
  },
  {
    what: 'an .xlsx bomb',
    text: aSpreadsheet([HEAD.split(',')], IMPORT_LIMITS.spreadsheetUnpackedMax),
    name: 'a.xlsx',
    told: /may unpack to/,
  },
  {
    what: 'an .xlsx that is none',
    text: 'PK\u0003\u0004',
    name: 'a.xlsx',
    told: /no readable .xlsx/,
  },
  {
    what: 'an .xlsx number longer than a spreadsheet keeps',
    text: aSpreadsheet([
      HEAD.split(','),
      [Number('12345678901234567'), 'B1', 'A', '', 1, 0, '', '2026-05-31'],
    ]),
    name: 'a.xlsx',
    told: /line 2: loan_no is a number of more than 15 digits/,
  },
  {
    what: 'JSON that is not flat',
    text: json(JSON_ROW, { ...JSON_ROW, name: { first: 'A' } }),
    name: 'a.ndjson',
    told: /line 2 is no flat JSON/,
  },
  {
    what: 'JSON cut short',
    text: json(JSON_ROW).slice(0, -4),
    name: 'a.ndjson',
    told: /line 1 is no flat JSON/,
  },
  {
    what: 'a JSON number longer than is exact',
    text: json(JSON_ROW).replace('"J1"', '12345678901234567'),
    name: 'a.ndjson',
    told: /line 1: loan_no is a number with too many digits/,
  },
  {
    what: 'a JSON line without end',
    text: `{"loan_no":"${'A'.repeat(IMPORT_LIMITS.recordLengthMax)}`,
    name: 'a.ndjson',
    told: /line 1 is longer/,
  },
  {
    what: 'a JSON field unknown to the kind',
    text: json(JSON_ROW, { ...JSON_ROW, balance: 1 }),
    name: 'a.ndjson',
    told: /unknown "balance"/,
  },
]

for (const { what, told, ...file } of REFUSED) {
  test(`a file with ${what} is refused whole: the message tells where, quotes nobody, and nothing changes`, async () => {
    const portfolio = await aBook()
    const before = await dump(db, portfolio)
    await assert.rejects(load(db, { kind: 'loans', portfolio, ...file }), (error) => {
      assert.ok(error instanceof ImportError, String(error))
      assert.match(error.message, told)
      assert.doesNotMatch(error.message, /王|小明/)
      return true
    })
    assert.deepEqual(await dump(db, portfolio), before)
  })
}

test('a header alone, a huge cell of spaces, and mixed line ends are harmless', async () => {
  const portfolio = await aBook()
  const before = await dump(db, portfolio)
  const empty = await load(db, { kind: 'loans', text: `${HEAD}\n`, portfolio })
  assert.deepEqual([empty.read, empty.created, empty.rejected, empty.rejectFile], [0, 0, 0, null])
  assert.deepEqual(await dump(db, portfolio), before)
  const text = `${HEAD}\r\nC1,B1,"A, B ""C""",,1,0,,2026-05-31\r\nC2,B1,${' '.repeat(90_000)}A,,1,0,,2026-05-31,,\r\n`
  const summary = await load(db, { kind: 'loans', text, portfolio })
  assert.deepEqual([summary.created, summary.rejected], [2, 0])
})

test('GB18030 is told from UTF-8 also when the first Chinese character comes late, and in .gz', async () => {
  const late = Buffer.concat([
    Buffer.from(`${HEAD}\n${MANY.join('\n')}\nZ1,B8,`),
    Buffer.of(0xcd, 0xf5),
    Buffer.from(',,1,0,,2026-05-31\n'),
  ])
  for (const [name, text] of [
    ['a.csv', late],
    ['a.csv.gz', gzipSync(late)],
  ] as const) {
    const portfolio = await aBook()
    const summary = await load(db, { kind: 'loans', text, name, portfolio })
    assert.deepEqual([summary.created, summary.rejected], [MANY.length + 1, 0])
  }
})

test('JSON lines may leave out what is empty, and numbers come exact', async () => {
  const portfolio = await aBook()
  const { oldest_unpaid_due_on: _, ...current } = JSON_ROW
  const late = {
    ...current,
    loan_no: 'J2',
    principal_outstanding: 853.2,
    overdue_principal: 853.2,
    oldest_unpaid_due_on: '2026-05-01',
  }
  const summary = await load(db, {
    kind: 'loans',
    text: json(current, late),
    name: 'a.ndjson',
    portfolio,
  })
  assert.deepEqual([summary.created, summary.rejected], [2, 0])
  const [loan] = await db.query<{ arrears: string }>(
    `select arrears_principal_minor as arrears from loan join borrower using (borrower_id) where lender = $1 and loan_no = 'J2'`,
    [portfolio],
  )
  assert.equal(loan?.arrears, '85320')
})

const SHEETS: Readonly<Record<Load['kind'], readonly (readonly SheetCell[])[]>> = {
  loans: [
    HEAD.split(','),
    ['X1', 'B1', '王小明', 19900000001, 853.19999999999993, 100, '2026-05-01', '2026-05-31'],
  ],
  schedule: [
    ['借据号', '期次', '应还日', '本金'],
    ['L2', 1, '2026-06-10', 100],
  ],
  ledger: [
    ['event_no', 'loan_no', 'kind', 'effective_on', 'amount'],
    ['p1', 'L2', 'paid', '2026/6/1', 12.5],
  ],
  contacts: [
    ['borrower_no', 'relation', 'kind', 'value', 'source'],
    ['B1', 'borrower', 'email', 'x@example.com', 'contract'],
  ],
  consents: [
    ['borrower_no', 'kind', 'from', 'channel'],
    ['B1', 'contact-outside-hours', '2026-01-01T00:00:00+08:00', 'call'],
  ],
  history: [
    ['borrower_no', 'at', 'channel', 'point', 'line'],
    ['B1', '2026-05-30T10:00:00+08:00', 'call', 19900000001, 'connected'],
  ],
}

test('a spreadsheet loads in every kind, once', async () => {
  const portfolio = await aBook()
  for (const kind of ['loans', 'schedule', 'ledger', 'contacts', 'consents', 'history'] as const) {
    const file = { kind, text: aSpreadsheet(SHEETS[kind]), name: `${kind}.xlsx`, portfolio }
    const first = await load(db, file)
    assert.deepEqual([first.read, first.created, first.rejected], [1, 1, 0], kind)
    const again = await load(db, file)
    assert.deepEqual([again.created, again.changed, again.unchanged], [0, 0, 1], `${kind} again`)
  }
})

test('the reject file is defused for spreadsheets and holds no personal value', async () => {
  const portfolio = await aBook()
  const text = `${HEAD}\n"=cmd|' /C calc'!A0",B1,A,,-1+1,0,,2026-05-31\nH2,B2,王小明,12345,1,0,,2026-05-31\n`
  const summary = await load(db, { kind: 'loans', text, portfolio })
  const told = await readFile(summary.rejectFile ?? '', 'utf8')
  assert.match(told, /2,principal_outstanding,'-1\+1,/)
  assert.doesNotMatch(told, /王小明|12345/)
})

test('rejects that cannot be written fail the import, and nothing changes', async () => {
  const portfolio = await aBook()
  const before = await dump(db, portfolio)
  const text = `${HEAD}\n${GOOD}\nH2,B2,A,,x,0,,2026-05-31\n`
  await assert.rejects(load(db, { kind: 'loans', text, portfolio, rejectFolder: '/dev/full' }))
  assert.deepEqual(await dump(db, portfolio), before)
  const [job] = await db.query<{ state: string }>(
    'select state from import_job order by import_job_id desc limit 1',
  )
  assert.equal(job?.state, 'failed')
})

test('past contacts lie neither ahead nor further back than any rule looks', async () => {
  const portfolio = await aBook()
  const text =
    'borrower_no,at,channel\nB1,9999-01-01T00:00:00Z,call\nB1,1970-01-01T00:00:00Z,call\nB1,2026-05-30T00:00:00Z,call\n'
  const summary = await load(db, { kind: 'history', text, portfolio })
  assert.deepEqual([summary.created, summary.rejected], [1, 2])
})

test('a contact imported again is corrected where it says more', async () => {
  const portfolio = await aBook()
  const row = (source: string, work: string) =>
    `borrower_no,relation,kind,value,source,work\nB1,borrower,phone,19900000001,${source},${work}\n`
  const same = await load(db, { kind: 'contacts', text: row('', ''), portfolio })
  assert.deepEqual(
    [same.created, same.changed, same.unchanged],
    [0, 0, 1],
    'nothing stated, nothing changed',
  )
  const work = await load(db, { kind: 'contacts', text: row('', 'yes'), portfolio })
  assert.deepEqual([work.created, work.changed, work.unchanged], [0, 1, 0])
  const [point] = await db.query<{ source: string; is_work: boolean }>(
    `select source, is_work from contact_point join borrower b using (borrower_id) where lender = $1 and borrower_no = 'B1' and kind = 'phone'`,
    [portfolio],
  )
  assert.deepEqual(point, { source: 'contract', is_work: true })
})

const BAD_EVENTS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  ledger: [
    ['p1,L2,Paid,2026-06-01,1', 'kind kind is not one of paid'],
    ['p1,L2,paid,2026-06-01,', 'amount amount is required here'],
    ['p1,L2,paid,,1', 'effective_on effective_on is required here'],
    ['p1,L2,reversed,2026-06-01,', 'reverses reverses is required here'],
    ['p1,LX,paid,2026-06-01,1', 'loan_no the portfolio has no such loan'],
    ['号,L2,paid,2026-06-01,1', 'event_no event_no: expected 1 to 64 printable ASCII'],
  ],
  schedule: [
    ['L2,0,2026-06-01,1', 'seq seq: '],
    ['L2,1,,1', 'due_on due_on is required here'],
    ['L2,1,2026-06-01,', 'principal principal is required'],
  ],
  contacts: [
    ['BX,borrower,phone,19900000001', 'borrower_no the lender has no such borrower'],
    ['B1,friend,phone,19900000001', 'relation relation is not one of'],
    ['B1,borrower,phone,123', 'value value is no telephone number'],
  ],
  consents: [
    ['B1,forever,,', 'kind kind is not one of'],
    ['B1,premises,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z', 'to to is before from'],
  ],
  history: [
    ['B1,2026-05-01,call', 'at at is no instant'],
    ['B1,2026-05-01T00:00:00Z,pigeon', 'channel channel is not one of'],
  ],
}
const HEADS = {
  ledger: 'event_no,loan_no,kind,effective_on,amount',
  schedule: 'loan_no,seq,due_on,principal',
  contacts: 'borrower_no,relation,kind,value',
  consents: 'borrower_no,kind,from,to',
  history: 'borrower_no,at,channel',
} as const

for (const kind of ['ledger', 'schedule', 'contacts', 'consents', 'history'] as const) {
  test(`a bad row of ${kind} is rejected with its column and a reason in the words of the file`, async () => {
    const portfolio = await aBook()
    const before = await dump(db, portfolio)
    const given = BAD_EVENTS[kind] ?? []
    const text = `${[HEADS[kind], ...given.map(([row]) => row)].join('\n')}\n`
    const summary = await load(db, { kind, text, portfolio })
    assert.deepEqual([summary.created, summary.rejected], [0, given.length])
    const told = await db.query<{ told: string }>(
      `select column_name || ' ' || reason as told from import_reject where import_job_id = $1 order by line`,
      [summary.jobId],
    )
    for (const [index, [row, expected]] of given.entries())
      assert.ok(told[index]?.told.startsWith(expected), `${row}: ${told[index]?.told}`)
    assert.deepEqual(await dump(db, portfolio), before)
  })
}
