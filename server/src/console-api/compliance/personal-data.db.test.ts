import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertAudit } from '../../platform/audit/index.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db } = console
await console.hire('li@example.com', ['compliance'])
await console.hire('chen@example.com', ['compliance'])
await console.hire('wang@example.com', ['manager'])
await console.hire('ann@example.com', ['agent'])
await console.hire('out@example.com', ['compliance'], { agency: 'outside' })
const officer = (await console.signIn('li@example.com')).ask
const second = (await console.signIn('chen@example.com')).ask
const manager = (await console.signIn('wang@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const QUEUE = '/console-api/personal-data/erasures'
const LOOKS = '/console-api/personal-data/looks'

const look = (at: string, actor: string, action: string, subject: string): Promise<void> =>
  insertAudit(db, { at, actor, action, subject, detail: {} })

test('looks are counted by person and kind, on the days of Shanghai, and nothing else is', async () => {
  // The last second of 31 May and the first of 1 June, in Shanghai.
  await look('2026-05-31T15:59:59Z', 'ann@example.com', 'person.unmasked', 'case 1')
  await look('2026-05-31T16:00:00Z', 'ann@example.com', 'person.unmasked', 'case 1')
  await look('2026-06-01T01:00:00Z', 'ann@example.com', 'person.unmasked', 'case 2')
  await look('2026-06-01T01:00:00Z', 'wang@example.com', 'case-file.legal', 'case 2')
  await look('2026-06-01T01:00:00Z', 'wang@example.com', 'strategy.drafted', '1')
  const { status, body } = await manager(`GET ${LOOKS}?from=2026-06-01&to=2026-06-01`)
  assert.equal(status, 200, JSON.stringify(body))
  const last = '2026-06-01 01:00:00+00'
  assert.deepEqual(body.items, [
    { actor: 'ann@example.com', action: 'person.unmasked', times: 2, subjects: 2, lastAt: last },
    { actor: 'wang@example.com', action: 'case-file.legal', times: 1, subjects: 1, lastAt: last },
  ])
  const month = (await manager(`GET ${LOOKS}?actor=ann@example.com`)).body
  assert.deepEqual([month.from, month.to], ['2026-05-03', '2026-06-01'])
  assert.match(JSON.stringify(month.items), /"times":3/)
  assert.equal((await agent(`GET ${LOOKS}`)).status, 403)
  assert.equal((await outsider(`GET ${LOOKS}`)).status, 403)
})

test('a wish is asked by one officer and decided by another, and says what stands in its way', async () => {
  assert.equal((await manager(`POST ${QUEUE}`, { borrowerNo: 'B1' })).status, 403)
  const nobody = await officer(`POST ${QUEUE}`, { borrowerNo: 'nobody' })
  assert.deepEqual([nobody.status, nobody.body.field], [404, 'borrowerNo'])
  const asked = await officer(`POST ${QUEUE}`, { borrowerNo: 'B1' })
  assert.equal(asked.status, 200, JSON.stringify(asked.body))
  const again = await second(`POST ${QUEUE}`, { borrowerNo: 'B1' })
  assert.equal(again.body.id, asked.body.id, 'one wish waits at a time')
  const shown = JSON.stringify((await officer(`GET ${QUEUE}?state=waiting`)).body.items)
  assert.match(shown, /"borrowerNo":"B1"/)
  assert.match(shown, /"because":"still_owed","isMine":true/)
  assert.match(JSON.stringify((await second(`GET ${QUEUE}`)).body.items), /"isMine":false/)
  const at = `POST ${QUEUE}/${asked.body.id}/decision`
  const own = await officer(at, { verdict: 'refused', reason: 'owed' })
  assert.equal(own.body.code, 'erasure.same_person')
  const early = await second(at, { verdict: 'done', reason: 'they asked' })
  assert.equal(early.body.code, 'erasure.not_yet')
  assert.equal((await second(at, { verdict: 'refused', reason: 'still owed' })).status, 200)
  assert.deepEqual((await officer(`GET ${QUEUE}?state=waiting`)).body.items, [])
  const refused = JSON.stringify((await officer(`GET ${QUEUE}?state=refused`)).body.items)
  assert.match(refused, /"decidedBy":"chen@example.com".*"reason":"still owed"/)
  const trail = await db.query<{ action: string; actor: string }>(
    `select action, actor from audit_event where subject = $1 order by audit_event_id`,
    [`erasure ${asked.body.id}`],
  )
  assert.deepEqual(trail, [
    { action: 'erasure.asked', actor: 'li@example.com' },
    { action: 'erasure.asked', actor: 'chen@example.com' },
    { action: 'erasure.refused', actor: 'chen@example.com' },
  ])
  assert.equal((await outsider(`GET ${QUEUE}`)).status, 403)
})
