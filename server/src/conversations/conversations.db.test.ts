import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import type { InboundItem, InboundMessage, ProviderReceipt } from '../channels/inbound.ts'
import { makeUnsubscribeToken } from '../channels/unsubscribe-token.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import {
  type ConversationContext,
  processWaitingInbound,
  receiveInbound,
  unsubscribe,
} from './index.ts'

const AT = Date.UTC(2026, 10, 24, 4)
const PERMIT = '018f6f3a-0000-7000-8000-0000000000aa'
const sealer = createTestSealer()
const db = await openTestDatabase()
let receipts: ProviderReceipt[] = []
let people = 0

const context: ConversationContext = {
  db,
  sealer,
  reactions: createReactions(),
  receipts: async (_tx, batch) => {
    receipts.push(...batch)
  },
  stopWords: ['R', 'T', 'TD', 'N', 'STOP', '停止', '退订', '拒收', '不要再发'],
  countryCode: '86',
}
await db.run(`insert into portfolio (name, lender, country, currency, zones, packs, collector_role,
    strategy, contact_line, complaint_line) values ('p', 'l', 'CN', 'CNY', '{Asia/Shanghai}', '{cn}',
    'original-creditor', 's', '400', '401')`)
await db.run(`insert into provider_account (name, channel, adapter, collection_content)
    values ('sms', 'sms', 'smpp', true), ('mail', 'email', 'smtp', true)`)

type Person = { borrowerId: string; phone: string; email: string }

async function aBorrower(change: { phone?: string } = {}): Promise<Person> {
  people += 1
  const phone = change.phone ?? `1990000${String(people).padStart(4, '0')}`
  const email = `p${people}@example.com`
  const [row] = await db.query<{ borrower_id: string }>(
    `insert into borrower (lender, borrower_no, sealed, person_hash, country, zones, language)
     values ('l', $1, '', '', 'CN', '{Asia/Shanghai}', 'zh-CN') returning borrower_id`,
    [`b${people}`],
  )
  const borrowerId = row?.borrower_id ?? ''
  await db.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency) values ($1, 1, $2, 'CNY')`,
    [borrowerId, `loan-${people}`],
  )
  for (const [kind, value] of [
    ['phone', `+86${phone}`],
    ['email', email],
  ] as const) {
    await db.run(
      `insert into contact_point (borrower_id, kind, sealed, value_hash, masked)
       values ($1, $2, '', $3, '***')`,
      [borrowerId, kind, sealer.hash(kind, value)],
    )
  }
  return { borrowerId, phone, email }
}

function sms(from: string, text: string, change: Partial<InboundMessage> = {}): InboundMessage {
  return {
    ...{ kind: 'message', accountId: '1', channel: 'sms', from, to: '106900001', text },
    ...{ subject: null, permitId: null, isAutomatic: false, raw: '', at: instant(AT) },
    dedupeKey: `${from} ${text}`,
    ...change,
  }
}

async function stateOf(borrowerId: string): Promise<Record<string, unknown>> {
  const [row] = await db.query<Record<string, unknown>>(
    `select
       (select count(*)::int from hold where borrower_id = $1 and kind = 'channel-stop') as holds,
       (select string_agg(channel, ',') from hold where borrower_id = $1) as channels,
       (select count(*)::int from message where borrower_id = $1) as messages,
       (select string_agg(class, ',') from message where borrower_id = $1) as classes,
       (select count(*)::int from attempt where borrower_id = $1 and direction = 'inbound') as attempts,
       (select count(*)::int from conversation where borrower_id = $1 and state = 'open') as open,
       (select string_agg(event, ',' order by outbox_id) from outbox where borrower_id = $1) as events`,
    [borrowerId],
  )
  return row ?? {}
}

async function rawErrors(): Promise<unknown[]> {
  const rows = await db.query<{ error: string | null }>(
    'select error from inbound_raw order by inbound_raw_id desc limit 1',
  )
  return rows.map(({ error }) => error)
}

test('a stop word has stopped its channel when the provider is answered, and only that channel', async () => {
  const { borrowerId, phone } = await aBorrower()
  await receiveInbound(context, sms(phone, ' Ｒ。'))
  assert.deepEqual(await stateOf(borrowerId), {
    holds: 1,
    channels: 'sms',
    messages: 1,
    classes: 'stop',
    attempts: 1,
    open: 0,
    events: 'hold.started,message.received',
  })
})

test('the same message offered again, at once or side by side, is one message', async () => {
  const { borrowerId, phone } = await aBorrower()
  const again = sms(phone, '我下周还')
  await Promise.all(Array.from({ length: 6 }, () => receiveInbound(context, again)))
  await receiveInbound(context, { ...again, at: instant(AT + 60_000) })
  const { messages, attempts, open } = await stateOf(borrowerId)
  assert.deepEqual({ messages, attempts, open }, { messages: 1, attempts: 1, open: 1 })
  await receiveInbound(context, { ...again, at: instant(AT + 3_600_000) })
  assert.equal((await stateOf(borrowerId)).messages, 2)
})

test('saying stop twice holds once; other words go on in one conversation', async () => {
  const { borrowerId, phone } = await aBorrower()
  for (const text of ['请问怎么还款？', '你们是谁', '退订', 'TD'])
    await receiveInbound(context, sms(`86${phone}`.replace(/^86/, ''), text))
  assert.deepEqual(await stateOf(borrowerId), {
    holds: 1,
    channels: 'sms',
    messages: 4,
    classes: 'question,question,stop,stop',
    attempts: 4,
    open: 1,
    events:
      'message.received,conversation.opened,message.received,hold.started,message.received,message.received',
  })
})

test('a number that several borrowers gave stops for all of them', async () => {
  const phone = '19900009999'
  const [one, two] = [await aBorrower({ phone }), await aBorrower({ phone })]
  await receiveInbound(context, sms(`+86${phone}`, 'STOP'))
  assert.equal((await stateOf(one.borrowerId)).holds, 1)
  assert.equal((await stateOf(two.borrowerId)).holds, 1)
})

test('an unknown sender is kept as it came and changes nothing', async () => {
  await receiveInbound(context, sms('19900008888', 'R'))
  assert.deepEqual(await rawErrors(), ['unknown sender'])
})

test('hostile text is kept word for word and does nothing', async () => {
  const { borrowerId, phone } = await aBorrower()
  const hostile = `'; drop table borrower; -- {{ lender }} <script>\u0000\u202eR\ud800 ${'😈'.repeat(3000)}`
  await receiveInbound(context, sms(phone, hostile, { dedupeKey: 'hostile' }))
  const { classes, holds } = await stateOf(borrowerId)
  assert.deepEqual({ classes, holds }, { classes: 'unsure', holds: 0 })
  const [row] = await db.query<{ sealed_body: Buffer }>(
    'select sealed_body from message where borrower_id = $1',
    [borrowerId],
  )
  const body: { text: string } = JSON.parse(sealer.open(row?.sealed_body ?? Buffer.alloc(0)))
  assert.equal(body.text, hostile)
})

