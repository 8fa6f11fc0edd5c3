import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLocalDate, required } from '@dunlin/kernel'
import { utc } from '../../contact/test-gate.ts'
import { openMatter } from '../../plans/index.ts'
import { workingDaysLeft } from '../../plans/working-days.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db, clock, gate, reactions } = console
await console.hire('wang@example.com', ['manager'])
await console.hire('li@example.com', ['compliance'])
await console.hire('ann@example.com', ['agent'])
await console.hire('out@example.com', ['manager'], { agency: 'outside' })
const manager = (await console.signIn('wang@example.com')).ask
const second = (await console.signIn('li@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const [first] = await db.query<{ id: string }>('select min(case_id) as id from collection_case')
const caseId = first?.id ?? ''

async function raise(kind: 'complaint' | 'dispute'): Promise<string> {
  const opened = await db.transaction((tx) =>
    openMatter(
      { tx, at: clock.now(), reactions, sealer: gate.sealer },
      { id: 'robot', role: 'agent' },
      {
        ...{ caseId, kind, channel: 'call', raisedBy: 'borrower', loanNo: null, partyId: null },
        ...{ text: 'they called at night', owner: 'robot', documents: [] },
      },
    ),
  )
  assert.ok(opened.ok)
  return opened.value.matterId
}

const complaint = await raise('complaint')
const dispute = await raise('dispute')

test('matters wait by deadline with their working days, for those who work the queues', async () => {
  assert.equal((await agent('GET /console-api/matters')).status, 403)
  const { status, body } = await manager('GET /console-api/matters')
  assert.equal(status, 200, JSON.stringify(body))
  assert.match(JSON.stringify(body.items), /"daysLeft":\d+/)
  assert.deepEqual(body.counts, { waiting: 2, late: 0, mine: 0 })
  const some = await manager('GET /console-api/matters?kind=complaint&limit=1')
  assert.ok(JSON.stringify(some.body.items).includes(`"id":"${complaint}"`))
  assert.deepEqual((await outsider('GET /console-api/matters')).body.items, [])
  assert.equal((await outsider(`GET /console-api/matters/${complaint}`)).status, 404)
})

test('a page goes on where the one before ended', async () => {
  const one = await manager('GET /console-api/matters?limit=1')
  const two = await manager(`GET /console-api/matters?limit=1&cursor=${one.body.nextCursor}`)
  const ids = [...JSON.stringify([one.body.items, two.body.items]).matchAll(/"id":"(\d+)"/g)]
  assert.deepEqual(new Set(ids.map(([, id]) => id)), new Set([complaint, dispute]))
})

test('a matter is taken, decided with reasons and appealed against, each with its audit', async () => {
  const at = `/console-api/matters/${complaint}`
  const stranger = await manager(`POST ${at}/owner`, { owner: 'ann@example.com' })
  assert.deepEqual([stranger.status, stranger.body.field], [400, 'owner'])
  assert.equal((await manager(`POST ${at}/owner`, { owner: 'wang@example.com' })).status, 200)
  const file = (await manager(`GET ${at}`)).body
  assert.deepEqual([file.isMine, file.isHeld, file.text], [true, true, 'they called at night'])
  const decision = { outcome: 'rejected', reasons: 'no call was made at night' }
  assert.equal((await agent(`POST ${at}/decision`, decision)).status, 403)
  assert.equal((await outsider(`POST ${at}/decision`, decision)).status, 404)
  assert.equal((await manager(`POST ${at}/decision`, decision)).status, 200)
  assert.equal((await manager(`POST ${at}/decision`, decision)).body.code, 'matter.not_open')
  assert.equal((await manager(`POST ${at}/appeal`, { reason: 'it was 23:00' })).status, 200)
  const same = await manager(`POST ${at}/decision`, decision)
  assert.equal(same.body.code, 'matter.same_person')
  assert.equal((await second(`POST ${at}/decision`, decision)).status, 200)
  const audit = await db.query<{ action: string }>(
    `select action from audit_event where subject = $1 order by audit_event_id`,
    [`matter ${complaint}`],
  )
  assert.deepEqual(
    audit.map(({ action }) => action),
    ['matter.assigned', 'matter.decided', 'matter.appealed', 'matter.decided'],
  )
})

test('a hold is ended with a reason, but not one that a matter waits under', async () => {
  const { body } = await manager('GET /console-api/holds?kind=dispute')
  const [hold] = JSON.parse(JSON.stringify(body.items))
  assert.equal(hold.matterId, dispute)
  const kept = await manager(`POST /console-api/holds/${hold.id}/end`, { reason: 'paid' })
  assert.equal(kept.body.code, 'matter.not_decided')
  const decision = { outcome: 'upheld', reasons: 'the debt is not owed', keepHold: true }
  assert.equal(
    (await second(`POST /console-api/matters/${dispute}/decision`, decision)).status,
    200,
  )
  assert.equal((await manager(`POST /console-api/holds/${hold.id}/end`, {})).status, 400)
  assert.equal(
    (await outsider(`POST /console-api/holds/${hold.id}/end`, { reason: 'x' })).status,
    404,
  )
  const end = await manager(`POST /console-api/holds/${hold.id}/end`, { reason: 'withdrawn' })
  assert.equal(end.status, 200, JSON.stringify(end.body))
  assert.deepEqual((await manager('GET /console-api/holds?kind=dispute')).body.items, [])
})

test('what nobody looks after is listed for those who reach it', async () => {
  clock.set(utc('2026-09-01T06:00:00Z'))
  const { status, body } = await manager('GET /console-api/forgotten')
  assert.equal(status, 200)
  assert.match(JSON.stringify(body.items), /"reason":"silent"/)
  assert.deepEqual((await outsider('GET /console-api/forgotten')).body.items, [])
})

test('working days leave out weekends and the holidays of the portfolio', () => {
  const day = (text: string) => required(parseLocalDate(text), text)
  const left = (from: string, to: string, holidays: string | null = null): number =>
    workingDaysLeft(day(from), day(to), { country: 'GB', holidays })
  assert.equal(left('2026-06-05', '2026-06-08'), 1)
  assert.equal(left('2026-06-05', '2026-06-05'), 0)
  assert.equal(left('2026-06-08', '2026-06-05'), -1)
  assert.equal(left('2026-06-05', '2026-06-09', '2026-06-08'), 1)
})
