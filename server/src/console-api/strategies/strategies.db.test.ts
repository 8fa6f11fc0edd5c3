import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listStrategies } from '../../strategy/index.ts'
import { aConsole } from '../test-console.ts'
import { locateProblems } from './locate-problem.ts'

const console = await aConsole()
await console.hire('wang@example.com', ['manager'])
await console.hire('li@example.com', ['compliance'])
await console.hire('ann@example.com', ['agent'])
const writer = (await console.signIn('wang@example.com')).ask
const second = (await console.signIn('li@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const [followed] = await listStrategies(console.db)
const name = followed?.name ?? ''
const at = `/console-api/strategies/${name}`
const source = String((await writer(`GET ${at}`)).body.source)

test('strategies are for those whose role reads them, drafts for those who write', async () => {
  assert.equal((await agent('GET /console-api/strategies')).status, 403)
  const { status, body } = await second('GET /console-api/strategies')
  assert.equal(status, 200)
  assert.ok(JSON.stringify(body.items).includes(name))
  assert.equal((await second(`POST ${at}/drafts`, { source, note: 'mine' })).status, 403)
  assert.equal((await writer('GET /console-api/strategies/none')).status, 404)
})

test('a text is told its faults by line, and a whole one how it is drawn', async () => {
  const bad = source.replace('channel: sms', 'channel: pigeon')
  const line = bad.split('\n').findIndex((each) => each.includes('pigeon')) + 1
  const { body } = await writer(`POST ${at}/check`, { source: bad })
  assert.equal(body.ladder, null)
  assert.ok(JSON.stringify(body.problems).includes(`"line":${line},`), JSON.stringify(body))
  const whole = await writer(`POST ${at}/check`, { source })
  assert.deepEqual(whole.body.problems, [])
  assert.notEqual(whole.body.ladder, null)
})

test('a trial counts contacts and keeps nothing', async () => {
  const before = await console.db.query('select count(*) from attempt')
  const { status, body } = await writer(`POST ${at}/trial`, { source })
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(Number(body.cases) > 0)
  assert.deepEqual(await console.db.query('select count(*) from attempt'), before)
})

test('a draft is released by another person than its writer, and there is a way back', async () => {
  const changed = source.replace(/time: "?1\d:\d\d"?/, 'time: "14:20"')
  const { status, body } = await writer(`POST ${at}/drafts`, { source: changed, note: 'later' })
  assert.equal(status, 200, JSON.stringify(body))
  const review = `POST /console-api/strategy-drafts/${body.id}/review`
  const own = await writer(review, { verdict: 'released', note: 'good' })
  assert.deepEqual([own.status, own.body.code], [409, 'strategy.not_reviewable'])
  assert.equal((await writer(`GET ${at}`)).body.source, source)
  assert.equal((await second(review, { verdict: 'released', note: 'good' })).status, 200)
  const now = (await writer(`GET ${at}`)).body
  assert.ok(String(now.source).includes('14:20'))
  assert.ok(JSON.stringify(now.drafts).includes('"isMine":true'))
  const [, earlier] = JSON.parse(JSON.stringify(now.versions))
  const back = { versionId: earlier.versionId, reason: 'more complaints' }
  assert.equal((await agent(`POST ${at}/roll-back`, back)).status, 403)
  assert.equal((await second(`POST ${at}/roll-back`, back)).status, 200)
  assert.equal((await writer(`GET ${at}`)).body.source, source)
  const audit = await console.db.query<{ action: string }>(
    `select action from audit_event where action like 'strategy.%' order by action`,
  )
  assert.deepEqual(
    audit.map(({ action }) => action),
    ['strategy.drafted', 'strategy.released', 'strategy.rolled_back'],
  )
})

test('a fault is found by the line of its place, its step or its syntax', () => {
  const text = 'name: a\nsteps:\n  - key: x\n    when: 1\n  - key: y\n    when: 2\n'
  const line = (detail: string): number | undefined => locateProblems(text, detail)[0]?.line
  assert.equal(line('strategy: ✖ Expected\n  → at steps[1].when'), 6)
  assert.equal(line('strategy: condition of y: no'), 5)
  assert.equal(line('strategy: something else'), 0)
  assert.equal(locateProblems('a: [1,\nb: 2', '')[0]?.line, 2)
})
