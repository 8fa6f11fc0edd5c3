import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { aPortfolio, LOANS, load } from '../test-book.ts'

async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  return db
}

async function dump(db: Awaited<ReturnType<typeof aBook>>): Promise<unknown> {
  const loans = await db.query(
    `select loan_no, borrower_no, loan.status, oldest_unpaid_due_on, ages_from_on, arrears_principal_minor, arrears_interest_minor,
       arrears_penalty_minor, outstanding_minor, next_change_on from loan join borrower using (borrower_id) order by 1`,
  )
  const points = await db.query(
    `select borrower_no, kind, masked, source from contact_point join borrower using (borrower_id) order by 1, 2`,
  )
  const [events] = await db.query('select count(*) from ledger_event')
  return { loans, points, events }
}

test('a snapshot file becomes borrowers, points, loans and events; again it changes nothing', async () => {
  const db = await aBook()
  const first = await load(db, { kind: 'loans', text: LOANS })
  assert.deepEqual(
    [first.read, first.created, first.changed, first.unchanged, first.rejected],
    [4, 4, 0, 0, 0],
  )
  const state = await dump(db)
  const again = await load(db, { kind: 'loans', text: LOANS })
  assert.deepEqual([again.created, again.changed, again.unchanged], [0, 0, 4])
  assert.deepEqual(await dump(db), state)
  const changed = await load(db, {
    kind: 'loans',
    text: LOANS.replace('10000.00,800', '10000.00,810'),
  })
  assert.deepEqual([changed.created, changed.changed, changed.unchanged], [0, 1, 3])
})

test('GB18030, a byte order mark, Chinese headers, gzip and NDJSON load the same book', async () => {
  const plain = await aBook()
  await load(plain, { kind: 'loans', text: LOANS })
  const expected = await dump(plain)
  const chinese = LOANS.replace(
    /^.*\n/,
    '借据号,客户号,姓名,手机号,邮箱,身份证号,剩余本金,逾期本金,逾期利息,罚息,费用,最早逾期日,数据日期\n',
  )
  const [head = '', ...rows] = LOANS.trim()
    .split('\n')
    .map((line) => line.split(','))
  const json = rows.map((cells) =>
    JSON.stringify(Object.fromEntries(cells.map((cell, index) => [head[index], cell]))),
  )
  const files = [
    { text: `\ufeff${chinese}` },
    { text: encodeGb18030(chinese) },
    { text: gzipSync(LOANS), name: 'loans.csv.gz' },
    { text: json.join('\n'), name: 'loans.ndjson' },
  ]
  for (const file of files) {
    const db = await aBook()
    const summary = await load(db, { kind: 'loans', ...file })
    assert.equal(summary.created, 4)
    assert.deepEqual(await dump(db), expected)
  }
})

/** Only the characters of the test file: two-byte GB codes looked up by decoding all of them once. */
function encodeGb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030')
  const codes = new Map<string, number[]>()
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      if (low !== 0x7f) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low])
    }
  }
  return Uint8Array.from(
    [...text].flatMap((character) => codes.get(character) ?? [character.charCodeAt(0)]),
  )
}

test('a bad row is rejected with line, column, masked value and reason; the rest loads', async () => {
  const db = await aBook()
  const text = `${LOANS}L5,B5,张三,12,,X5,100,0,0,0,0,,2026-05-31
L6,B6,赵六,19900000006,,X6,100,10,0,0,0,,2026-05-31
L7,B7,钱七,19900000007,,X7,100,0,0,0,0,2026-05-01,2026-05-31
L8,B8,孙八,19900000008,,X8,-5,0,0,0,0,,2026-05-31
L9,B9,周九,19900000009,,X9,abc,0,0,0,0,,2026-05-31
L1,B1,王小明,19900000001,,X1,10,0,0,0,0,,2026-05-31
`
  const summary = await load(db, { kind: 'loans', text })
  assert.deepEqual([summary.created, summary.rejected], [3, 7])
  const rejects = await db.query<{
    line: string
    code: string
    column_name: string
    masked_value: string
  }>('select line, code, column_name, masked_value from import_reject order by line')
  assert.deepEqual(
    rejects.map(({ line, code, column_name }) => [line, code, column_name]),
    [
      ['2', 'import.duplicate_row', 'loan_no'],
      ['6', 'import.bad_value', 'phone'],
      ['7', 'import.overdue_mismatch', 'oldest_unpaid_due_on'],
      ['8', 'import.overdue_mismatch', 'oldest_unpaid_due_on'],
      ['9', 'import.bad_value', 'principal_outstanding'],
      ['10', 'import.bad_value', 'principal_outstanding'],
      ['11', 'import.duplicate_row', 'loan_no'],
    ],
  )
  assert.match(
    await readFile(summary.rejectFile ?? '', 'utf8'),
    /6,phone,\*\*\*\*12,import\.bad_value/,
  )
})

