import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type ImapServer, startImapServer } from '../../sandbox/src/index.ts'
import { bounceAddress, replyAddress } from './channels/email/signed-address.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import {
  ANSWERS_TO,
  addLetter,
  addMailBook,
  aMail,
  heard,
  MAILBOX_PASSWORD,
  type MailboxOptions,
  openMailbox,
  signingKey,
} from './test-mailbox.ts'

const DEADLINE_MS = 5_000
const WANG = 'wang@example.com'
const LI = 'li@example.com'
const PERMIT = '018f6f3a-0000-7000-8000-0000000000aa'
const BOUNCES = bounceAddress(PERMIT, {
  bounceDomain: 'bounce.lender.example.com',
  verpKey: signingKey(),
})
const TAGGED = replyAddress(PERMIT, { replyTo: ANSWERS_TO, verpKey: signingKey() })

async function ground(options: Omit<MailboxOptions, 'imapPort'> = {}) {
  const db = await openTestDatabase()
  await addMailBook(db, [WANG, LI])
  await addLetter(db, 1, PERMIT)
  const server = await startImapServer({ port: 0, password: MAILBOX_PASSWORD })
  after(server.close)
  const open = () => {
    const provider = openMailbox(db, { imapPort: server.port, ...options })
    after(provider.channel.close)
    const take = provider.chores?.[0]?.work
    assert.ok(take !== undefined)
    return { provider, take }
  }
  return { db, server, open, ...open() }
}

function takenIn({ mailbox }: ImapServer): readonly boolean[] {
  return mailbox.mails('INBOX').map(({ flags }) => flags.has('DunlinTaken'))
}

test('an answer in a mailbox stops its channel, opens the conversation and bears the mark, once', async () => {
  const { db, server, take, open } = await ground()
  server.deliver(aMail({ from: WANG, text: '退订', id: 'one' }))
  server.deliver(aMail({ from: LI, text: '我下周五发工资就还', id: 'two' }))
  assert.equal(await take(), 2)
  assert.deepEqual(takenIn(server), [true, true])
  assert.deepEqual(await heard(db), [
    { borrowerId: '1', class: 'stop', text: '退订' },
    { borrowerId: '2', class: 'promise', text: '我下周五发工资就还' },
  ])
  const holds = await db.query(`select borrower_id, kind, channel from hold`)
  assert.deepEqual(holds, [{ borrower_id: '1', kind: 'channel-stop', channel: 'email' }])
  assert.equal(await take(), 0)
  assert.equal(await open().take(), 0)
  assert.equal(server.reads(), 2)
})

test('a mail that the server announces is taken without waiting for the next search', async () => {
  const { db, server, take } = await ground()
  assert.equal(await take(), 0)
  const deadline = performance.now() + DEADLINE_MS
  // The client begins to wait for news a moment after its last command.
  await until(async () => {
    if (server.mailbox.mails('INBOX').length === 0 && server.isAwaited()) {
      server.deliver(aMail({ from: WANG, text: '好的', id: 'told' }))
    }
    return (await take()) === 1
  }, deadline)
  assert.equal((await heard(db)).length, 1)
})

test('whose words they are: the letter answered, the tagged address, else the sender’s address', async () => {
  const { db, server, take } = await ground()
  const answers = `References: <x@y> <${PERMIT}@bounce.lender.example.com>`
  const stranger = 'office@example.org'
  server.deliver(aMail({ from: stranger, text: '一', id: 'a', head: [answers] }))
  server.deliver(aMail({ from: stranger, text: '二', id: 'b', to: TAGGED }))
  server.deliver(aMail({ from: LI, text: '三', id: 'c' }))
  server.deliver(aMail({ from: LI, text: '四', id: 'd', head: [answers] }))
  const forged = TAGGED.replace('00aa', '00ab')
  server.deliver(aMail({ from: stranger, text: '五', id: 'e', to: forged }))
  assert.equal(await take(), 5)
  assert.deepEqual(
    (await heard(db)).map(({ borrowerId, text }) => `${borrowerId} ${text}`),
    ['1 一', '1 二', '2 三', '1 四'],
  )
  const kept = await db.query(`select error from inbound_raw where error is not null`)
  assert.deepEqual(kept, [{ error: 'unknown sender' }])
})

