import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db } = console
await console.hire('wang@example.com', ['manager'])
await console.hire('lead@example.com', ['team-lead'], { team: 'early' })
await console.hire('out@example.com', ['manager'], { agency: 'outside' })
const manager = (await console.signIn('wang@example.com')).ask
const lead = (await console.signIn('lead@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const AT = '/console-api/placements'
const BATCH = { name: '2026-06', agency: 'outside', portfolio: 'main', recallOn: '2026-09-01' }

test('placements are a manager’s of the house', async () => {
  for (const who of [lead, outsider]) {
    assert.equal((await who(`GET ${AT}`)).status, 403)
    assert.equal((await who(`POST ${AT}`, BATCH)).status, 403)
  }
  const { body } = await manager(`GET ${AT}`)
  assert.deepEqual([body.items, body.agencies], [[], [{ name: 'outside', isListed: true }]])
  assert.match(JSON.stringify(body.portfolios), /"name":"main","stages":\["/)
})

test('a batch is placed, the agency sees its cases and nobody else’s, and it is taken back with a reason', async () => {
  const before = JSON.stringify((await outsider('GET /console-api/cases')).body.items)
  assert.equal(before, '[]')
  const unlisted = await manager(`POST ${AT}`, { ...BATCH, agency: 'none' })
  assert.deepEqual([unlisted.status, unlisted.body.code], [422, 'placement.unknown_agency'])
  const { status, body } = await manager(`POST ${AT}`, BATCH)
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(Number(body.cases) > 0)
  assert.equal((await manager(`POST ${AT}`, BATCH)).body.code, 'placement.name_taken')
  assert.match(JSON.stringify((await outsider('GET /console-api/cases')).body.items), /"caseId|"id/)
  const [item] = JSON.parse(JSON.stringify((await manager(`GET ${AT}`)).body.items))
  assert.deepEqual([item.open, item.currency, item.recalledAt], [body.cases, 'CNY', null])
  const recall = `POST ${AT}/${body.id}/recall`
  assert.equal((await outsider(recall, { reason: 'mine' })).status, 403)
  assert.deepEqual((await manager(recall, { reason: 'complaints' })).body, { cases: body.cases })
  assert.equal((await manager(recall, { reason: 'again' })).body.code, 'placement.not_open')
  assert.deepEqual((await outsider('GET /console-api/cases')).body.items, [])
  const trail = await db.query<{ action: string }>(
    `select action from audit_event where subject = $1 order by audit_event_id`,
    [`placement ${body.id}`],
  )
  assert.deepEqual(
    trail.map(({ action }) => action),
    ['placement.made', 'placement.recalled'],
  )
})
