import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { authenticate } from 'mailauth'
import {
  bounceMail,
  complainOfMail,
  type Mail,
  replyByMail,
  startMailServer,
} from '../../../../sandbox/src/index.ts'
import type { InboundItem } from '../inbound.ts'
import { composeMail } from './compose-mail.ts'
import { emailSettings } from './email-settings.ts'
import { listenForMail } from './receive.ts'
import { bounceAddress, readBounceAddress } from './signed-address.ts'
import { openSmtpPool } from './smtp-pool.ts'
import { unquote } from './unquote.ts'

const clock = { now: () => instant(Date.UTC(2026, 10, 24, 4)) }
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const secrets = {
  password: null,
  dkimPrivateKey: new Secret(keys.privateKey),
  verpKey: new Secret<Uint8Array>(Buffer.alloc(32, 7)),
}
const PERMIT = '018f6f3a-0000-7000-8000-0000000000aa'

function settingsFor(port: number, change: object = {}) {
  return emailSettings.parse({
    host: '127.0.0.1',
    port,
    tls: 'none',
    fromName: '示例消费金融',
    fromAddress: 'notice@lender.example.com',
    replyTo: 'reply@lender.example.com',
    unsubscribeMailbox: 'unsubscribe@lender.example.com',
    bounceDomain: 'bounce.lender.example.com',
    dkim: { domain: 'lender.example.com', selector: 's1' },
    answerWaitMs: 1000,
    ...change,
  })
}

const letter = {
  permitId: PERMIT,
  to: 'wang@example.com',
  subject: '账户通知',
  text: '您好，应还1,234.50元。',
  html: '<p>您好，应还1,234.50元。</p>',
  unsubscribe: {
    url: 'https://u.lender.example.com/u/TOKEN',
    mailto: 'mailto:unsubscribe@lender.example.com?subject=TOKEN',
  },
}

async function setUp() {
  const server = await startMailServer({ port: 0, clock })
  const settings = settingsFor(server.port)
  const pool = openSmtpPool(settings, secrets)
  after(async () => {
    pool.close()
    await server.close()
  })
  const raw = await composeMail(letter, { settings, secrets })
  const from = bounceAddress(PERMIT, { ...settings, ...secrets })
  return {
    server,
    settings,
    pool,
    mail: { permitId: PERMIT, from, to: letter.to, raw, isStillAllowed: () => true },
  }
}

test('another implementation verifies the signature, over both List-Unsubscribe headers', async () => {
  const { server, pool, mail } = await setUp()
  assert.equal((await pool.deliver(mail)).kind, 'accepted')
  const raw = server.mails()[0]?.raw ?? Buffer.alloc(0)
  const record = `v=DKIM1; k=rsa; p=${keys.publicKey.replace(/-----[^-]+-----|\s/g, '')}`
  const resolver = async (name: string): Promise<string[][]> => {
    if (name === 's1._domainkey.lender.example.com') return [[record]]
    throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
  }
  const { dkim } = await authenticate(raw, { resolver, disableArc: true, disableBimi: true })
  const [result] = dkim.results
  assert.equal(result?.status.result, 'pass')
  const signed = JSON.stringify(result).toLowerCase()
  assert.match(signed, /list-unsubscribe: list-unsubscribe-post/)
  const head = raw.toString('latin1').split('\r\n\r\n')[0] ?? ''
  assert.match(head, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m)
  assert.equal(head.match(/^List-Unsubscribe:/gim)?.length, 1)
  assert.match(head, new RegExp(`^Message-ID:\\s+<${PERMIT}@bounce.lender.example.com>`, 'im'))
})

test('a no of the server is a refusal with its code, to the recipient and to the content', async () => {
  const { server, pool, mail } = await setUp()
  const fates = []
  for (const fault of [
    'rejectRecipientNext',
    'deferRecipientNext',
    'rejectContentNext',
    'deferContentNext',
  ]) {
    server.misbehave({ [fault]: 1 })
    fates.push(await pool.deliver(mail))
  }
  assert.deepEqual(
    fates.map((fate) => (fate.kind === 'refused' ? fate.code : fate)),
    [550, 451, 554, 452],
  )
  assert.equal(server.mails().length, 0)
  assert.equal((await pool.deliver(mail)).kind, 'accepted')
})

test('a connection lost before the content is known as not written; after it nobody knows', async () => {
  const { server, pool, mail } = await setUp()
  server.misbehave({ dropBeforeNext: 1 })
  assert.equal((await pool.deliver(mail)).kind, 'not-written')
  server.misbehave({ dropAfterNext: 1 })
  assert.equal((await pool.deliver(mail)).kind, 'unknown')
  server.misbehave({ silentNext: 1 })
  assert.equal((await pool.deliver(mail)).kind, 'unknown')
  assert.equal(server.mails().length, 2)
})

test('with nobody at the other end nothing was written', async () => {
  const { server, pool, mail } = await setUp()
  await server.close()
  const fate = await pool.deliver(mail)
  assert.equal(fate.kind, 'not-written')
  assert.notEqual(pool.health().lastError, null)
})

test('many mails at once go out once each over a few connections', async () => {
  const { server, pool, mail } = await setUp()
  const fates = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      pool.deliver({ ...mail, to: `p${index}@example.com` }),
    ),
  )
  assert.equal(
    fates.every(({ kind }) => kind === 'accepted'),
    true,
  )
  assert.equal(new Set(server.mails().map(({ to }) => to[0])).size, 40)
  assert.ok(pool.health().open <= 5)
})