const STATUS = [
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mail.example.com',
  `X-Postfix-Sender: rfc822; ${BOUNCES}`,
  '',
  'Final-Recipient: rfc822; wang@example.com',
  'Action: failed',
  'Status: 5.1.1',
]
const FEEDBACK = [
  'Content-Type: message/feedback-report',
  '',
  'Feedback-Type: abuse',
  `Original-Mail-From: <${BOUNCES}>`,
]

function aReport(part: readonly string[], change: { readonly to?: string } = {}): string {
  return [
    'Return-Path: <>',
    'From: <mailer-daemon@mail.example.com>',
    `To: <${change.to ?? ANSWERS_TO}>`,
    'Subject: Undelivered Mail',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; boundary=b',
    ...['', '--b', 'Content-Type: text/plain', '', '活不下去了 I want to die', '', '--b'],
    ...part,
    ...['', '--b--', ''],
  ].join('\r\n')
}

test('machines are not taken for the borrower: reports count by our signature, notes are kept unread', async () => {
  const { db, server, take } = await ground()
  const unsigned = STATUS.filter((line) => !line.includes('Postfix'))
  server.deliver(aReport(FEEDBACK))
  server.deliver(aReport(STATUS))
  server.deliver(aReport(unsigned, { to: BOUNCES }))
  server.deliver(aReport(unsigned))
  for (const [id, head] of [
    ['n1', ['Auto-Submitted: auto-replied']],
    ['n2', ['Return-Path: <>']],
    ['n3', ['Precedence: bulk']],
  ] as const) {
    server.deliver(aMail({ from: LI, text: '我想死，不想活了', id, head }))
  }
  server.deliver(
    aMail({ from: LI, text: '我想死', id: 'n4' }).replace(/^Subject: .*$/m, 'Subject: 自动回复:x'),
  )
  assert.equal(await take(), 8)
  assert.deepEqual(
    (await heard(db)).map((one) => `${one.borrowerId} ${one.class}`),
    ['1 complaint', '1 bounce', '1 bounce', '2 other', '2 other', '2 other', '2 other'],
  )
  const [{ health } = { health: '' }] = await db.query<{ health: string }>(
    'select health from contact_point where borrower_id = 1',
  )
  assert.equal(health, 'dead')
  assert.deepEqual(await db.query('select 1 from conversation'), [])
  assert.deepEqual(await db.query('select 1 from hold where borrower_id = 2'), [])
})

test('whatever breaks between storing and marking, and a folder made anew, doubles nothing', async () => {
  const { db, server, take } = await ground()
  for (const id of ['a', 'b', 'c']) server.deliver(aMail({ from: WANG, text: `还${id}`, id }))
  server.deliver(aMail({ from: WANG, text: '没有编号' }))
  server.misbehave({ dropMarkNext: 1 })
  await assert.rejects(async () => take())
  assert.equal((await heard(db)).length, 4)
  assert.deepEqual(takenIn(server), [false, false, false, false])
  const again = openMailbox(db, { imapPort: server.port })
  after(again.channel.close)
  server.misbehave({ forgetMarkNext: 1 })
  assert.equal(await again.chores?.[0]?.work(), 0)
  assert.equal(server.reads(), 4)
  server.mailbox.makeAnew('INBOX')
  const later = openMailbox(db, { imapPort: server.port })
  after(later.channel.close)
  assert.equal(await later.chores?.[0]?.work(), 4)
  assert.equal((await heard(db)).length, 4)
  assert.deepEqual(takenIn(server), [true, true, true, true])
  const rows = await db.query('select uid from imap_mail where taken_at is null')
  assert.deepEqual(rows, [])
})

test('with a folder for taken mail it is moved there; a server without keywords needs one', async () => {
  const { db, server, take } = await ground({ imap: { takenFolder: 'Taken' } })
  server.misbehave({ isWithoutKeywords: true })
  server.deliver(aMail({ from: WANG, text: '好', id: 'm' }))
  assert.equal(await take(), 1)
  assert.equal(server.mailbox.mails('INBOX').length, 0)
  assert.equal(server.mailbox.mails('Taken').length, 1)
  const flagging = openMailbox(db, { imapPort: server.port })
  after(flagging.channel.close)
  await assert.rejects(async () => flagging.chores?.[0]?.work(), /takenFolder/)
  assert.match(String(flagging.health().lastError), /takenFolder/)
})

