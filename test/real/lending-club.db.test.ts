import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { required } from '@dunlin/kernel'
import { startHold } from '../../server/src/cases/index.ts'
import { dispatchDue, type Gate } from '../../server/src/contact/index.ts'
import { aClock, aGate, aSink, utc } from '../../server/src/contact/test-gate.ts'
import { day } from '../../server/src/loanbook/test-book.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import { runCycle } from '../../server/src/strategy/index.ts'
import { aRealBook, dataFile, loadReal, missing } from './real-book.ts'

const FILE = 'lendingclub.train.csv.gz'
const ROWS = 30_042
const AS_OF = '2010-06-30'
const MORNING = '2010-06-30T09:00:00Z'
/** 23:30 in New York, 20:30 in Los Angeles: only the west is awake. */
const EVENING = '2010-07-01T03:30:00Z'
/** Noon in New York, 9 o'clock in Los Angeles. */
const NEXT_NOON = '2010-07-01T16:00:00Z'
/** The hours of test-us-hours-caps. */
const OPENS = 8
const CLOSES = 21

test('a book as of a day inside it: cases by stage, planned steps, and no message outside the hours of its zones', {
  skip: await missing(FILE),
}, async (t) => {
  const db = await aRealBook()
  const late = await readLate()
  const [first, again] = [await load(db), await load(db)]
  assert.deepEqual([first.read, first.rejected, first.created], [ROWS, 0, late.issued])
  assert.equal(again.unchanged, late.issued)

  const gate = await aGate(createReactions())
  const { reactions } = gate
  const cycle = await runCycle({ db, reactions, asOf: day(AS_OF), at: utc(MORNING) })
  assert.equal(cycle.cases.opened, late.loans.size)
  assert.deepEqual(cycle.planned, plannedFor(late))
  for (const [key, count] of Object.entries(cycle.planned).sort())
    t.diagnostic(`${key} planned ${count}`)

  const evening = await dispatch(db, gate, EVENING, t)
  assert.equal(evening.permitted + evening.deferred, sumOf(cycle.planned))
  assert.equal(evening.sent, evening.permitted)
  await assertHoursKept(db, EVENING)

  const bankrupt = await holdBankrupt(db, gate, late)
  const waiting = await countWaiting(db, bankrupt)
  assert.ok(waiting > 0)
  const noon = await dispatch(db, gate, NEXT_NOON, t)
  assert.equal(noon.refused, waiting, 'every message to a bankrupt borrower is refused, no other')
  assert.equal(noon.permitted + noon.refused, evening.deferred)
  await assertHoursKept(db, NEXT_NOON)
})

function load(db: Database) {
  return loadReal(db, {
    kind: 'loans',
    file: FILE,
    map: 'lending-club.yaml',
    portfolio: 'lending-club',
  })
}

type Late = {
  /** Loans made by the day. */
  readonly issued: number
  /** Borrower number → days past due, of the late ones. */
  readonly loans: ReadonlyMap<string, number>
  readonly bankrupt: readonly string[]
}

/** The same book read straight from the file. */
async function readLate(): Promise<Late> {
  const [head = '', ...lines] = gunzipSync(await readFile(dataFile(FILE)))
    .toString()
    .trim()
    .split('\n')
  const names = head.split(',')
  const rows = lines
    .map((line) => line.split(','))
    .map((cells) => (name: string) => required(cells[names.indexOf(name)], name))
    .filter((cell) => cell('issue_d') <= '2010-06')
  const loans = new Map<string, number>()
  const bankrupt: string[] = []
  for (const cell of rows) {
    const paidUntil = cell('last_pymnt_d') || cell('issue_d')
    if (!cell('loan_status').endsWith('Charged Off') || paidUntil > '2010-05') continue
    const borrower = `borrower-${cell('row_id')}`
    const dayOfMonth = (Number(cell('row_id')) % 28) + 1
    const dueOn = Temporal.PlainYearMonth.from(paidUntil)
      .add({ months: 1 })
      .toPlainDate({ day: dayOfMonth })
    loans.set(borrower, dueOn.until(AS_OF, { largestUnit: 'day' }).days)
    if (Number(cell('pub_rec_bankruptcies')) > 0) bankrupt.push(borrower)
  }
  return { issued: rows.length, loans, bankrupt }
}

