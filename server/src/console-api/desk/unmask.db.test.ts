import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { aConsole } from '../test-console.ts'

// A number in the clear: only for who may, only with a reason, and never without a line in the audit.

const console = await aConsole()
const { db, hire, signIn } = console
await hire('lead@example.com', ['team-lead'], { team: 'early' })
await hire('agent@example.com', ['agent'], { agentLogin: 'ann', team: 'early' })
await hire('officer@example.com', ['compliance'])
await hire('auditor@example.com', ['auditor'])
await hire('outside@example.com', ['team-lead'], { agency: 'outside' })
const { ask } = await signIn('lead@example.com')
const officer = (await signIn('officer@example.com')).ask

type Point = { case_id: string; id: string; sealed: Buffer }
const points = await db.query<Point>(
  `select c.case_id, cp.contact_point_id as id, cp.sealed from contact_point cp
   join collection_case c using (borrower_id) where cp.kind = 'phone' order by 2`,
)
const [own, other] = points
if (own === undefined || other === undefined) throw new Error('the book has two numbers')
const number = console.gate.sealer.open(own.sealed)

const pathOf = (caseId: string, pointId: string): string =>
  `POST /console-api/desk/cases/${caseId}/points/${pointId}/unmask`
const path = pathOf(own.case_id, own.id)
const good = { reason: 'inbound', words: '来电自称本人，核对来电号码' }
const entries = () =>
  db.query(
    `select actor, subject, detail, recorded_at as at from audit_event where action = 'person.unmasked' order by audit_event_id`,
  )

test('without a reason, in a choice and in words that tell no number, nothing is shown', async () => {
  const bad = [
    {},
    { reason: 'inbound' },
    { words: good.words },
    { ...good, reason: 'curious' },
    { ...good, words: '看看' },
    { ...good, words: `号码是 ${number}` },
    { ...good, words: '写信给 a@example.com' },
  ]
  for (const body of bad) {
    const reply = await ask(path, body)
    assert.equal(reply.status, 400, JSON.stringify(body))
    assert.ok(!JSON.stringify(reply.body).includes(number))
  }
  assert.deepEqual(await entries(), [])
})

test('without the capability, or out of reach, nothing is shown', async () => {
  for (const who of ['agent@example.com', 'auditor@example.com']) {
    const reply = await (await signIn(who)).ask(path, good)
    assert.equal(reply.status, 403, who)
    assert.ok(!JSON.stringify(reply.body).includes(number))
  }
  const outside = await (await signIn('outside@example.com')).ask(path, good)
  assert.equal(outside.status, 404)
  assert.equal((await ask(pathOf(own.case_id, other.id), good)).status, 404)
  assert.deepEqual(await entries(), [])
})

test('with both it is shown, and the audit page tells who saw what, when and why', async () => {
  const reply = await ask(path, good)
  assert.deepEqual([reply.status, reply.body], [200, { value: number, shownSeconds: 60 }])
  const { body } = await officer(`GET /console-api/audit?action=person&subject=${own.case_id}`)
  const [found] = z.array(z.record(z.string(), z.unknown())).parse(body.items)
  assert.deepEqual(
    [found?.actor, found?.action, found?.subject, found?.detail],
    ['lead@example.com', 'person.unmasked', own.case_id, { contactPointId: own.id, ...good }],
  )
  assert.equal(new Date(String(found?.at)).getTime(), console.clock.now())
  assert.ok(!JSON.stringify(body).includes(number), 'the audit itself does not tell it')
})

test('what cannot be logged is not shown, and of what is erased nothing is left', async () => {
  await db.run('alter table audit_event add constraint none check (false) not valid')
  const reply = await ask(path, good)
  assert.equal(reply.status, 500)
  assert.ok(!JSON.stringify(reply.body).includes(number))
  assert.equal(console.failures.length, 1)
  await db.run('alter table audit_event drop constraint none')
  await db.run(`update contact_point set sealed = '' where contact_point_id = $1`, [own.id])
  assert.equal((await ask(path, good)).status, 404)
  assert.equal((await entries()).length, 1)
})
