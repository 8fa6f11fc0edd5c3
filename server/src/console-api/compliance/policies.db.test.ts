import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchDue } from '../../contact/index.ts'
import { aSink } from '../../contact/test-gate.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db, gate, clock } = console
await console.hire('li@example.com', ['compliance'])
await console.hire('ann@example.com', ['agent'])
await console.hire('out@example.com', ['compliance'], { agency: 'outside' })
const officer = (await console.signIn('li@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const LIST = 'GET /console-api/policies'

test('rules that decided stand before those that ship, each by a name to compare it by', async () => {
  await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
  const { status, body } = await officer(LIST)
  assert.equal(status, 200, JSON.stringify(body))
  const text = JSON.stringify(body.items)
  assert.match(text, /^\[\{"name":"[0-9a-f]{64}","packs":\[\{"id":"cn","version":"[^"]+"\}/)
  assert.match(text, /"firstUsedAt":null,"portfolios":\["main"\]/)
  assert.doesNotMatch(text, /"id":"test-/)
  assert.equal((await agent(LIST)).status, 403)
  assert.equal((await outsider(LIST)).status, 403)
})

test('what decided is compared with what ships: nothing differs while nothing was changed', async () => {
  const [row] = await db.query<{ hash: string; packs: string[] }>(
    'select policy_hash as hash, packs from policy_version',
  )
  const names = `first=${row?.hash}&second=${encodeURIComponent(row?.packs.join('+') ?? '')}`
  assert.deepEqual((await officer(`${LIST}/diff?${names}`)).body, { items: [] })
})

test('each difference is told in words with a contact that the two answer differently', async () => {
  const { status, body } = await officer(`${LIST}/diff?first=cn&second=cn%2Blender-default`)
  assert.equal(status, 200, JSON.stringify(body))
  const text = JSON.stringify(body.items)
  assert.match(text, /"rule":"lender.content.who"/)
  assert.match(text, /"side":"only-second","first":null,"second":\{"says":\{"zh":"内容须含/)
  assert.match(text, /"first":\{"verdict":"permit","until":null\},"second":\{"verdict":"refuse"/)
  assert.doesNotMatch(
    text,
    /"second":\{"verdict":"permit","until":null\}/,
    'an overlay only tightens',
  )
})

test('rules that are not there are named by their side', async () => {
  const unknown = await officer(`${LIST}/diff?first=cn&second=${'0'.repeat(64)}`)
  assert.deepEqual([unknown.status, unknown.body.field], [404, 'second'])
  const odd = await officer(`${LIST}/diff?first=..%2Fcn&second=cn`)
  assert.deepEqual([odd.status, odd.body.field], [400, 'first'])
})
