import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dispatchDue, verifyAll } from '../contact/index.ts'
import { aClock, aGate, aSink, utc } from '../contact/test-gate.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import type { Database } from '../platform/db/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner, sealBatches } from '../platform/evidence/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { runCycle } from '../strategy/index.ts'
import { ERASED, HARMLESS } from './erasable-columns.ts'
import {
  decideErasure,
  forgetRaw,
  listErasures,
  requestDueErasures,
  requestErasure,
} from './index.ts'

const sealer = createTestSealer()
const reactions = createReactions()
const NOON = utc('2026-05-31T06:00:00Z')
const LATER = utc('2031-07-01T06:00:00Z')

/** A book that was contacted, and whose first borrower then paid everything. */
async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  await runCycle({ db, reactions, asOf: day('2026-05-31'), at: NOON })
  const clock = aClock(utc('2026-05-31T07:00:00Z'))
  const gate = await aGate()
  await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-erasure-'))
  const signer = await openEvidenceSigner(join(folder, 'key.pem'))
  await sealBatches(db, { signer, headsFile: join(folder, 'heads.jsonl'), at: NOON })
  const [row] = await db.query<{ borrower_id: string }>(
    `select borrower_id from borrower where borrower_no = 'B1'`,
  )
  const borrowerId = row?.borrower_id ?? ''
  await db.run(
    `insert into hold (borrower_id, kind, from_at, to_at, reason, source, recorded_at)
     values ($1, 'hardship', '2026-06-01', '2026-06-02', 'lost the job at 某厂', 'agent', '2026-06-01')`,
    [borrowerId],
  )
  return { db, signer, borrowerId }
}

async function settle(db: Database): Promise<void> {
  const text = LOANS.replaceAll('2026-05-31', '2026-06-01').replaceAll(
    /,(10000\.00|5000\.00),[^\n]*/g,
    ',0,0,0,0,0,,2026-06-01',
  )
  await load(db, { kind: 'loans', text })
  await runCycle({ db, reactions, asOf: day('2026-06-01'), at: utc('2026-06-01T06:00:00Z') })
}
const ask = (db: Database, borrowerId: string, by = 'borrower', at = LATER) =>
  db.transaction((tx) => requestErasure(tx, { borrowerId, by, at }))
const decide = (db: Database, erasureId: string, by: string, at = LATER) =>
  db.transaction((tx) =>
    decideErasure({ tx, reactions, sealer, at }, { erasureId, verdict: 'done', reason: 'x', by }),
  )

test('nothing goes while it is owed, and nobody decides on their own wish', async () => {
  const { db, borrowerId } = await aBook()
  const asked = await ask(db, borrowerId, 'officer', NOON)
  const id = asked?.erasureId ?? ''
  const owed = await decide(db, id, 'second')
  assert.deepEqual(owed.ok ? '' : owed.refusal.code, 'erasure.not_yet')
  await settle(db)
  const early = await decide(db, id, 'second', utc('2031-05-31T15:59:59Z'))
  assert.match(early.ok ? '' : early.refusal.detail, /term/)
  const own = await decide(db, id, 'officer')
  assert.deepEqual(own.ok ? '' : own.refusal.code, 'erasure.same_person')
  await assert.rejects(
    db.run(`update erasure set state = 'done', decided_by = asked_by, decided_at = now()`),
    /decided_by_another_person/,
  )
  assert.equal((await ask(db, borrowerId))?.erasureId, id, 'one wish waits at a time')
})

test('after a deletion nothing of the person is left in any table, and the log verifies whole', async () => {
  const { db, signer, borrowerId } = await aBook()
  await settle(db)
  assert.equal(await requestDueErasures(db, utc('2031-05-30T10:00:00Z')), 0)
  // The other who owes nothing had no event later than the end of May.
  assert.ok((await requestDueErasures(db, LATER)) >= 1)
  const wish = (await listErasures(db, { state: 'waiting', limit: 9 })).find(
    (each) => each.borrowerId === borrowerId,
  )
  const done = await decide(db, wish?.id ?? '', 'officer')
  assert.ok(done.ok, done.ok ? '' : done.refusal.detail)
  const dump = JSON.stringify(await wholeRows(db, borrowerId))
  for (const word of ['王小明', 'wang@', 'B1"', '某厂', '19900000001', '199*'])
    assert.ok(!dump.includes(word), word)
  for (const { table, column } of await sealedColumns(db)) {
    const rows = await db.query<{ n: number }>(
      `select octet_length(${column}) as n from ${table} where borrower_id = $1 and octet_length(${column}) > 0`,
      [borrowerId],
    )
    // What stands sealed for a person is nobody's name.
    assert.ok(rows.length === 0 || ['borrower', 'party'].includes(table), `${table}.${column}`)
  }
  const found = await verifyAll(db, { sealer, publicKey: signer.publicKey })
  assert.deepEqual([found.problems, found.erased > 0], [[], true])
  const again = await ask(db, borrowerId)
  assert.equal(again, null)
  const others = await db.query(`select 1 from borrower where erased_at is null`)
  assert.equal(others.length, 2)
})