function part(from: string, sequence: number, text: string, change: object = {}): InboundItem {
  return {
    ...{ kind: 'part', accountId: '1', channel: 'sms', from, to: '106900001', text, raw: '' },
    ...{ reference: 7, total: 3, sequence, at: instant(AT), dedupeKey: `${from} ${sequence}` },
    ...change,
  }
}

async function bodiesOf(borrowerId: string): Promise<string[]> {
  const rows = await db.query<{ sealed_body: Buffer }>(
    'select sealed_body from message where borrower_id = $1 order by message_id',
    [borrowerId],
  )
  return rows.map(({ sealed_body }) => JSON.parse(sealer.open(sealed_body)).text)
}

test('parts in any order, twice and side by side make one message', async () => {
  const { borrowerId, phone } = await aBorrower()
  const parts = [
    part(phone, 3, '三'),
    part(phone, 1, '一'),
    part(phone, 3, '三'),
    part(phone, 2, '二'),
  ]
  await Promise.all(parts.map((item) => receiveInbound(context, item)))
  assert.deepEqual(await bodiesOf(borrowerId), ['一二三'])
})

test('a long message whose part never came is understood without it after the wait', async () => {
  const { borrowerId, phone } = await aBorrower()
  await receiveInbound(context, part(phone, 1, '一'))
  await receiveInbound(context, part(phone, 3, '三'))
  assert.deepEqual(await bodiesOf(borrowerId), [])
  await processWaitingInbound(context, instant(AT + 60_000))
  assert.deepEqual(await bodiesOf(borrowerId), [])
  await processWaitingInbound(context, instant(AT + 11 * 60_000))
  assert.deepEqual(await bodiesOf(borrowerId), ['一[…]三'])
})

test('a crash between storing and understanding loses nothing and doubles nothing', async () => {
  const { borrowerId, phone } = await aBorrower()
  const broken = { ...context, stopWords: new Proxy([], { get: () => assert.fail('crash') }) }
  await assert.rejects(receiveInbound(broken, sms(phone, 'R')))
  assert.equal((await stateOf(borrowerId)).holds, 0)
  await receiveInbound(context, sms(phone, 'R', { at: instant(AT + 5_000) }))
  await receiveInbound(context, sms(phone, 'R', { at: instant(AT + 9_000) }))
  const { holds, messages } = await stateOf(borrowerId)
  assert.deepEqual({ holds, messages }, { holds: 1, messages: 1 })

  await assert.rejects(receiveInbound(broken, sms(phone, '明天还')))
  await processWaitingInbound(context, instant(AT + 11 * 60_000))
  assert.deepEqual(await bodiesOf(borrowerId), ['R', '明天还'])
})

