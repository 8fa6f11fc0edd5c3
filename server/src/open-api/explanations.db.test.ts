import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionExplanationResponse, explanationResponse } from '@dunlin/contract'
import { dispatchDue } from '../contact/index.ts'
import { aSink } from '../contact/test-gate.ts'
import { anApi, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, gate, clock } = api
await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
const decided = await db.query<{ id: string; attempt: string; verdict: string; rules: string[] }>(
  `select borrower_id || '-' || decision_id as id, borrower_id || '-' || attempt_id as attempt, verdict, rules
   from decision order by decision_id`,
)
const [first] = decided
assert.ok(first)

test('a decision is told from what is stored with it: the same answer, its rules among those considered, its packs', async () => {
  for (const { id, attempt, verdict, rules } of decided) {
    const { json } = await call(`GET /api/v1/decisions/${id}/explanation`)
    const told = decisionExplanationResponse.parse(json)
    assert.equal(told.answer.verdict, verdict)
    assert.deepEqual([told.decision.id, told.decision.attemptId], [id, attempt])
    assert.ok(told.decision.isSame)
    assert.match(told.packs.join(), /^cn \d{4}-\d\d-\d\d.*lender-default/)
    const known = JSON.stringify([told.considered, told.answer])
    for (const rule of rules) assert.ok(known.includes(`"${rule}"`), rule)
    const byAttempt = await call(`GET /api/v1/attempts/${attempt}/explanation`)
    assert.deepEqual(byAttempt.json, json)
    const { json: contact } = await call(`GET /api/v1/attempts/${attempt}`)
    assert.match(JSON.stringify(contact), new RegExp(`"decision":{"id":"${id}"`))
  }
})

test('the page of a decision is whole by itself, in Chinese and in English, and behind the key', async () => {
  const page = `GET /decisions/${first.id}`
  assert.equal(problemOf(await call(page, { key: undefined })), '401 auth.missing')
  for (const [asked, language] of [
    ['', 'zh-CN'],
    ['?lang=en', 'en'],
  ]) {
    const { status, type, bytes } = await call(`${page}${asked}`)
    const html = bytes.toString()
    assert.deepEqual([status, type], [200, 'text/html; charset=utf-8'])
    assert.match(html, new RegExp(`<html lang="${language}">`))
    assert.ok(html.includes(first.id))
    assert.doesNotMatch(html, /<script|src=|url\(/)
  }
})

test('there is no explanation of a decision that was not made, nor of another borrower’s', async () => {
  const [, decision = ''] = first.id.split('-')
  for (const id of ['1-999999999', `999999999-${decision}`]) {
    const answer = await call(`GET /api/v1/decisions/${id}/explanation`)
    assert.equal(problemOf(answer), '404 resource.not_found id')
  }
})

test('what would be said of a contact that nobody asked for is told alike, and stores nothing', async () => {
  const question = {
    policy: ['cn'],
    facts: {
      borrower: { country: 'CN' },
      parties: [{ id: 'p1', relation: 'borrower' }],
      points: [{ id: 't1', party: 'p1', kind: 'phone' }],
    },
    intent: { at: '2026-06-01T23:00:00+08:00', channel: 'call', party: 'p1', point: 't1' },
  }
  const { json } = await call('POST /api/v1/gate/explanations', { body: question })
  const told = explanationResponse.parse(json)
  assert.equal(told.answer.until, '2026-06-02T00:00:00Z')
  assert.ok(told.changes.some(({ leadsTo }) => leadsTo === 'permit'))
  const unread = { ...question, facts: { parties: 'p1' } }
  const refused = await call('POST /api/v1/gate/explanations', { body: unread })
  assert.equal(problemOf(refused), '400 request.invalid facts')
  const [after] = await db.query<{ count: string }>('select count(*) as count from decision')
  assert.equal(Number(after?.count), decided.length)
})

test('after the facts of a decision are erased, its page says so instead of telling less', async () => {
  await db.run('delete from decision_payload where borrower_id = $1', [
    first.id.split('-')[0] ?? '',
  ])
  const answer = await call(`GET /api/v1/decisions/${first.id}/explanation`)
  assert.equal(problemOf(answer), '410 evidence.erased id')
})
