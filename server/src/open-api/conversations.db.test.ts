import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant, required } from '@dunlin/kernel'
import { z } from 'zod'
import type { InboundMessage } from '../channels/inbound.ts'
import { dispatchDue } from '../contact/index.ts'
import { aSink } from '../contact/test-gate.ts'
import { type ConversationContext, receiveInbound, takeMessage } from '../conversations/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import { applySettings } from '../people/index.ts'
import { type Api, anApi, caseOf, KEYS, NOON, problemOf } from './test-api.ts'

const PHONES = { B1: '+8619900000001', B2: '+8619900000002' } as const
type Who = keyof typeof PHONES

function contextOf({ db, gate, reactions }: Api): ConversationContext {
  return {
    ...{ db, sealer: gate.sealer, reactions, receipts: async () => undefined },
    ...{ stopWords: ['R', 'TD', '退订'], countryCode: '86' },
  }
}

let arrivals = 0

/** What a person writes; when this resolves the provider has been answered. */
async function say(api: Api, who: Who, text: string): Promise<void> {
  arrivals += 1
  const message: InboundMessage = {
    ...{ kind: 'message', accountId: '1', channel: 'sms', from: PHONES[who], to: '1069', text },
    ...{ subject: null, permitId: null, isAutomatic: false, raw: '' },
    ...{ at: instant(api.clock.now() + arrivals), dedupeKey: `${arrivals}` },
  }
  await receiveInbound(contextOf(api), message)
}

async function standing(api: Api, who: Who): Promise<Record<string, unknown>> {
  const [row] = await api.db.query<Record<string, unknown>>(
    `select (select string_agg(kind || coalesce(' ' || channel, ''), ', ' order by hold_id) from hold h
         where h.borrower_id = b.borrower_id and to_at is null) as holds,
       (select health from contact_point p where p.borrower_id = b.borrower_id and kind = 'phone') as health,
       (select needs_person_reason from conversation v where v.borrower_id = b.borrower_id and state = 'open') as person,
       (select string_agg(class, ' ' order by message_id) from message m where m.borrower_id = b.borrower_id) as classes
     from borrower b where borrower_no = $1`,
    [who],
  )
  return row ?? {}
}

/** Sends what is due; what became of the contact planned for a person. */
async function sentTo(api: Api, who: Who): Promise<string[]> {
  const outlets = [aSink('sms', api.clock), aSink('email', api.clock)]
  await dispatchDue({ db: api.db, gate: api.gate, outlets, now: api.clock.now })
  const rows = await api.db.query<{ state: string; reason: string | null }>(
    `select state, reason from attempt join borrower using (borrower_id)
     where borrower_no = $1 and direction = 'outbound'`,
    [who],
  )
  return rows.map(({ state }) => state)
}

async function threadOf(api: Api, who: Who): Promise<string> {
  const [row] = await api.db.query<{ id: string }>(
    `select conversation_id as id from conversation join borrower using (borrower_id)
     where borrower_no = $1 order by conversation_id desc limit 1`,
    [who],
  )
  return row?.id ?? ''
}

async function withAgents(api: Api): Promise<void> {
  const agents = [
    { login: 'li', name: 'Li', certifiedUntil: '2027-01-01', trainedOn: '2026-05-01' },
    { login: 'new', name: 'New' },
  ]
  await applySettings(api.db, settingsSchema.parse({ agents }), {
    sealer: api.gate.sealer,
    at: NOON,
  })
}

test('stop, wrong person, dispute and distress are in force when the provider is answered: nothing more goes out', async () => {
  const cases = [
    ['麻烦别再给我发短信了', { holds: 'channel-stop sms', health: 'ok', person: null }],
    ['你打错了，我不认识这个人', { holds: null, health: 'wrong-person', person: null }],
    ['我从来没有在你们这借过钱，不是我借的', { holds: 'dispute', health: 'ok', person: null }],
    ['真的活不下去了，我想死', { holds: 'hardship', health: 'ok', person: 'distress' }],
    [
      '你们天天骚扰我家人，我要去投诉你们',
      { holds: 'complaint', health: 'ok', person: 'complaint' },
    ],
    ['我妈昨天去世了，在办后事', { holds: 'bereavement', health: 'ok', person: 'distress' }],
  ] as const
  for (const [text, expected] of cases) {
    const api = await anApi()
    await say(api, 'B2', text)
    const { classes, ...found } = await standing(api, 'B2')
    assert.deepEqual(found, expected, text)
    assert.equal(typeof classes, 'string')
    const before = await api.db.query(`select 1 from attempt where state = 'planned'`)
    assert.ok(before.length >= 2)
    assert.deepEqual(await sentTo(api, 'B2'), ['refused'], text)
  }
})

