import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import { ROOT } from './source-files.ts'

const OUTSIDE_THE_BOOK = new Set(['borrower', 'outbox'])

test('every table says what it is for', async () => {
  const db = await openTestDatabase()
  const silent = await db.query(
    `select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
       and obj_description(c.oid, 'pg_class') is null`,
  )
  assert.deepEqual(silent, [])
})

test('tables that grow with the book have borrower_id first in their key', async () => {
  const db = await openTestDatabase()
  const rows = await db.query<{ relname: string; first: string }>(
    `select c.relname, a.attname as first
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_index i on i.indrelid = c.oid and i.indisprimary
     join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
       and exists (select 1 from pg_attribute b where b.attrelid = c.oid and b.attname = 'borrower_id')`,
  )
  const wrong = rows.filter(
    (row) => row.first !== 'borrower_id' && !OUTSIDE_THE_BOOK.has(row.relname),
  )
  assert.deepEqual(wrong, [])
})

test('every foreign key is indexed', async () => {
  const db = await openTestDatabase()
  const missing = await db.query(
    `select conrelid::regclass::text as table, conname from pg_constraint f
     where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 and not exists (
       select 1 from pg_index i where i.indrelid = f.conrelid
         and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)`,
  )
  assert.deepEqual(missing, [])
})

test('money is bigint beside a currency, instants are timestamptz, dates are dates', async () => {
  const db = await openTestDatabase()
  const wrong = await db.query(
    `select table_name, column_name, data_type from information_schema.columns
     where table_schema = 'public' and (
       (column_name like '%\\_minor' and data_type <> 'bigint')
       or (column_name like '%\\_at' and data_type <> 'timestamp with time zone')
       or (column_name like '%\\_on' and data_type <> 'date'))`,
  )
  assert.deepEqual(wrong, [])
})

test('migrations are numbered without gap or double', () => {
  const numbers = readdirSync(join(ROOT, 'db/migrations'))
    .map((name) => Number(name.slice(0, 4)))
    .sort((a, b) => a - b)
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
})
