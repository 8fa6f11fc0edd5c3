import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Database } from '../../platform/db/index.ts'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { createTestSealer } from '../../platform/seal/index.ts'
import { refoldDueLoans } from '../refold-loans.ts'
import { aPortfolio, day, type Load, load } from '../test-book.ts'

// One book, whatever the order in which its rows and snapshots arrive, and however often.

const RUNS = 12
const TODAY = '2026-06-01'
const sealer = createTestSealer()

type File = Pick<Load, 'kind' | 'asOf'> & {
  readonly head: string
  readonly rows: readonly string[]
}

const cents = fc.integer({ min: 0, max: 5 }).map((units) => `${units * 100}.50`)
const person = fc.constantFrom('王小明,19900000001', '李雷,', '韩梅梅,19900000003')
const lateness = fc.constantFrom('0,', '80.00,2026-04-10', '120.50,2026-03-01', '5,2026-04-30')

/** Loans 1 to 6 of borrowers 1 to 3; a file may name a loan twice, alike or not. */
const loanRow = fc
  .record({ loan: fc.integer({ min: 1, max: 6 }), person, principal: cents, lateness })
  .map((row) => `L${row.loan},B${row.loan % 3},${row.person},${row.principal},${row.lateness}`)
const paid = fc
  .record({
    event: fc.integer({ min: 1, max: 4 }),
    loan: fc.integer({ min: 1, max: 7 }),
    units: fc.constantFrom('10', '20'),
  })
  .map((row) => `e${row.event},L${row.loan},paid,2026-05-${10 + row.event},${row.units}`)
const instalment = fc
  .record({
    loan: fc.integer({ min: 1, max: 6 }),
    seq: fc.integer({ min: 1, max: 3 }),
    principal: fc.constantFrom('30', '40'),
  })
  .map((row) => `L${row.loan},${row.seq},2026-0${row.seq + 5}-20,${row.principal},1`)
const contact = fc
  .record({
    borrower: fc.integer({ min: 0, max: 3 }),
    relation: fc.constantFrom('borrower', 'reserved-contact'),
    source: fc.constantFrom('contract', 'reserved-contact', ''),
    number: fc.integer({ min: 1, max: 3 }),
  })
  .map((row) => `B${row.borrower},${row.relation},亲友,phone,1990000100${row.number},${row.source}`)
const past = fc
  .record({
    borrower: fc.integer({ min: 0, max: 2 }),
    hour: fc.integer({ min: 10, max: 14 }),
    channel: fc.constantFrom('sms', 'call'),
  })
  .map(
    (row) =>
      `B${row.borrower},2026-05-20T${row.hour}:00:00+08:00,${row.channel},outbound,19900000001,connected`,
  )
const consent = fc
  .record({ borrower: fc.integer({ min: 0, max: 3 }), channel: fc.constantFrom('call', 'sms') })
  .map((row) => `B${row.borrower},contact-outside-hours,2026-01-01T00:00:00+08:00,${row.channel}`)

const LOANS_HEAD =
  'loan_no,borrower_no,name,phone,principal_outstanding,overdue_principal,oldest_unpaid_due_on'
const book = fc.record({
  older: fc.array(loanRow, { maxLength: 8 }),
  newer: fc.array(loanRow, { minLength: 1, maxLength: 8 }),
  ledger: fc.array(paid, { maxLength: 6 }),
  schedule: fc.array(instalment, { maxLength: 6 }),
  contacts: fc.array(contact, { maxLength: 5 }),
  history: fc.array(past, { maxLength: 4 }),
  consents: fc.array(consent, { maxLength: 3 }),
  seed: fc.infiniteStream(fc.nat({ max: 1_000 })),
})

const db = await openTestDatabase()
let books = 0

test('any order of rows, either order of snapshots and any repeat give the same book', async () => {
  await fc.assert(
    fc.asyncProperty(book, async ({ seed, ...given }) => {
      const plain = await loadBook([filesOf(given, 'older first')], (rows) => rows)
      const shuffled = (rows: readonly string[]) =>
        rows
          .map((row) => ({ row, place: seed.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ row }) => row)
      const files = filesOf(given, 'newer first')
      assert.deepEqual(await loadBook([files, files], shuffled), plain)
    }),
    { numRuns: RUNS, seed: 20261124 },
  )
})

