import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchDue, recoverLost } from '../contact/index.ts'
import { aSink, utc } from '../contact/test-gate.ts'
import { type Api, anApi, caseOf, KEYS, NOON, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, clock, gate } = api
const b1 = await caseOf(db, 'B1')
const NIGHT = utc('2026-06-01T15:30:00Z')
const MORNING = utc('2026-06-02T02:00:00Z')

type Item = {
  channel: string
  contactPointId: string
  point: string
  now: { verdict: string; until: string | null; reasons: { rule: string; cite: object }[] }
  earliestAt: string | null
}

async function permissions(caseId: string): Promise<Item[]> {
  const answer = await call(`GET /api/v1/cases/${caseId}/permissions`, { key: KEYS.read })
  assert.equal(answer.status, 200, answer.bytes.toString())
  return JSON.parse(answer.bytes.toString()).items
}

async function dispatch({ db: book, clock: at, gate: by }: Api) {
  const sinks = [aSink('sms', at), aSink('email', at)]
  const counts = await dispatchDue({ db: book, gate: by, outlets: sinks, now: at.now })
  return { counts, given: sinks.flatMap((sink) => sink.given) }
}

async function tableSizes(): Promise<unknown> {
  return db.query(
    'select (select count(*) from attempt) as attempts, (select count(*) from decision) as decisions, (select count(*) from outbox) as events',
  )
}

test('permissions tell every channel and point of a case, masked, and write nothing', async () => {
  const before = await tableSizes()
  const items = await permissions(b1)
  assert.deepEqual(
    items.map(({ channel, point, now }) => `${channel} ${point} ${now.verdict}`).sort(),
    [
      'call +86199****0001 permit',
      'email w***@example.com permit',
      'robot-call +86199****0001 permit',
      'sms +86199****0001 permit',
    ],
  )
  assert.ok(items.every(({ earliestAt }) => earliestAt === '2026-06-01T06:00:00Z'))
  assert.deepEqual(await tableSizes(), before)
})

test('at night they defer to the earliest lawful moment; a hold refuses with its rule and source', async () => {
  clock.set(NIGHT)
  const atNight = await permissions(b1)
  assert.ok(atNight.every(({ now }) => now.verdict === 'defer' && now.reasons.length > 0))
  assert.ok(atNight.every(({ earliestAt }) => earliestAt === '2026-06-02T00:00:00Z'))
  clock.set(NOON)
  const body = { caseId: b1, kind: 'attorney', reason: 'represented' }
  const { json } = await call('POST /api/v1/holds', { body })
  const held = await permissions(b1)
  assert.ok(held.every(({ now, earliestAt }) => now.verdict !== 'permit' && earliestAt === null))
  assert.match(JSON.stringify(held[0]?.now.reasons[0]), /"rule":".+"cite":\{"instrument":".+/)
  await call(`DELETE /api/v1/holds/${String(json.id)}?caseId=${b1}`)
})

test('what permissions say is what dispatch decides at the same instant', async () => {
  const said = new Map((await permissions(b1)).map((each) => [each.channel, each.now.verdict]))
  for (const channel of ['sms', 'email'] as const) {
    const body = { caseId: b1, channel, template: `cn-s1-${channel}` }
    const asked = await call('POST /api/v1/contacts', { body })
    assert.equal(asked.status, 201, asked.bytes.toString())
    assert.equal(JSON.parse(asked.bytes.toString()).answer.verdict, said.get(channel))
  }
  const { given } = await dispatch(api)
  assert.deepEqual(given.map(({ channel }) => channel).sort(), ['email', 'sms', 'sms'])
})

let sent = ''

test('a contact that is asked for goes out through the gate once; its attempt tells its fate', async () => {
  clock.set(MORNING)
  const body = { caseId: b1, channel: 'email', template: 'cn-s1-email' }
  const asked = await call('POST /api/v1/contacts', { body, once: 'ask-1' })
  const again = await call('POST /api/v1/contacts', { body, once: 'ask-1' })
  assert.deepEqual(again.json, asked.json)
  assert.equal(asked.json.state, 'planned')
  const { given } = await dispatch(api)
  assert.equal(given.filter(({ channel }) => channel === 'email').length, 1)
  sent = String(asked.json.attemptId)
  const found = await call(`GET /api/v1/attempts/${sent}`)
  assert.deepEqual([found.json.state, found.json.caseId], ['sent', b1])
  assert.match(JSON.stringify(found.json.decision), /"verdict":"permit"/)
})