test('a wrong header, an unknown portfolio or a damaged file is refused whole and changes nothing', async () => {
  const db = await aBook()
  await assert.rejects(
    load(db, { kind: 'loans', text: 'a,b\n1,2\n' }),
    /missing loan_no.*unknown "a", "b"/,
  )
  await assert.rejects(load(db, { kind: 'loans', text: '' }), /empty/)
  await assert.rejects(load(db, { kind: 'loans', text: `${LOANS}"L5,B5` }), /no valid CSV/)
  const cut = gzipSync(LOANS).subarray(0, 60)
  await assert.rejects(load(db, { kind: 'loans', text: cut, name: 'l.csv.gz' }), /damaged/)
  await db.run('delete from import_job')
  await db.run('delete from portfolio')
  await assert.rejects(load(db, { kind: 'loans', text: LOANS }), /no portfolio main/)
  assert.deepEqual(await db.query('select * from borrower'), [])
})

test('a dry run counts and changes nothing', async () => {
  const db = await aBook()
  const summary = await load(db, { kind: 'loans', text: LOANS, dryRun: true })
  assert.equal(summary.created, 4)
  assert.deepEqual(await db.query('select * from borrower'), [])
})

test('no plain personal data reaches the database', async () => {
  const db = await aBook()
  await load(db, { kind: 'loans', text: LOANS })
  await load(db, {
    kind: 'contacts',
    text: 'borrower_no,relation,name,kind,value,source\nB1,reserved-contact,王大明,phone,19900000099,reserved-contact\n',
  })
  const tables = [
    'borrower',
    'party',
    'contact_point',
    'loan',
    'ledger_event',
    'import_job',
    'import_reject',
  ]
  for (const table of tables) {
    const rows = await db.query(`select * from ${table}`)
    assert.doesNotMatch(JSON.stringify(rows), /王小明|王大明|19900000001|19900000099|wang@example/)
  }
})

test('schedules and ledger events load once, and conflicts are rejected', async () => {
  const db = await aBook()
  await load(db, { kind: 'loans', text: LOANS })
  const schedule =
    'loan_no,seq,due_on,principal,interest\nL2,1,2026-06-10,100,10\nL2,2,2026-07-10,100,10\nLX,1,2026-07-10,1,1\n'
  const first = await load(db, { kind: 'schedule', text: schedule })
  assert.deepEqual([first.created, first.rejected], [2, 1])
  assert.equal((await load(db, { kind: 'schedule', text: schedule })).unchanged, 2)
  const moved = schedule.replace('2026-06-10', '2026-06-12')
  assert.equal((await load(db, { kind: 'schedule', text: moved })).rejected, 2)
  const amended = await load(db, { kind: 'schedule', text: moved, asOf: '2026-06-01' })
  assert.deepEqual([amended.created, amended.unchanged], [1, 1])
  assert.equal((await load(db, { kind: 'schedule', text: moved, asOf: '2026-06-01' })).unchanged, 2)
  const ledger =
    'event_no,loan_no,kind,effective_on,amount\np1,L2,paid,2026-06-10,110\np1,L2,paid,2026-06-10,110\np2,L2,paid,2026-06-11,0\n'
  const events = await load(db, { kind: 'ledger', text: ledger })
  assert.deepEqual([events.created, events.unchanged, events.rejected], [1, 1, 1])
  const conflict = await load(db, { kind: 'ledger', text: ledger.replaceAll('110', '120') })
  assert.deepEqual([conflict.created, conflict.rejected], [0, 3])
})

test('consents and history load once', async () => {
  const db = await aBook()
  await load(db, { kind: 'loans', text: LOANS })
  const consents =
    'borrower_no,kind,from,channel\nB1,contact-outside-hours,2026-01-01T00:00:00+08:00,call\n'
  assert.equal((await load(db, { kind: 'consents', text: consents })).created, 1)
  assert.equal((await load(db, { kind: 'consents', text: consents })).unchanged, 1)
  const history =
    'borrower_no,at,channel,direction,point,line,effective\nB1,2026-05-30T10:00:00+08:00,call,outbound,19900000001,connected,true\nB1,2026-05-30T11:00:00+08:00,sms,inbound,19900000001,,\n'
  assert.equal((await load(db, { kind: 'history', text: history })).created, 2)
  assert.equal((await load(db, { kind: 'history', text: history })).unchanged, 2)
})
