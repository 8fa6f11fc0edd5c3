import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { aGate } from '../contact/test-gate.ts'
import { aPortfolio, day, LOANS, load, NOW } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { reviewDraft, rollBack, runCycle, tryStrategy, writeDraft } from './index.ts'
import { readStrategy } from './read-strategy.ts'
import { strategyInForce } from './strategy-in-force.ts'

const NAME = 'cn-consumer-early-mid'
const shipped = await readFile(
  join(import.meta.dirname, `../../../strategies/${NAME}.yaml`),
  'utf8',
)
/** The same ladder with the step of day 6 as an email. */
const changed = shipped.replace(
  'key: s1-6-sms, trigger: { dpd: 6 }, channel: sms, template: cn-s1-sms',
  'key: s1-6-email, trigger: { dpd: 6 }, channel: email, template: cn-s1-email',
)
const gate = await aGate()
const templates = new Set(gate.templates.keys())
const at = NOW
const asOf = day('2026-05-31')

async function aBook() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  return db
}
type Book = Awaited<ReturnType<typeof aBook>>

async function draft(db: Book, source: string, by = 'author'): Promise<string> {
  const kept = await db.transaction((tx) =>
    writeDraft(tx, { name: NAME, source, note: 'try', templates, by, at }),
  )
  assert.ok(kept.ok, kept.ok ? '' : kept.refusal.detail)
  return kept.value.draftId
}
const review = (db: Book, draftId: string, by: string) =>
  db.transaction((tx) =>
    reviewDraft(tx, { draftId, verdict: 'released', note: 'seen', templates, by, at }),
  )
const rollBackTo = (db: Book, name: string, versionId: string) =>
  db.transaction((tx) => rollBack(tx, { name, versionId, reason: 'fewer', by: 'manager', at }))
const cycle = (db: Book, on = asOf) => runCycle({ db, reactions: createReactions(), asOf: on, at })

test('a draft plans nothing until another person releases it, then the next cycle follows it', async () => {
  const db = await aBook()
  const id = await draft(db, changed)
  const own = await review(db, id, 'author')
  assert.equal(own.ok ? '' : own.refusal.code, 'strategy.same_person')
  assert.deepEqual((await strategyInForce(db, NAME)).document.steps[4]?.key, 's1-6-sms')
  assert.ok((await review(db, id, 'second')).ok)
  assert.deepEqual((await cycle(db)).planned, { 'S1 email': 1, 'M2 sms': 1 })
  const again = await review(db, id, 'third')
  assert.equal(again.ok ? '' : again.refusal.code, 'strategy.already_reviewed')
})

test('the database itself holds that nobody reviews their own draft', async () => {
  const db = await aBook()
  const id = await draft(db, changed)
  const own = `update strategy_draft set state = 'released', reviewed_by = 'author' where strategy_draft_id = $1`
  await assert.rejects(db.run(own, [id]), /reviewed_by_another_person/)
})

test('a version that was in force before comes back, also the shipped one', async () => {
  const db = await aBook()
  await cycle(db)
  assert.ok((await review(db, await draft(db, changed), 'second')).ok)
  const page = await readStrategy(db, NAME)
  assert.equal(page?.versions.length, 2)
  const first = page?.versions.at(-1)?.versionId ?? ''
  assert.ok((await rollBackTo(db, NAME, first)).ok)
  assert.equal((await strategyInForce(db, NAME)).document.steps[4]?.key, 's1-6-sms')
  const other = await rollBackTo(db, 'other', first)
  assert.equal(other.ok ? '' : other.refusal.code, 'strategy.not_found')
})

test('two reviews at once release once', async () => {
  const db = await aBook()
  const id = await draft(db, changed)
  const both = await Promise.all([review(db, id, 'second'), review(db, id, 'third')])
  assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true])
  const releases = await db.query('select 1 from strategy_release')
  assert.equal(releases.length, 1)
})

test('what cannot be read is refused with its place', async () => {
  const db = await aBook()
  for (const [source, told] of [
    [shipped.replace('cn-m3-sms', 'no-such'), /m3-61-sms: there is no template no-such/],
    [shipped.replace('arrears >= 50.0', 'arrears >='), /condition of s1-10-sms/],
    [shipped.replace(`name: ${NAME}`, 'name: other'), /keeps its name/],
    ['steps: [', /./],
    ['a: &a [*a, *a]', /./],
  ] as const) {
    const given = { name: NAME, source, note: 'x', templates, by: 'author', at }
    const kept = await db.transaction((tx) => writeDraft(tx, given))
    assert.ok(!kept.ok && kept.refusal.code === 'strategy.invalid')
    assert.match(kept.refusal.detail, told)
  }
  assert.deepEqual(await db.query('select 1 from strategy_draft'), [])
})

test('a trial tells every contact and refusal of today as dispatch would, and keeps nothing', async () => {
  const db = await aBook()
  await cycle(db)
  const strategy = await strategyInForce(db, NAME)
  const on = day('2026-06-03')
  const carriers = new Set(['sms', 'email'])
  const tried = () => tryStrategy(db, { gate, strategy, asOf: on, carriers })
  const before = await db.query('select * from attempt order by attempt_id')
  const found = await tried()
  assert.deepEqual(
    found.contacts.map(({ stage, step, verdict, at: when }) => [stage, step, verdict, when]),
    [
      ['M3', 'm3-61-email', 'unreachable', '2026-06-03T02:00:00Z'],
      ['M3', 'm3-61-sms', 'permit', '2026-06-03T03:00:00Z'],
    ],
  )
  await db.run(
    `insert into hold (borrower_id, kind, from_at, reason, source, recorded_at)
     select borrower_id, 'dispute', '2026-05-01', 'x', 'test', '2026-05-01' from borrower where borrower_no = 'B2'`,
  )
  const held = await tried()
  assert.deepEqual(
    held.contacts.map(({ verdict, rules }) => [verdict, rules]),
    [
      ['unreachable', []],
      ['refuse', ['cn.hold.dispute']],
    ],
  )
  assert.deepEqual(await db.query('select * from attempt order by attempt_id'), before)
  assert.deepEqual((await cycle(db, on)).planned, { 'M3 email': 1, 'M3 sms': 1 })
})