test('at night a contact is deferred, never sent, and says until when', async () => {
  clock.set(utc('2026-06-02T15:30:00Z'))
  const body = { caseId: b1, channel: 'sms', template: 'cn-s1-sms' }
  const asked = await call('POST /api/v1/contacts', { body })
  assert.match(
    JSON.stringify(asked.json.answer),
    /"verdict":"defer","until":"2026-06-03T00:00:00Z"/,
  )
  assert.equal((await dispatch(api)).given.length, 0)
  const found = await call(`GET /api/v1/attempts/${String(asked.json.attemptId)}`)
  assert.deepEqual([found.json.state, found.json.dueAt], ['planned', '2026-06-03T00:00:00Z'])
  clock.set(MORNING)
})

test('what a contact gets wrong is named by its field', async () => {
  const good = { caseId: b1, channel: 'sms', template: 'cn-s1-sms' }
  const post = async (change: object) =>
    problemOf(await call('POST /api/v1/contacts', { body: { ...good, ...change } }))
  assert.equal(await post({ caseId: '999999' }), '404 resource.not_found caseId')
  assert.equal(await post({ template: 'no-such' }), '422 contact.unknown_template template')
  assert.equal(await post({ template: 'cn-s1-email' }), '422 contact.unknown_template template')
  assert.equal(await post({ contactPointId: '999999' }), '422 contact.no_point contactPointId')
  assert.equal(await post({ channel: 'call' }), '400 request.invalid channel')
  const b2 = { caseId: await caseOf(db, 'B2'), channel: 'email', template: 'cn-m2-email' }
  assert.equal(await post(b2), '422 contact.no_point contactPointId')
})

test('an outcome has three fields; a talk counts in the caps, and the case is looked at again', async () => {
  const body = {
    line: 'connected',
    party: 'right-party',
    talk: 'promised',
    delayReason: 'late wages',
  }
  const done = await call(`POST /api/v1/attempts/${sent}/outcome`, { body, once: 'o1' })
  assert.deepEqual([done.status, done.json.effective], [201, true])
  const [row] = await db.query<{ effective: boolean; line: string; woken: string }>(
    `select a.is_effective as effective, o.line_outcome as line, c.next_step_on as woken from outcome o
     join attempt a using (borrower_id, attempt_id) join collection_case c using (borrower_id, case_id)`,
  )
  assert.deepEqual(row, { effective: true, line: 'connected', woken: '2026-06-02' })
})

test('a wrong person marks the point, and the gate refuses it from then on', async () => {
  const body = { line: 'connected', party: 'wrong-person' }
  await call(`POST /api/v1/attempts/${sent}/outcome`, { body })
  const email = (await permissions(b1)).find(({ channel }) => channel === 'email')
  assert.equal(email?.now.verdict, 'refuse')
})

test('an outcome of what did not take place, or of nothing, is refused', async () => {
  const body = { line: 'connected' }
  const [planned] = await db.query<{ id: string }>(
    `select borrower_id || '-' || attempt_id as id from attempt where state = 'planned' limit 1`,
  )
  const path = (id: string) => `POST /api/v1/attempts/${id}/outcome`
  assert.equal(problemOf(await call(path(planned?.id ?? ''), { body })), '409 outcome.not_made id')
  assert.equal(problemOf(await call(path('1-999999'), { body })), '404 resource.not_found id')
  assert.equal(
    problemOf(await call(path(sent), { body: { line: 'hm' } })),
    '400 request.invalid line',
  )
})

test('contacts of unknown fate stand in a queue until a person settles them', async () => {
  clock.set(utc('2026-06-03T02:00:00Z'))
  const sink = aSink('sms', clock)
  const fate = { fate: 'unknown', detail: 'no answer' } as const
  const channel = {
    ...sink.channel,
    send: async (permits: readonly { permitId: string }[]) =>
      permits.map(({ permitId }) => ({ permitId, ...fate })),
  }
  await dispatchDue({ db, gate, outlets: [{ ...sink, channel }], now: clock.now })
  await recoverLost(db, { reactions: gate.reactions, at: clock.now() })
  const queue = await call('GET /api/v1/attempts?state=unknown&limit=1')
  const [first] = JSON.parse(queue.bytes.toString()).items
  assert.ok(Number(queue.json.total) >= 1)
  assert.match(first.point, /\*\*\*\*/)
  const path = `POST /api/v1/attempts/${first.attemptId}/settlement`
  const body = { fate: 'failed', reason: 'ticket 12' }
  assert.deepEqual((await call(path, { body })).json, { settled: true })
  assert.equal(problemOf(await call(path, { body })), '409 contact.not_in_queue')
  assert.equal(
    problemOf(await call('GET /api/v1/attempts?state=sent')),
    '400 request.invalid state',
  )
})

test('where the packs of a portfolio are gone, permissions refuse and say so', async () => {
  await db.run(`update portfolio set packs = '{atlantis}'`)
  const items = await permissions(b1)
  assert.ok(items.length > 0)
  assert.ok(items.every(({ now }) => now.verdict === 'refuse'))
  assert.match(JSON.stringify(items[0]?.now.reasons), /"facts\.missing".*"field":"policy"/)
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})
