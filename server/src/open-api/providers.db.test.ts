import assert from 'node:assert/strict'
import { test } from 'node:test'
import { providersResponse } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { dispatchDue } from '../contact/index.ts'
import { aRoute, aSink } from '../contact/test-gate.ts'
import { saveHealth } from '../people/index.ts'
import { anApi, KEYS, NOON } from './test-api.ts'

test('providers tell what they carry, how they fare and what went through them', async () => {
  const { db, gate, clock, call } = await anApi()
  const cost = { perThousandMinor: 4500n, currency: 'CNY' }
  const sinks = [{ ...aSink('sms', clock), route: aRoute({ cost }) }]
  const { sent } = await dispatchDue({ db, gate, outlets: sinks, now: clock.now })
  assert.ok(sent > 0)
  await saveHealth(db, {
    ...{ worker: 'host 1', at: formatInstant(NOON) },
    accounts: [
      {
        ...{ accountId: '1', isConnected: false, state: { inFlight: 3 }, lastError: 'no bind' },
        restingUntil: '2026-06-01T06:05:00Z',
      },
    ],
  })
  const { status, json } = await call('GET /api/v1/providers', { key: KEYS.read })
  assert.equal(status, 200)
  const { items } = providersResponse.parse(json)
  assert.deepEqual(
    items.map(({ name }) => name),
    ['sms', 'mail'],
  )
  const [sms] = items
  assert.deepEqual(sms?.carries, ['collection', 'service', 'code'])
  assert.equal(sms?.lastHour.sent, sent)
  assert.equal(sms?.lastHour.costMinor, Math.ceil((sms.lastHour.parts * 4500) / 1000))
  assert.deepEqual(sms?.connections, [
    {
      ...{ worker: 'host 1', isConnected: false, lastError: 'no bind', state: { inFlight: 3 } },
      ...{ restingUntil: '2026-06-01T06:05:00Z', seenAt: '2026-06-01T06:00:00Z' },
    },
  ])
  assert.equal(sms?.stopped, null)
})

test('the kill switch stops at once, says who and why, and only an admin has it', async () => {
  const { db, gate, clock, call } = await anApi()
  const body = { reason: 'the operator asks us to pause' }
  const path = '/api/v1/providers/sms'
  assert.equal((await call(`POST ${path}/stop`, { key: KEYS.write, body })).status, 403)
  assert.equal(
    (await call('POST /api/v1/providers/none/stop', { key: KEYS.admin, body })).status,
    404,
  )
  assert.equal((await call(`POST ${path}/stop`, { key: KEYS.admin, body: {} })).status, 400)
  const { status, json } = await call(`POST ${path}/stop`, { key: KEYS.admin, body })
  assert.equal(status, 201)
  assert.deepEqual(json, {
    name: 'sms',
    stopped: { at: '2026-06-01T06:00:00Z', by: 'admin', ...body },
  })
  const sink = aSink('sms', clock)
  const held = await dispatchDue({ db, gate, outlets: [sink], now: clock.now })
  assert.deepEqual([held.permitted, sink.given.length], [0, 0])
  assert.equal((await call(`POST ${path}/resume`, { key: KEYS.admin, body })).status, 201)
  const freed = await dispatchDue({ db, gate, outlets: [sink], now: clock.now })
  assert.ok(freed.sent > 0)
  const audit = await db.query(
    `select actor, action, detail from audit_event where action like 'provider.%' order by action`,
  )
  assert.deepEqual(audit, [
    { actor: 'admin', action: 'provider.resumed', detail: body },
    { actor: 'admin', action: 'provider.stopped', detail: body },
  ])
})