async function sentMail({ borrowerId }: Person, permitId: string): Promise<void> {
  await db.run(`select ensure_month_partitions('attempt', '2026-11-01', '2026-11-30')`)
  await db.run(
    `insert into attempt (borrower_id, created_on, portfolio_id, contact_point_id, channel, direction,
       purpose, state, at, permit_id, provider_message_id)
     select $1, '2026-11-24', 1, contact_point_id, 'email', 'outbound', 'collect', 'sent', $2, $3, $4
     from contact_point where borrower_id = $1 and kind = 'email'`,
    [borrowerId, '2026-11-24T01:00:00Z', permitId, permitId],
  )
}

async function healthOf({ borrowerId }: Person): Promise<unknown> {
  const rows = await db.query<{ health: string }>(
    `select health from contact_point where borrower_id = $1 and kind = 'email'`,
    [borrowerId],
  )
  return rows[0]?.health
}

test('a hard bounce makes the address dead and the mail failed; a soft one only fails or says nothing', async () => {
  const person = await aBorrower()
  await sentMail(person, PERMIT)
  const bounce = (severity: 'hard' | 'soft', isFinal: boolean, status: string): InboundItem => ({
    ...{ kind: 'bounce', accountId: '2', channel: 'email', permitId: PERMIT, severity, isFinal },
    ...{ status, diagnostic: 'no', raw: '', at: instant(AT), dedupeKey: `bounce ${status}` },
  })
  receipts = []
  await receiveInbound(context, bounce('soft', false, '4.4.7'))
  assert.deepEqual([await healthOf(person), receipts.length], ['ok', 0])
  await receiveInbound(context, bounce('soft', true, '5.2.2'))
  assert.deepEqual([await healthOf(person), receipts.length], ['ok', 1])
  await receiveInbound(context, bounce('hard', true, '5.1.1'))
  await receiveInbound(context, bounce('hard', true, '5.1.1'))
  assert.equal(await healthOf(person), 'dead')
  assert.deepEqual(
    receipts.map(({ providerMessageId, line }) => [providerMessageId, line]),
    [
      [PERMIT, 'failed'],
      [PERMIT, 'failed'],
    ],
  )
})

test('a complaint to the mailbox provider stops email', async () => {
  const person = await aBorrower()
  const permitId = PERMIT.replace('aa', 'bb')
  await sentMail(person, permitId)
  await receiveInbound(context, {
    ...{
      kind: 'complaint',
      accountId: '2',
      channel: 'email',
      permitId,
      feedback: 'abuse',
      raw: '',
    },
    ...{ at: instant(AT), dedupeKey: 'complaint 1' },
  })
  const { holds, channels, classes } = await stateOf(person.borrowerId)
  assert.deepEqual(
    { holds, channels, classes },
    { holds: 1, channels: 'email', classes: 'complaint' },
  )
})

test('a reply from another address is known by the letter it answers', async () => {
  const person = await aBorrower()
  const permitId = PERMIT.replace('aa', 'cc')
  await sentMail(person, permitId)
  const mail = { channel: 'email' as const, accountId: '2', permitId, subject: 'Re: 账户通知' }
  await receiveInbound(context, sms('other@example.org', '已还', mail))
  assert.deepEqual(await bodiesOf(person.borrowerId), ['已还'])
})

test('an out-of-office note is kept and opens nothing', async () => {
  const person = await aBorrower()
  await receiveInbound(
    context,
    sms(person.email, '我在休假', { channel: 'email', isAutomatic: true }),
  )
  const { open, messages } = await stateOf(person.borrowerId)
  assert.deepEqual({ open, messages }, { open: 0, messages: 1 })
})

test('one click stops email; clicking again is the same; a forged token does nothing', async () => {
  const { borrowerId } = await aBorrower()
  const claim = { borrowerId, partyId: null, channel: 'email' as const }
  const token = makeUnsubscribeToken(sealer, claim)
  const at = instant(AT)
  assert.deepEqual(await unsubscribe(context, { token, at }), {
    ok: true,
    value: { channel: 'email' },
  })
  assert.equal((await unsubscribe(context, { token, at })).ok, true)
  const { holds, channels, events } = await stateOf(borrowerId)
  assert.deepEqual(
    { holds, channels, events },
    { holds: 1, channels: 'email', events: 'hold.started' },
  )
  const forged = makeUnsubscribeToken(createTestSealer(), claim)
  for (const wrong of [forged.slice(0, -2), token.slice(1), '', 'x'.repeat(5000), '../..']) {
    assert.equal((await unsubscribe(context, { token: wrong, at })).ok, false)
  }
})