test('words that stop nothing stop nothing, and the next contact still goes out', async () => {
  for (const text of ['我不会再逾期了，别停我的卡', '我还欠多少？', '明天还', '好的谢谢']) {
    const api = await anApi()
    await say(api, 'B2', text)
    const { holds, health } = await standing(api, 'B2')
    assert.deepEqual([holds, health], [null, 'ok'], text)
    assert.deepEqual(await sentTo(api, 'B2'), ['sent'], text)
  }
})

test('what a message stops is owed a decision: owner, deadline and its words, once however often it is said', async () => {
  const api = await anApi()
  const words = '我从来没有在你们这借过钱，不是我借的'
  await say(api, 'B2', words)
  await say(api, 'B2', '这个账单不对，我没借过')
  const listed = await api.call(`GET /api/v1/matters?caseId=${await caseOf(api.db, 'B2')}`)
  const matters = z
    .array(z.object({ id: z.string(), kind: z.string(), owner: z.string(), dueOn: z.string() }))
    .parse(listed.json.items)
  assert.deepEqual(
    matters.map(({ id: _, ...matter }) => matter),
    [{ kind: 'dispute', owner: 'inbox', dueOn: '2026-06-15' }],
  )
  const id = required(matters[0]?.id, 'a matter')
  const { json } = await api.call(`GET /api/v1/matters/${id}`)
  assert.deepEqual([json.text, json.channel, json.raisedBy], [words, 'sms', 'borrower'])
  const decision = { outcome: 'rejected', reasons: 'the contract is signed' }
  await api.call(`POST /api/v1/matters/${id}/decision`, { body: decision })
  assert.equal((await standing(api, 'B2')).holds, null)
})

test('distress said twice holds once, goes before everything on the worklist, and is told once', async () => {
  const api = await anApi()
  await say(api, 'B1', '你说啥呢这个那个')
  await say(api, 'B2', '我要投诉你们')
  await say(api, 'B1', '我不想活了')
  await say(api, 'B1', '活着没意思，想死')
  assert.equal((await standing(api, 'B1')).holds, 'hardship')
  const worklist = await api.call('GET /api/v1/worklist')
  const first = JSON.stringify(worklist.json).match(/"id":"(\d+)"/)?.[1]
  assert.equal(first, await caseOf(api.db, 'B1'))
  const told = await api.db.query<{ payload: { reason: string } }>(
    `select payload from outbox where event = 'conversation.needs_person' order by outbox_id`,
  )
  const reasons = told.map(({ payload }) => payload.reason)
  assert.equal(reasons.filter((reason) => reason === 'distress').length, 1)
  assert.ok(reasons.includes('complaint'))
})

test('a thread is handed over whole: intents, sums, days, promises and holds, and the reading is kept', async () => {
  const api = await anApi()
  await say(api, 'B2', '我现在没钱，失业了')
  await say(api, 'B2', '周五先还500，可以吗')
  await say(api, 'B2', '这个违约金我不认，金额不对')
  const id = await threadOf(api, 'B2')
  const { status, json } = await api.call(`GET /api/v1/conversations/${id}`)
  assert.equal(status, 200)
  const text = JSON.stringify(json)
  assert.match(text, /"minor":50000/)
  assert.match(text, /"on":"2026-06-05"/)
  assert.match(text, /"kind":"dispute"/)
  assert.match(text, /我现在没钱，失业了/)
  const list = await api.call('GET /api/v1/conversations?state=open', { key: KEYS.read })
  assert.equal(list.status, 200)
  assert.doesNotMatch(JSON.stringify(list.json), /没钱/)
  const reader = await api.call(`GET /api/v1/conversations/${id}`, { key: KEYS.read })
  assert.equal(problemOf(reader), '403 auth.scope')
  const audit = await api.db.query<{ actor: string }>(
    `select actor from audit_event where action = 'conversation.read'`,
  )
  assert.deepEqual(audit, [{ actor: 'writer' }])
  const stored = await api.db.query('select sealed_body from message')
  assert.doesNotMatch(JSON.stringify(stored), /没钱|失业/)
})