test('a bounce address that we did not sign names nobody', () => {
  const key = secrets.verpKey
  const address = bounceAddress(PERMIT, { bounceDomain: 'b.example.com', verpKey: key })
  assert.ok(address.split('@')[0]?.length ?? 99 <= 64)
  assert.equal(readBounceAddress(address, key), PERMIT)
  assert.equal(readBounceAddress(address.toUpperCase(), key), PERMIT)
  assert.equal(readBounceAddress(address.replace('00aa', '00ab'), key), null)
  assert.equal(readBounceAddress(address, new Secret<Uint8Array>(Buffer.alloc(32, 8))), null)
  assert.equal(readBounceAddress('bounce+x.y@b.example.com', key), null)
})

async function listen(onInbound: (item: InboundItem) => Promise<void>) {
  const { server, settings, pool, mail } = await setUp()
  const listener = await listenForMail({
    port: 0,
    accounts: [{ accountId: '5', settings, secrets }],
    clock,
    handlers: { onInbound },
    onTrouble: () => undefined,
  })
  after(listener.close)
  assert.equal((await pool.deliver(mail)).kind, 'accepted')
  const [sent] = server.mails()
  assert.ok(sent !== undefined)
  const arrived: Mail = sent
  return { inbox: { host: '127.0.0.1', port: listener.port }, arrived, listener }
}

test('bounces, complaints and answers come in as what they are', async () => {
  const items: InboundItem[] = []
  const { inbox, arrived } = await listen(async (item) => {
    items.push(item)
  })
  await bounceMail(inbox, arrived, {
    status: '5.1.1',
    action: 'failed',
    diagnostic: '550 no such user',
  })
  await bounceMail(inbox, arrived, { status: '5.2.2', action: 'failed', diagnostic: '552 full' })
  await bounceMail(inbox, arrived, { status: '4.4.7', action: 'delayed', diagnostic: 'late' })
  await complainOfMail(inbox, arrived)
  await replyByMail(inbox, arrived, { text: '发工资就还' })
  assert.deepEqual(
    items.map((item) => [
      item.kind,
      'permitId' in item ? item.permitId : '',
      item.kind === 'bounce' ? `${item.severity} ${item.status}` : '',
      item.kind === 'message' ? item.text : '',
    ]),
    [
      ['bounce', PERMIT, 'hard 5.1.1', ''],
      ['bounce', PERMIT, 'soft 5.2.2', ''],
      ['bounce', PERMIT, 'soft 4.4.7', ''],
      ['complaint', PERMIT, '', ''],
      ['message', PERMIT, '', '发工资就还'],
    ],
  )
  const [reply] = items.filter((item) => item.kind === 'message')
  assert.equal(reply?.from, letter.to)
})

test('mail is acknowledged only after the handler stored it', async () => {
  let isBroken = true
  const { inbox, arrived } = await listen(async () => {
    if (isBroken) throw new Error('database gone')
  })
  await assert.rejects(replyByMail(inbox, arrived, { text: '好' }), { responseCode: 451 })
  isBroken = false
  await replyByMail(inbox, arrived, { text: '好' })
})

test('mail to anybody else is refused: this is no relay', async () => {
  const { inbox, arrived } = await listen(async () => assert.fail('must not arrive'))
  const stranger = { ...arrived, envelopeFrom: 'someone@elsewhere.example.com' }
  await assert.rejects(
    bounceMail(inbox, stranger, { status: '5.1.1', action: 'failed', diagnostic: 'x' }),
    { responseCode: 550 },
  )
})

test('hostile bytes neither end the listener nor get an item made of them', async () => {
  const items: InboundItem[] = []
  const { inbox, arrived } = await listen(async (item) => {
    items.push(item)
  })
  const hostile = [
    `${'A'.repeat(100_000)}\r\n\r\n`,
    `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n'.repeat(300)}`,
    'Content-Type: multipart/report; boundary="\r\n\r\n--\r\n\0\0\0',
    'Subject: =?utf-8?b?////?=\r\nFrom: <<<>>>\r\nContent-Transfer-Encoding: base64\r\n\r\n@@@@',
    '',
  ]
  for (const content of hostile) {
    await say(inbox.port, [
      'EHLO x',
      'MAIL FROM:<>',
      'RCPT TO:<reply@lender.example.com>',
      'DATA',
      `${content.replace(/^\./gm, '..')}\r\n.`,
      'QUIT',
    ])
  }
  await replyByMail(inbox, arrived, { text: '还活着' })
  const last = items.at(-1)
  assert.equal(last?.kind === 'message' && last.text, '还活着')
})

/** Speaks SMTP line by line, each after the answer to the one before. */
function say(port: number, lines: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const rest = [...lines]
    socket.on('data', (data) => {
      if (!/^\d{3} /m.test(data.toString('latin1'))) return
      const next = rest.shift()
      if (next === undefined) socket.end()
      else socket.write(`${next}\r\n`)
    })
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
  })
}

test('what a person wrote is told from what is quoted', () => {
  assert.equal(unquote('退订\n\n> 您好\n> 应还'), '退订')
  assert.equal(
    unquote('好的\r\n\r\n在 2026年11月24日，示例 <a@example.com> 写道：\r\n您好'),
    '好的',
  )
  assert.equal(
    unquote('Stop\n\nOn Tue, Nov 24, 2026 at 10:00 AM X <a@example.com> wrote:\n> hi'),
    'Stop',
  )
  assert.equal(unquote('R\n------------------ 原始邮件 ------------------\n发件人: x'), 'R')
  assert.equal(unquote('> all quoted'), '')
})