test('every text column that is kept by borrower is declared as erased or as harmless', async () => {
  const db = await openTestDatabase()
  const columns = await db.query<{ table: string; column: string }>(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name not like 'sealed%'
       and c.udt_name in ('text', '_text', 'bytea', 'jsonb', 'json', 'uuid')
       and exists (select 1 from information_schema.columns b where b.table_name = c.table_name and b.column_name = 'borrower_id')
       and not exists (select 1 from pg_inherits i where i.inhrelid = format('%I', c.table_name)::regclass) order by 1, 2`,
  )
  assert.ok(columns.length > 100)
  const isDeclared = ({ table, column }: { table: string; column: string }) =>
    ERASED[table]?.[column] !== undefined || HARMLESS[table]?.includes(column)
  const names = columns.filter((each) => !isDeclared(each)).map((each) => Object.values(each))
  assert.deepEqual(names, [], 'declare them in server/src/retention/erasable-columns.ts')
})

test('rows that never change can lose what is sealed in them, and nothing else', async () => {
  const { db, borrowerId } = await aBook()
  await db.run(
    `insert into matter (borrower_id, case_id, kind, channel, raised_by, state, sealed_text, owner, hold_id, received_at,
       received_on, due_on, outcome, decided_at, decided_by)
     select h.borrower_id, c.case_id, 'hardship', 'call', 'borrower', 'closed', '\\x01', 'x', h.hold_id, h.recorded_at,
       '2026-06-01', '2026-06-09', 'upheld', h.recorded_at, 'x' from hold h join collection_case c using (borrower_id) where h.borrower_id = $1`,
    [borrowerId],
  )
  await db.run(
    `insert into matter_step (borrower_id, matter_id, kind, at, by, sealed_text)
     select borrower_id, matter_id, 'received', received_at, 'x', '\\x0102' from matter where borrower_id = $1`,
    [borrowerId],
  )
  for (const change of [`by = 'y'`, `sealed_text = '\\x03'`, `sealed_text = '', kind = 'told'`])
    await assert.rejects(db.run(`update matter_step set ${change}`), /append-only/, change)
  await assert.rejects(db.run('delete from matter_step'), /append-only/)
  await settle(db)
  const asked = await ask(db, borrowerId)
  assert.ok((await decide(db, asked?.erasureId ?? '', 'officer')).ok)
  const steps = await db.query('select by, octet_length(sealed_text) as n from matter_step')
  assert.deepEqual(steps, [{ by: 'x', n: 0 }])
})

test('what providers handed us raw is forgotten 180 days after it was worked off, and not before', async () => {
  const db = await openTestDatabase()
  const insert = (key: string, processedAt: string | null) =>
    db.run(
      `insert into inbound_raw (provider_account_id, dedupe_key, sealed_body, received_at, processed_at)
       values (1, $1, '\\x01', '2026-01-01', $2)`,
      [key, processedAt],
    )
  await insert('old', '2026-01-01T00:00:00Z')
  await insert('new', '2026-01-01T00:00:01Z')
  await insert('waiting', null)
  assert.equal(await forgetRaw(db, utc('2026-06-30T00:00:01Z')), 1)
  const left = await db.query('select dedupe_key from inbound_raw order by 1')
  assert.deepEqual(left, [{ dedupe_key: 'new' }, { dedupe_key: 'waiting' }])
})

function wholeRows(db: Database, borrowerId: string): Promise<unknown> {
  const tables = Object.keys({ ...ERASED, ...HARMLESS })
  return Promise.all(
    tables.map((table) => db.query(`select * from ${table} where borrower_id = $1`, [borrowerId])),
  )
}

function sealedColumns(db: Database): Promise<{ table: string; column: string }[]> {
  return db.query(
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     where c.table_schema = 'public' and c.column_name like 'sealed%' and c.udt_name = 'bytea'
       and exists (select 1 from information_schema.columns b where b.table_name = c.table_name and b.column_name = 'borrower_id')
       and not exists (select 1 from pg_inherits i where i.inhrelid = format('%I', c.table_name)::regclass)`,
  )
}
