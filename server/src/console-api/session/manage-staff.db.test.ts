import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aConsole, PASSWORD } from '../test-console.ts'

const console = await aConsole()
const { db } = console
const bossId = await console.hire('boss@example.com', ['administrator'])
const annId = await console.hire('ann@example.com', ['agent'], { agentLogin: 'ann' })
await console.hire('wang@example.com', ['manager'])
const boss = (await console.signIn('boss@example.com')).ask
const manager = (await console.signIn('wang@example.com')).ask
const STAFF = '/console-api/staff'
const post = { roles: ['agent'], team: 'early', agency: null, agent: 'bob' }

test('an administrator sees who may sign in, as what, and how it is used; nobody else does', async () => {
  assert.equal((await manager(`GET ${STAFF}`)).status, 403)
  const { status, body } = await boss(`GET ${STAFF}`)
  assert.equal(status, 200, JSON.stringify(body))
  assert.match(JSON.stringify(body.items), /"agent":"ann"[^}]*"email":"ann@example.com"/)
  assert.match(
    JSON.stringify(body.items),
    /"email":"boss@example.com"[^}]*"sessions":1[^}]*"isMe":true/,
  )
  assert.deepEqual([body.teams, body.agencies], [['early'], ['outside']])
})

test('a new person signs in with the password that was told once, and has their post', async () => {
  const given = { ...post, email: 'New@example.com', name: 'New' }
  const { status, body } = await boss(`POST ${STAFF}`, given)
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal((await boss(`POST ${STAFF}`, given)).body.code, 'staff.exists')
  const nowhere = await boss(`POST ${STAFF}`, { ...given, email: 'b@example.com', team: 'none' })
  assert.deepEqual([nowhere.status, nowhere.body.code], [400, 'request.invalid'])
  const { ask } = await console.signIn('new@example.com', String(body.password))
  const me = (await ask('GET /console-api/me')).body
  assert.deepEqual([me.roles, me.team], [['agent'], 'early'])
  const [entry] = await db.query<{ actor: string; detail: object }>(
    `select actor, detail from audit_event where action = 'staff.added'`,
  )
  assert.deepEqual(entry, { actor: 'boss@example.com', detail: { roles: ['agent'] } })
})

test('another post holds from the next request on', async () => {
  const { ask } = await console.signIn('ann@example.com')
  assert.equal((await ask('GET /console-api/strategies')).status, 403)
  const change = { ...post, roles: ['qa'], agent: null }
  assert.equal((await boss(`POST ${STAFF}/${annId}/post`, change)).status, 200)
  assert.equal((await ask('GET /console-api/strategies')).status, 200)
})

test('who is shut out is out at once, and may come back', async () => {
  const { ask } = await console.signIn('ann@example.com')
  const access = `POST ${STAFF}/${annId}/access`
  assert.equal((await boss(access, { isOut: true, reason: 'left the house' })).status, 200)
  assert.equal((await ask('GET /console-api/me')).status, 403)
  assert.equal((await boss(access, { isOut: false, reason: 'came back' })).status, 200)
  assert.equal((await ask('GET /console-api/me')).status, 200)
})

test('a new password, or lost codes taken away, sign every browser out', async () => {
  const { ask } = await console.signIn('ann@example.com')
  await db.run('update auth_user set two_factor_enabled = true where id = $1', [annId])
  await db.run(
    `insert into auth_two_factor (id, secret, backup_codes, user_id) values ('t1', 's', 'b', $1)`,
    [annId],
  )
  assert.equal((await boss(`POST ${STAFF}/${annId}/two-factor`, {})).status, 200)
  assert.equal((await ask('GET /console-api/me')).status, 401)
  assert.deepEqual(await db.query('select 1 from auth_two_factor'), [])
  const again = await console.signIn('ann@example.com', PASSWORD)
  const { body } = await boss(`POST ${STAFF}/${annId}/password`, {})
  assert.equal((await again.ask('GET /console-api/me')).status, 401)
  const back = await console.signIn('ann@example.com', String(body.password))
  assert.equal((await back.ask('GET /console-api/me')).status, 200)
})

test('nobody changes their own account, and what is not there is not changed', async () => {
  for (const path of ['post', 'password', 'two-factor', 'access']) {
    const given = path === 'post' ? post : path === 'access' ? { isOut: true, reason: 'x' } : {}
    const own = await boss(`POST ${STAFF}/${bossId}/${path}`, given)
    assert.deepEqual([own.status, own.body.code], [409, 'staff.own_account'], path)
    assert.equal((await boss(`POST ${STAFF}/nobody/${path}`, given)).status, 404, path)
  }
})