test('a mail that is not stored stays unmarked, the others go on, and it is taken when it can be', async () => {
  const { db, server, take } = await ground()
  for (const id of ['a', 'b']) server.deliver(aMail({ from: WANG, text: `还${id}`, id }))
  await db.run(`create function refuse() returns trigger language plpgsql as $$ begin
    if (select count(*) from message) = 0 then raise 'no room'; end if; return new; end $$`)
  await db.run(
    'create trigger refuse before insert on message for each row when (new.borrower_id = 1) execute function refuse()',
  )
  server.deliver(aMail({ from: LI, text: '三', id: 'c' }))
  assert.equal(await take(), 1)
  assert.deepEqual(takenIn(server), [false, false, true])
  server.deliver(aMail({ from: LI, text: '四', id: 'd' }))
  const later = openMailbox(db, { imapPort: server.port })
  after(later.channel.close)
  assert.equal(await later.chores?.[0]?.work(), 3)
  assert.equal((await heard(db)).length, 4)
})

test('hostile mails are kept, end nothing, and a person is asked where the sender is known', async () => {
  const { db, server, take } = await ground()
  const parts = '--x\r\nContent-Type: text/plain\r\n\r\na\r\n'.repeat(20_000)
  const hostile = [
    `From: <${WANG}>\r\nX: ${'b'.repeat(3_000_000)}\r\n\r\nx`,
    `From: <${WANG}>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${parts}`,
    'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000),
    `From: <${LI}>\r\nMessage-ID: <bad@x>\r\nContent-Type: text/plain; charset=x-no-such\r\n\r\n\xff\xfe好`,
    `From: <<<>>>\r\nTo: ${'a@b.example, '.repeat(5_000)}\r\nReferences: ${'<a@b> '.repeat(10_000)}\r\n\r\n`,
    'Subject: =?utf-8?b?////?=\r\nDelivered-To: \r\nContent-Transfer-Encoding: base64\r\n\r\n@@@@',
    '',
  ]
  for (const raw of hostile) server.deliver(raw)
  server.deliver(aMail({ from: WANG, text: '还在', id: 'alive' }))
  assert.equal(await take(), hostile.length + 1)
  assert.equal(takenIn(server).every(Boolean), true)
  const words = await heard(db)
  assert.deepEqual(
    words.map(({ borrowerId }) => borrowerId),
    ['1', '1', '2', '1'],
  )
  assert.equal(words.at(-1)?.text, '还在')
  const raw = await db.query('select 1 from inbound_raw where processed_at is not null')
  assert.equal(raw.length, hostile.length + 1)
  const [asked] = await db.query<{ reason: string }>(
    `select needs_person_reason as reason from conversation where borrower_id = 1`,
  )
  assert.equal(asked?.reason, 'unsure')
})

test('a mail larger than the limit is read up to it, and health counts it', async () => {
  const { db, server, take, provider } = await ground()
  const file = 'QUJD'.repeat(3_000_000)
  const body = [
    ...['--p', 'Content-Type: text/plain; charset=utf-8', '', '附上凭证', '--p'],
    ...['Content-Type: image/png; name=a.png', 'Content-Transfer-Encoding: base64', '', file],
    ...['--p--', ''],
  ].join('\r\n')
  const head = [`From: <${WANG}>`, 'Message-ID: <big@x>', 'MIME-Version: 1.0']
  const type = 'Content-Type: multipart/mixed; boundary=p'
  server.deliver([...head, type, '', body].join('\r\n'))
  assert.equal(await take(), 1)
  assert.equal((await heard(db))[0]?.text, '附上凭证')
  assert.equal(provider.health().inboxCut, 1)
})

test('a wrong password is told without the address, and doctor’s look reads nothing', async () => {
  const { db, server } = await ground()
  server.deliver(aMail({ from: WANG, text: '好', id: 'x' }))
  const wrong = openMailbox(db, { imapPort: server.port, password: 'wrong' })
  after(wrong.channel.close)
  await assert.rejects(async () => wrong.chores?.[0]?.work(), /AUTHENTICATIONFAILED/)
  assert.equal(String(wrong.health().lastError).includes('@'), false)
  // It rests before it tries again.
  assert.equal(await wrong.chores?.[0]?.work(), 0)
  assert.equal(server.reads(), 0)
})

async function until(isTrue: () => Promise<boolean>, deadline: number): Promise<void> {
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, 'waited in vain')
    await new Promise((done) => setTimeout(done, 5))
  }
}