type Given = Readonly<
  Record<'older' | 'newer' | 'ledger' | 'schedule' | 'contacts' | 'history' | 'consents', string[]>
>

function filesOf(given: Given, order: 'older first' | 'newer first'): File[] {
  const older: File = { kind: 'loans', head: LOANS_HEAD, rows: given.older, asOf: '2026-04-30' }
  const newer: File = { kind: 'loans', head: LOANS_HEAD, rows: given.newer, asOf: '2026-05-31' }
  return [
    ...(order === 'older first' ? [older, newer] : [newer, older]),
    { kind: 'ledger', head: 'event_no,loan_no,kind,effective_on,amount', rows: given.ledger },
    { kind: 'schedule', head: 'loan_no,seq,due_on,principal,interest', rows: given.schedule },
    { kind: 'contacts', head: 'borrower_no,relation,name,kind,value,source', rows: given.contacts },
    { kind: 'history', head: 'borrower_no,at,channel,direction,point,line', rows: given.history },
    { kind: 'consents', head: 'borrower_no,kind,from,channel', rows: given.consents },
  ]
}

/** A portfolio and lender of its own, all files loaded round by round, folded as of today, and told. */
async function loadBook(
  rounds: readonly (readonly File[])[],
  arrange: (rows: readonly string[]) => readonly string[],
): Promise<unknown> {
  books += 1
  const portfolio = `book-${books}`
  await aPortfolio(db, portfolio, portfolio)
  for (const { head, rows, ...file } of rounds.flat()) {
    const text = `${[head, ...arrange(rows)].join('\n')}\n`
    const summary = await load(db, { ...file, text, portfolio })
    const { read, created, changed, unchanged, rejected } = summary
    assert.equal(
      read,
      created + changed + unchanged + rejected,
      `every row of ${file.kind} is counted`,
    )
  }
  await refoldDueLoans(db, day(TODAY))
  return tell(db, portfolio)
}

async function tell(sql: Database, lender: string): Promise<unknown> {
  const ask = (query: string) => sql.query<Record<string, unknown>>(query, [lender])
  const borrowers = await sql.query<{ borrower_no: string; sealed: Buffer }>(
    'select borrower_no, sealed from borrower where lender = $1 order by 1',
    [lender],
  )
  return {
    borrowers: borrowers.map(({ borrower_no, sealed }) => [borrower_no, sealer.open(sealed)]),
    loans: await ask(
      `select loan_no, borrower_no, snapshot_on, l.status, folded_on, next_change_on, oldest_unpaid_due_on, ages_from_on,
         held_dpd, arrears_principal_minor, outstanding_minor, credit_minor, next_due_on, next_due_minor
       from loan l join borrower b using (borrower_id) where b.lender = $1 order by 1`,
    ),
    events: await ask(
      `select distinct loan_no, e.kind, e.effective_on, e.amount_minor, e.seq, e.due_on, e.principal_minor,
         e.overdue_principal_minor, e.oldest_unpaid_due_on
       from ledger_event e join loan l using (borrower_id, loan_id) join borrower b using (borrower_id)
       where b.lender = $1 order by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
    ),
    points: await ask(
      `select borrower_no, relation, p.kind, p.masked, source from contact_point p join borrower b using (borrower_id)
       left join party using (borrower_id, party_id) where lender = $1 order by 1, 2, 3, 4`,
    ),
    attempts: await ask(
      `select borrower_no, a.at, a.channel, a.line, c.masked from attempt a join borrower b using (borrower_id)
       left join contact_point c using (borrower_id, contact_point_id) where lender = $1 order by 1, 2, 3`,
    ),
    consents: await ask(
      `select borrower_no, c.kind, c.channel, c.from_at from consent c join borrower b using (borrower_id)
       where lender = $1 order by 1, 2, 3`,
    ),
  }
}
