import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { aPortal, comeIn } from './test-portal.ts'

const portal = await aPortal()
const { call, db } = portal

test('a link shows whose page it is and where a code may go, and nothing of a debt', async () => {
  const token = await portal.linkOf('B1')
  const { status, json } = await call('POST /portal-api/session/link', { token })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(json).sort(), ['contactLine', 'isDemo', 'lender', 'points'])
  assert.match(JSON.stringify(json.points), /199\*+0001/)
  assert.doesNotMatch(JSON.stringify(json), /19900000001|王小明|800|L1/)
})

test('links of nobody, forged, of yesterday and of a person without a case get one answer', async () => {
  const old = await portal.linkOf('B1', instant(portal.clock.now() - 31 * 86_400_000))
  const good = await portal.linkOf('B1')
  const forged = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`
  const answers = []
  for (const token of [
    '',
    'x',
    'A'.repeat(80),
    old,
    forged,
    await portal.linkOf('B3'),
    await portal.linkOf('nobody'),
  ])
    answers.push(await call('POST /portal-api/session/link', { token }))
  const said = new Set(
    answers.map(({ status, json }) => `${status} ${String(json.code)} ${String(json.detail)}`),
  )
  assert.deepEqual([...said], ['401 portal.bad_link this link is not valid or no longer valid'])
})

test('without a session everything is refused alike', async () => {
  for (const path of ['me', 'owed', 'offers', 'plans', 'matters', 'choices', 'files/data'])
    assert.equal((await call(`GET /portal-api/${path}`)).json.code, 'portal.no_session')
  const forged = `dunlin_portal=${'A'.repeat(43)}`
  assert.equal((await call('GET /portal-api/me', undefined, { cookie: forged })).status, 401)
})

test('a code opens a session once, and the session ends when its borrower leaves', async () => {
  const cookie = await comeIn(portal, 'B1')
  const { json } = await call('GET /portal-api/me', undefined, { cookie })
  assert.equal(json.name, '王小明')
  const token = await portal.linkOf('B1')
  const code = portal.lastCode()
  const again = await call('POST /portal-api/session/enter', { token, code })
  assert.equal(again.json.code, 'portal.bad_code', 'a code is used once')
  await call('POST /portal-api/session/leave', {}, { cookie })
  assert.equal((await call('GET /portal-api/me', undefined, { cookie })).status, 401)
})

test('a session ends after half an hour without a request', async () => {
  const cookie = await comeIn(portal, 'B1')
  portal.wall.set(portal.wall.now() + 29 * 60_000)
  assert.equal((await call('GET /portal-api/me', undefined, { cookie })).status, 200)
  portal.wall.set(portal.wall.now() + 31 * 60_000)
  assert.equal((await call('GET /portal-api/me', undefined, { cookie })).status, 401)
})

test('a code of one borrower opens nobody else’s page', async () => {
  portal.wall.set(portal.wall.now() + 2 * 3_600_000)
  await comeIn(portal, 'B1')
  const mine = await portal.linkOf('B1')
  const [point] = await db.query<{ id: string }>(
    `select contact_point_id as id from contact_point join borrower using (borrower_id) where borrower_no = 'B1' and kind = 'phone'`,
  )
  await call('POST /portal-api/session/code', { token: mine, pointId: point?.id })
  await portal.dispatch()
  const code = portal.lastCode()
  const others = await portal.linkOf('B2')
  const stolen = await call('POST /portal-api/session/enter', { token: others, code })
  assert.equal(stolen.json.code, 'portal.bad_code')
  const foreign = await call('POST /portal-api/session/code', { token: others, pointId: point?.id })
  assert.equal(foreign.json.code, 'portal.cannot_send', 'a code goes to a point of one’s own only')
})

test('five wrong tries void a code, also for the right one; an old code is void', async () => {
  portal.wall.set(portal.wall.now() + 2 * 3_600_000)
  const token = await portal.linkOf('B1')
  const { json } = await call('POST /portal-api/session/link', { token })
  const pointId = /"id":"(\d+)"/.exec(JSON.stringify(json.points))?.[1]
  await call('POST /portal-api/session/code', { token, pointId })
  await portal.dispatch()
  const code = portal.lastCode()
  const wrong = code === '000000' ? '000001' : '000000'
  const answers = []
  for (let index = 0; index < 5; index += 1)
    answers.push((await call('POST /portal-api/session/enter', { token, code: wrong })).json.code)
  answers.push((await call('POST /portal-api/session/enter', { token, code })).json.code)
  assert.deepEqual([...new Set(answers)], ['portal.bad_code'])
  await call('POST /portal-api/session/code', { token, pointId })
  await portal.dispatch()
  portal.wall.set(portal.wall.now() + 11 * 60_000)
  const late = await call('POST /portal-api/session/enter', { token, code: portal.lastCode() })
  assert.equal(late.json.code, 'portal.bad_code')
})

test('no more than five codes an hour are sent to one borrower', async () => {
  portal.wall.set(portal.wall.now() + 2 * 3_600_000)
  const token = await portal.linkOf('B2')
  const { json } = await call('POST /portal-api/session/link', { token })
  const pointId = /"id":"(\d+)"/.exec(JSON.stringify(json.points))?.[1]
  const codes = []
  for (let index = 0; index < 6; index += 1)
    codes.push(
      (await call('POST /portal-api/session/code', { token, pointId })).json.code ?? 'sent',
    )
  assert.equal(codes.filter((each) => each === 'sent').length, 5, codes.join(' '))
  assert.equal(codes.at(-1), 'portal.too_many')
  await portal.dispatch()
})

test('an act is taken from our own page only', async () => {
  portal.wall.set(portal.wall.now() + 2 * 3_600_000)
  const cookie = await comeIn(portal, 'B1')
  const body = { channel: 'sms', isStopped: true }
  const origin = 'https://elsewhere.example.com'
  const refused = await call('POST /portal-api/choices/channel', body, { cookie, origin })
  assert.equal(refused.json.code, 'portal.origin')
  const own = await call('POST /portal-api/choices/channel', body, { cookie, origin: portal.url })
  assert.equal(own.status, 200)
})

test('neither code nor cookie lies in a table as it was sent', async () => {
  const rows = await db.query<{ text: string }>(
    `select code_hash::text as text from portal_code union all select token_hash::text from portal_session`,
  )
  const code = Buffer.from(portal.lastCode()).toString('hex')
  assert.ok(rows.length > 4 && rows.every(({ text }) => text.length === 34 && !text.includes(code)))
  assert.deepEqual(portal.failures, [])
})

test('what is ours is known, what is not is not, and neither says anything of a person', async () => {
  await db.run(
    `insert into provider_account (name, channel, adapter, settings, collection_content) values
       ('s', 'sms', 'smpp', '{"sourceAddress": "10690000"}', true),
       ('m', 'email', 'smtp', '{"fromAddress": "Service@lender.example.com"}', true)`,
  )
  const ask = async (value: string) => (await call('POST /portal-api/verify', { value })).json
  for (const value of [
    '400-000-0000',
    '400 000 0001',
    '+86 400 000 0000',
    '10690000',
    'service@LENDER.example.com',
  ])
    assert.equal((await ask(value)).isOurs, true, value)
  const none = await ask('19900000001')
  for (const value of [
    '19900000001',
    'wang@example.com',
    '12345',
    'L1',
    'DL-S1-1-2222222222',
    '王小明',
  ])
    assert.deepEqual(await ask(value), none, value)
})
