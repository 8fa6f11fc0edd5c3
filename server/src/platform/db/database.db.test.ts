import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate } from './migrate.ts'
import { openTestDatabase } from './test-database.ts'

test('a second migration run finds nothing to do', async () => {
  const db = await openTestDatabase()
  assert.deepEqual(await migrate(db), [])
})

test('a failed transaction leaves nothing behind', async () => {
  const db = await openTestDatabase()
  const failing = db.transaction(async (tx) => {
    await tx.run(`insert into team (name) values ('north')`)
    throw new Error('stop')
  })
  await assert.rejects(failing, /stop/)
  assert.deepEqual(await db.query('select * from team'), [])
})

test('append-only tables refuse an update', async () => {
  const db = await openTestDatabase()
  await db.run(
    `insert into audit_event (recorded_at, actor, action, subject) values (now(), 'a', 'b', 'c')`,
  )
  await assert.rejects(db.run(`update audit_event set actor = 'x'`), /append-only/)
})

test('copies rows in and out', async () => {
  const db = await openTestDatabase()
  const out = await db.transaction(async (tx) => {
    await tx.copyIn('copy team (name) from stdin', ['north\n', 'south\n'])
    const chunks: Buffer[] = []
    for await (const chunk of tx.copyOut('copy (select name from team order by 1) to stdout')) {
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString()
  })
  assert.equal(out, 'north\nsouth\n')
})