/** What strategy us-test says on the first day it sees a loan so many days late. */
function plannedFor({ loans }: Late): Record<string, number> {
  const planned: Record<string, number> = {}
  for (const dpd of loans.values()) {
    for (const step of stepsOf(dpd)) planned[step] = (planned[step] ?? 0) + 1
  }
  return planned
}

function stepsOf(dpd: number): string[] {
  if (dpd < 1) return []
  if (dpd <= 30) return ['S1 sms', 'S1 email']
  if (dpd <= 60) return ['M2 email']
  return dpd <= 90 ? ['M3 sms'] : ['late email', 'late sms']
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

async function dispatch(db: Database, gate: Gate, at: string, t: TestContext) {
  const clock = aClock(utc(at))
  const decided = new Map<string, number>()
  const counts = await dispatchDue({
    db,
    gate,
    outlets: [aSink('sms', clock), aSink('email', clock)],
    now: clock.now,
    onDecided: (byStage) => {
      for (const [key, count] of Object.entries(byStage))
        decided.set(key, (decided.get(key) ?? 0) + count)
    },
  })
  for (const [key, count] of [...decided].sort()) t.diagnostic(`${at} ${key} ${count}`)
  assert.equal(
    sumOf(Object.fromEntries(decided)),
    counts.permitted + counts.deferred + counts.refused,
  )
  return counts
}

/** Sent: within hours in each of the borrower's zones. Put off: outside in one, and now due at the opening of one. */
async function assertHoursKept(db: Database, at: string): Promise<void> {
  const rows = await db.query<{ zones: string[]; state: string; due: string }>(
    `select b.zones, a.state, extract(epoch from a.due_at)::bigint * 1000 as due from attempt a
     join borrower b using (borrower_id) join decision d using (decision_id)
     where d.decided_at = $1::timestamptz and a.state in ('sent', 'planned')`,
    [at],
  )
  assert.ok(rows.length > 0)
  for (const { zones, state, due } of rows) {
    const now = zones.map((zone) => hourOf(utc(at), zone))
    assert.equal(
      now.every((hour) => hour >= OPENS && hour < CLOSES),
      state === 'sent',
      `${zones} ${state}`,
    )
    if (state === 'planned') assert.ok(zones.some((zone) => hourOf(Number(due), zone) === OPENS))
  }
}

function hourOf(epochMs: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone)
  return local.hour + local.minute / 60
}

/** The file knows who went bankrupt; a hold says so to the gate. */
async function holdBankrupt(
  db: Database,
  { reactions }: Gate,
  { bankrupt }: Late,
): Promise<string[]> {
  const rows = await db.query<{ borrower_id: string }>(
    'select borrower_id from borrower where borrower_no = any($1::text[])',
    [bankrupt],
  )
  assert.equal(rows.length, bankrupt.length)
  const at = utc(EVENING)
  const ids = rows.map((row) => row.borrower_id)
  await db.transaction(async (tx) => {
    for (const borrowerId of ids) {
      const hold = {
        borrowerId,
        kind: 'bankruptcy',
        scope: {},
        from: at,
        to: null,
        reason: 'public record',
        source: 'api',
      } as const
      await startHold({ tx, reactions, at }, hold)
    }
  })
  return ids
}

async function countWaiting(db: Database, borrowerIds: readonly string[]): Promise<number> {
  const [row] = await db.query<{ count: string }>(
    `select count(*) from attempt where state = 'planned' and borrower_id = any($1::bigint[])`,
    [borrowerIds],
  )
  return Number(row?.count)
}