test('a certified agent answers through the gate, also while a dispute is held; an uncertified one is refused', async () => {
  const api = await anApi()
  await withAgents(api)
  await say(api, 'B2', '这不是我的贷款，我要求核实')
  const id = await threadOf(api, 'B2')
  const body = { channel: 'sms', text: '您好，我们已收到您的异议，正在核实。', agent: 'new' }
  const path = `POST /api/v1/conversations/${id}/reply`
  const refused = await api.call(path, { body })
  assert.equal(refused.status, 201)
  assert.match(JSON.stringify(refused.json), /"verdict":"refuse"/)
  const answered = await api.call(path, { body: { ...body, agent: 'li' } })
  assert.match(JSON.stringify(answered.json), /"verdict":"permit"/, JSON.stringify(answered.json))
  const outlet = aSink('sms', api.clock)
  await dispatchDue({ db: api.db, gate: api.gate, outlets: [outlet], now: api.clock.now })
  const texts = outlet.given.map(({ content }) => content.text)
  assert.equal(texts.filter((text) => text.includes('我们已收到您的异议')).length, 1)
  const rows = await api.db.query<{ state: string; actor_kind: string; direction: string }>(
    `select state, actor_kind, direction from attempt where template = 'reply-sms' order by attempt_id`,
  )
  assert.deepEqual(
    rows.map(({ state, actor_kind, direction }) => `${state} ${actor_kind} ${direction}`),
    ['refused agent reply', 'sent agent reply'],
  )
  const sealed = await api.db.query(
    'select sealed_reply from attempt where sealed_reply is not null',
  )
  assert.equal(sealed.length, 2)
  assert.doesNotMatch(JSON.stringify(sealed), /异议/)
})

test('an answer that threatens is refused by the gate, and so is one to a stranger', async () => {
  const api = await anApi()
  await withAgents(api)
  await say(api, 'B2', '我还欠多少')
  const path = `POST /api/v1/conversations/${await threadOf(api, 'B2')}/reply`
  const body = { channel: 'sms', text: '再不还钱就让你坐牢，我们会上门抓你', agent: 'li' }
  const answer = await api.call(path, { body })
  assert.match(JSON.stringify(answer.json), /"verdict":"refuse"/)
  for (const [wrong, problem] of [
    [{ ...body, agent: 'nobody' }, '422 conversation.unknown_agent agent'],
    [{ ...body, channel: 'wecom' }, '422 contact.no_point contactPointId'],
    [{ ...body, text: ' ' }, '400 request.invalid text'],
  ] as const) {
    assert.equal(problemOf(await api.call(path, { body: wrong })), problem)
  }
  const contact = { caseId: await caseOf(api.db, 'B2'), channel: 'sms', template: 'reply-sms' }
  const around = await api.call('POST /api/v1/contacts', { body: contact })
  assert.equal(problemOf(around), '422 contact.unknown_template template')
})

test('a conversation is assigned, closed once, and opened anew by the next message; holds stay', async () => {
  const api = await anApi()
  await withAgents(api)
  await say(api, 'B2', '不是我借的，我没借过')
  const id = await threadOf(api, 'B2')
  const call = (what: string, body: object) =>
    api.call(`POST /api/v1/conversations/${id}/${what}`, { body })
  assert.equal((await call('assign', { agent: 'li' })).status, 200)
  const mine = await api.call('GET /api/v1/conversations?agent=li')
  assert.match(JSON.stringify(mine.json), new RegExp(`"id":"${id}"`))
  assert.equal((await call('close', {})).status, 200)
  assert.equal(problemOf(await call('close', {})), '409 conversation.closed id')
  assert.equal(problemOf(await call('assign', { agent: null })), '409 conversation.closed id')
  await say(api, 'B2', '在吗')
  assert.notEqual(await threadOf(api, 'B2'), id)
  assert.equal((await standing(api, 'B2')).holds, 'dispute')
})

test('other channels come through one door: what is said in a portal stops the ways it means', async () => {
  const api = await anApi()
  const [who] = await api.db.query<{ borrower_id: string }>(
    `select borrower_id from borrower where borrower_no = 'B2'`,
  )
  const borrowerId = who?.borrower_id ?? ''
  const taken = await api.db.transaction(async (tx) => {
    await lockBorrowers(tx, [borrowerId])
    return takeMessage(contextOf(api), tx, {
      ...{ sender: { borrowerId, partyId: null, contactPointId: null }, accountId: null },
      ...{ channel: 'portal', at: NOON, subject: null, isAutomatic: false },
      text: '请不要再打电话给我',
    })
  })
  assert.equal(taken?.class, 'stop')
  const { holds } = await standing(api, 'B2')
  assert.match(String(holds), /channel-stop call/)
  await say(api, 'B2', '我还欠多少')
  const open = await api.db.query(`select 1 from conversation where state = 'open'`)
  assert.equal(open.length, 1)
})
