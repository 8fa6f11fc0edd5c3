import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askContact, dispatchDue } from '../../contact/index.ts'
import { aSink } from '../../contact/test-gate.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db, gate, clock } = console
await console.hire('wang@example.com', ['manager'])
await console.hire('li@example.com', ['compliance'])
await console.hire('ann@example.com', ['agent'])
const writer = (await console.signIn('wang@example.com')).ask
const second = (await console.signIn('li@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const ID = 'cn-s1-sms'
const AT = `/console-api/templates/${ID}`
const source = String((await writer(`GET ${AT}`)).body.source)
/** Words that stand in the changed text alone. */
const MARK = '如有困难请来电商量'
const changed = source.replace('以免产生更多费用', MARK)
const forbidden = source.replace('以免产生更多费用', '否则将拘留你')

/** The texts of the messages of this template that go out a day later. */
async function sent(): Promise<string[]> {
  clock.set(clock.now() + 86_400_000)
  const [first] = await db.query<{ id: string }>('select min(case_id) as id from collection_case')
  const options = {
    ...{
      caseId: first?.id ?? '',
      channel: 'sms' as const,
      template: ID,
      reply: null,
      contactPointId: null,
    },
    ...{ at: clock.now(), carriers: new Set(['sms']) },
  } as const
  const asked = await db.transaction((tx) => askContact(tx, gate, options))
  assert.ok(asked.ok, JSON.stringify(asked))
  const sink = aSink('sms', clock)
  await dispatchDue({ db, gate, outlets: [sink], now: clock.now })
  return sink.given
    .map(({ content }) => content.text)
    .filter((text) => text.includes('元已到期，请于'))
}

test('templates are read by whoever reads strategies, with both languages and what an SMS is billed as', async () => {
  assert.equal((await agent('GET /console-api/templates')).status, 403)
  const { items } = (await second('GET /console-api/templates')).body
  assert.match(JSON.stringify(items), /"id":"cn-s1-sms","channel":"sms","kind":"reminder"/)
  const { variants } = (await second(`GET ${AT}`)).body
  assert.match(JSON.stringify(variants), /"language":"zh-CN".*"parts":2,"findings":\[\]/)
  assert.equal((await second('GET /console-api/templates/none')).status, 404)
})

test('a text is linted as it is typed, and what the rules refuse is not kept', async () => {
  const { variants } = (await writer(`POST ${AT}/check`, { source: forbidden })).body
  assert.match(JSON.stringify(variants), /"blocks":true.*"mend":\{"zh":/)
  const kept = await writer(`POST ${AT}/drafts`, { source: forbidden, note: 'harder' })
  assert.deepEqual(
    [kept.status, kept.body.code, kept.body.field],
    [422, 'template.invalid', 'source'],
  )
  const odd = (await writer(`POST ${AT}/check`, { source: 'id: [' })).body
  assert.match(JSON.stringify(odd.problems), /"line":1/)
  const other = (await writer(`POST ${AT}/check`, { source: source.replace(ID, 'cn-s2-sms') })).body
  assert.match(JSON.stringify(other.problems), /a template keeps its id/)
  assert.equal((await db.query('select 1 from template_draft')).length, 0)
})

test('an unreleased draft is never sent; released by another person it is what the next batch sends', async () => {
  const { status, body } = await writer(`POST ${AT}/drafts`, { source: changed, note: 'kinder' })
  assert.equal(status, 200, JSON.stringify(body))
  const before = await sent()
  assert.ok(before.length > 0 && before.every((text) => !text.includes(MARK)))
  const review = `POST /console-api/template-drafts/${body.id}/review`
  const own = await writer(review, { verdict: 'released', note: 'good' })
  assert.deepEqual([own.status, own.body.code], [409, 'template.not_reviewable'])
  assert.equal((await agent(review, { verdict: 'released', note: 'good' })).status, 403)
  assert.equal((await second(review, { verdict: 'released', note: 'good' })).status, 200)
  assert.equal((await second(review, { verdict: 'released', note: 'x' })).status, 409)
  const now = await sent()
  assert.ok(now.length > 0 && now.every((text) => text.includes(MARK)), JSON.stringify(now))
  assert.equal((await writer(`GET ${AT}`)).body.source, changed)
})

test('a roll-back to the shipped text takes effect on the next batch, and a released one can come back', async () => {
  const [draft] = await db.query<{ id: string }>(
    'select template_draft_id as id from template_draft',
  )
  const back = `POST ${AT}/roll-back`
  assert.equal((await second(back, { draftId: null, reason: 'complaints' })).status, 200)
  const shipped = await sent()
  assert.ok(shipped.length > 0 && shipped.every((text) => !text.includes(MARK)))
  const unknown = await second(back, { draftId: '999', reason: 'x' })
  assert.equal(unknown.status, 404)
  assert.equal((await second(back, { draftId: draft?.id, reason: 'better after all' })).status, 200)
  const again = await sent()
  assert.ok(again.length > 0 && again.every((text) => text.includes(MARK)))
  const trail = await db.query<{ action: string }>(
    `select action from audit_event where subject = 'template ${ID}' order by audit_event_id`,
  )
  assert.deepEqual(
    trail.map(({ action }) => action),
    ['template.drafted', 'template.released', 'template.rolled_back', 'template.rolled_back'],
  )
})

test('a template of a new name is in force once it is released, for strategies too', async () => {
  const fresh = changed.replace(ID, 'cn-extra-sms')
  const at = '/console-api/templates/cn-extra-sms'
  const { body } = await writer(`POST ${at}/drafts`, { source: fresh, note: 'one more' })
  assert.equal((await writer(`GET ${at}`)).status, 404)
  const review = `POST /console-api/template-drafts/${body.id}/review`
  assert.equal((await second(review, { verdict: 'released', note: 'ok' })).status, 200)
  assert.equal((await writer(`GET ${at}`)).body.hasShipped, false)
  assert.equal((await second(`POST ${at}/roll-back`, { draftId: null, reason: 'x' })).status, 404)
})
