import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { dispatchDue } from '../../contact/index.ts'
import { aSink, utc } from '../../contact/test-gate.ts'
import { anApi, caseOf, problemOf } from '../test-api.ts'

// A decision is told: by a message through the gate, or by a person.

const api = await anApi()
const { call, db, gate, clock } = api
const caseId = await caseOf(db, 'B1')
// Nothing but the answers themselves waits for dispatch.
await db.run(`update attempt set state = 'cancelled' where state = 'planned'`)

const opened = z.object({ id: z.string() })
async function decided(change: object = {}, path = 'complaints'): Promise<string> {
  const body = { caseId, reason: 'words', channel: 'call', ...change }
  const { id } = opened.parse((await call(`POST /api/v1/${path}`, { body })).json)
  const decision = { outcome: 'upheld', reasons: 'we were wrong, the fee is taken back' }
  const answer = await call(`POST /api/v1/matters/${id}/decision`, { body: decision })
  assert.equal(answer.status, 201, answer.bytes.toString())
  return id
}
async function dispatch() {
  const sink = aSink('sms', clock)
  await dispatchDue({ db, gate, outlets: [sink], now: clock.now })
  return sink.given
}
const shape = z.array(
  z.object({
    kind: z.string(),
    by: z.string(),
    detail: z.record(z.string(), z.string().nullable()),
  }),
)
async function tellingsOf(id: string) {
  const steps = shape.parse((await call(`GET /api/v1/matters/${id}`)).json.steps)
  return steps.filter(({ kind }) => ['telling', 'told', 'not-told'].includes(kind))
}
async function kindsOf(id: string): Promise<string[]> {
  return (await tellingsOf(id)).map(({ kind }) => kind)
}
async function untold(): Promise<string[]> {
  const { json } = await call('GET /api/v1/matters?untold=true')
  return z
    .array(opened)
    .parse(json.items)
    .map(({ id }) => id)
}

test('a decision goes out once as a service that its matter triggers, without a word of its reasons', async () => {
  const id = await decided()
  assert.deepEqual(await kindsOf(id), ['telling'])
  const sent = await dispatch()
  assert.equal(sent.length, 1)
  assert.ok(
    !JSON.stringify(sent, (_, v) => (typeof v === 'bigint' ? String(v) : v)).includes(
      'we were wrong',
    ),
  )
  assert.deepEqual(await kindsOf(id), ['telling', 'told'])
  const rows = await db.query(
    `select purpose, template, trigger_ref from attempt where trigger_ref is not null`,
  )
  assert.deepEqual(rows, [
    { purpose: 'service', template: 'cn-matter-answer-sms', trigger_ref: `matter ${id}` },
  ])
  assert.deepEqual(await dispatch(), [])
  assert.deepEqual(await untold(), [])
})

test('what the gate defers is kept with its moment, and is told then', async () => {
  clock.set(utc('2026-06-02T18:00:00Z'))
  const id = await decided()
  await db.run(
    `insert into hold (borrower_id, kind, hours, from_at, reason, source, recorded_at)
     select borrower_id, 'inconvenient-time', '{00:00-09:00}', '2026-06-01', 'r', 's', '2026-06-01' from collection_case
     where case_id = $1`,
    [caseId],
  )
  assert.deepEqual(await dispatch(), [])
  const deferred = (await tellingsOf(id)).at(-1)
  assert.deepEqual([deferred?.kind, deferred?.detail.reason], ['telling', 'contact.deferred'])
  assert.ok(deferred?.detail.until !== null && deferred?.detail.rules !== null)
  clock.set(utc('2026-06-03T03:00:00Z'))
  assert.equal((await dispatch()).length, 1)
  assert.deepEqual(await kindsOf(id), ['telling', 'telling', 'told'])
})

test('what the gate refuses is kept with its rules, and a person must tell it', async () => {
  clock.set(utc('2026-06-04T03:00:00Z'))
  const id = await decided()
  await db.run(
    `insert into hold (borrower_id, kind, from_at, reason, source, recorded_at)
     select borrower_id, 'cease', '2026-06-04', 'r', 's', '2026-06-04' from collection_case where case_id = $1`,
    [caseId],
  )
  assert.deepEqual(await dispatch(), [])
  const refused = (await tellingsOf(id)).at(-1)
  assert.deepEqual([refused?.kind, refused?.detail.reason], ['not-told', 'contact.refused'])
  assert.ok(refused?.detail.rules?.includes('cn.hold.cease'))
  assert.deepEqual(await untold(), [id])
  await db.run(`update hold set to_at = '2026-06-04T03:00:00Z' where kind = 'cease'`)
  const told = await call(`POST /api/v1/matters/${id}/told`, { body: { channel: 'letter' } })
  assert.equal(told.status, 201)
  assert.deepEqual(await untold(), [])
})

test('without a point, for somebody else, or of a death, a person must tell it; no message is planned', async () => {
  clock.set(utc('2026-06-05T03:00:00Z'))
  const other = await decided({ raisedBy: 'relative' })
  await db.run(`update contact_point set health = 'dead'`)
  const noPoint = await decided()
  const death = await decided({}, 'deaths')
  const reasons = []
  for (const id of [other, noPoint, death]) reasons.push((await tellingsOf(id))[0]?.detail.reason)
  assert.deepEqual(reasons, ['other_person', 'no_point', 'deceased'])
  assert.deepEqual(await untold(), [other, noPoint, death])
  assert.deepEqual(await dispatch(), [])
})

test('nobody can have told what is not decided', async () => {
  const body = { caseId, reason: 'words' }
  const { id } = opened.parse((await call('POST /api/v1/disputes', { body })).json)
  const told = await call(`POST /api/v1/matters/${id}/told`, { body: { channel: 'call' } })
  assert.equal(problemOf(told), '409 matter.not_decided id')
})
