import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchDue } from '../../contact/index.ts'
import { aSink } from '../../contact/test-gate.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
await console.hire('wang@example.com', ['manager'])
await console.hire('lead@example.com', ['team-lead'], { team: 'early' })
await console.hire('ann@example.com', ['agent'])
await console.hire('out@example.com', ['manager'], { agency: 'outside' })
const manager = (await console.signIn('wang@example.com')).ask
const lead = (await console.signIn('lead@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const PATH = '/console-api/providers'

test('providers are for those who watch the house; the switch is for fewer', async () => {
  assert.equal((await agent(`GET ${PATH}`)).status, 403)
  assert.equal((await outsider(`GET ${PATH}`)).status, 403)
  const { status, body } = await lead(`GET ${PATH}`)
  assert.equal(status, 200)
  assert.match(JSON.stringify(body.items), /"name":"sms".*"name":"mail"/)
  assert.equal((await lead(`POST ${PATH}/sms/stop`, { reason: 'a try' })).status, 403)
  assert.equal((await outsider(`POST ${PATH}/sms/stop`, { reason: 'a try' })).status, 403)
  assert.equal((await manager(`POST ${PATH}/sms/stop`, {})).status, 400)
  assert.equal((await manager(`POST ${PATH}/none/stop`, { reason: 'a try' })).status, 404)
})

test('a stop lets nothing out from then on, and stands in the audit with its reason', async () => {
  const { db, gate, clock } = console
  const reason = 'the operator asks us to pause'
  assert.equal((await manager(`POST ${PATH}/sms/stop`, { reason })).status, 200)
  assert.match(
    JSON.stringify((await manager(`GET ${PATH}`)).body.items),
    /"by":"wang@example.com","reason":"the operator asks us to pause"/,
  )
  const sink = aSink('sms', clock)
  await dispatchDue({ db, gate, outlets: [sink], now: clock.now })
  assert.equal(sink.given.length, 0)
  assert.equal((await manager(`POST ${PATH}/sms/resume`, { reason: 'over' })).status, 200)
  const audit = await db.query(
    `select actor, action, detail from audit_event where action like 'provider.%' order by audit_event_id`,
  )
  const actor = 'wang@example.com'
  assert.deepEqual(audit, [
    { actor, action: 'provider.stopped', detail: { reason } },
    { actor, action: 'provider.resumed', detail: { reason: 'over' } },
  ])
})
