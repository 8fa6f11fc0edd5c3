import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { putIntoMailbox } from '../../sandbox/src/index.ts'
import { bounceAddress, replyAddress } from '../../server/src/channels/email/signed-address.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import {
  ANSWERS_TO,
  addLetter,
  addMailBook,
  aMail,
  heard,
  MAILBOX_PASSWORD,
  openMailbox,
  signingKey,
} from '../../server/src/test-mailbox.ts'

const WANG = 'wang@example.com'
const LI = 'li@example.com'
const PERMIT = '018f6f3a-0000-7000-8000-0000000000aa'
const verpKey = signingKey()
const DEADLINE_MS = 20_000
const LMTP = '/usr/lib/dovecot/lmtp'
const mayRun =
  process.getuid?.() === 0 &&
  spawnSync('dovecot', ['--version'], { stdio: 'ignore' }).error === undefined &&
  spawnSync('test', ['-x', LMTP]).status === 0
const skip = mayRun ? false : 'needs root and apt-get install dovecot-imapd dovecot-lmtpd'

type Dovecot = { readonly imapPort: number; readonly lmtpPort: number; readonly mail: string }

test('a real IMAP server: each mail is taken once, whoever it is from and however it is marked', {
  skip,
}, async () => {
  const dovecot = await startDovecot()
  for (const takenFolder of [null, 'Taken']) {
    await rm(dovecot.mail, { recursive: true, force: true })
    const db = await openTestDatabase()
    await addMailBook(db, [WANG, LI])
    await addLetter(db, 1, PERMIT)
    const open = () => openMailbox(db, { imapPort: dovecot.imapPort, imap: { takenFolder } })
    const first = open()
    await deliverAll(dovecot)
    assert.equal(await first.chores?.[0]?.work(), 5)
    await first.channel.close()
    assert.deepEqual(
      (await heard(db)).map((one) => `${one.borrowerId} ${one.class} ${one.text.trim()}`),
      ['2 stop 退订', '1 other 收到', '1 bounce undefined', '2 other 我在休假', '1 unsure '],
    )
    const second = open()
    assert.equal(await second.chores?.[0]?.work(), 0)
    await second.channel.close()
    if (takenFolder === null) await loseIndexes(dovecot)
    const third = open()
    // Without its marks everything is read once more, and found known.
    assert.equal(await third.chores?.[0]?.work(), takenFolder === null ? 5 : 0)
    assert.equal((await heard(db)).length, 5)
    await hearAnnounced(dovecot, third.chores?.[0]?.work ?? assert.fail())
    assert.equal((await heard(db)).length, 6)
    assert.equal(third.health().lastError, null)
    await third.channel.close()
  }
})

async function deliverAll(dovecot: Dovecot): Promise<void> {
  const tagged = replyAddress(PERMIT, { replyTo: ANSWERS_TO, verpKey })
  const bounces = bounceAddress(PERMIT, { bounceDomain: 'bounce.lender.example.com', verpKey })
  await deliver(
    dovecot,
    { from: LI, to: ANSWERS_TO },
    aMail({ from: LI, text: '退订', id: '1', head: [] }),
  )
  const office = 'office@example.org'
  await deliver(
    dovecot,
    { from: office, to: tagged },
    aMail({ from: office, text: '收到', id: '2', head: [] }),
  )
  await deliver(dovecot, { from: '', to: bounces }, BOUNCE)
  const away = aMail({
    from: LI,
    text: '我在休假',
    id: '3',
    head: ['Auto-Submitted: auto-replied'],
  })
  await deliver(dovecot, { from: '', to: ANSWERS_TO }, away)
  const parts = '--x\r\n\r\na\r\n'.repeat(20_000)
  const hostile = `From: <${WANG}>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n${parts}`
  await deliver(dovecot, { from: WANG, to: ANSWERS_TO }, hostile)
}

const BOUNCE = [
  'From: <mailer-daemon@mail.example.com>',
  'Subject: Undelivered Mail',
  'MIME-Version: 1.0',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  ...['', '--b', 'Content-Type: text/plain', '', 'no such user', '', '--b'],
  'Content-Type: message/delivery-status',
  ...['', 'Reporting-MTA: dns; mail.example.com', '', 'Final-Recipient: rfc822; wang@example.com'],
  ...['Action: failed', 'Status: 5.1.1', '', '--b--', ''],
].join('\r\n')

/** The server forgets its numbers and keywords, as after a restore: UIDVALIDITY is another. */
async function loseIndexes({ mail }: Dovecot): Promise<void> {
  for (const name of await readdir(mail)) {
    if (name.startsWith('dovecot')) await rm(join(mail, name), { recursive: true })
  }
}

/** A mail that arrives while the client waits is taken by the server's word: the next search is far away. */
async function hearAnnounced(dovecot: Dovecot, take: () => Promise<unknown>): Promise<void> {
  // Time for the client to begin to wait for news.
  await new Promise((done) => setTimeout(done, 1_000))
  assert.equal(await take(), 0)
  const late = aMail({ from: LI, text: '好的', id: 'late', head: [] })
  await deliver(dovecot, { from: LI, to: ANSWERS_TO }, late)
  await until(async () => (await take()) === 1, 'the announced mail')
}

function deliver(
  { lmtpPort: port }: Dovecot,
  envelope: { readonly from: string; readonly to: string },
  raw: string,
): Promise<void> {
  return putIntoMailbox({ host: '127.0.0.1', port }, { ...envelope, raw })
}

/** Dovecot with folders and ports of its own: every address is delivered into one mailbox. */
async function startDovecot(): Promise<Dovecot> {
  const root = await mkdtemp(join(tmpdir(), 'dunlin-dovecot-'))
  await chmod(root, 0o755)
  const home = join(root, 'home')
  await mkdir(home)
  spawnSync('chown', ['mail:mail', home])
  const [imapPort, lmtpPort] = [await freePort(), await freePort()]
  const config = join(root, 'dovecot.conf')
  await writeFile(
    config,
    `protocols = imap lmtp
base_dir = ${root}/run
state_dir = ${root}/state
log_path = ${root}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${home}/Maildir
passdb {
  driver = static
  args = password=${MAILBOX_PASSWORD}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${home} allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
protocol lmtp {
  postmaster_address = postmaster@lender.example.com
}
`,
  )
  const child = spawn('dovecot', ['-F', '-c', config], { stdio: 'inherit' })
  after(async () => {
    await end(child)
    await rm(root, { recursive: true, force: true })
  })
  await until(async () => (await answers(imapPort)) && (await answers(lmtpPort)), 'Dovecot')
  return { imapPort, lmtpPort, mail: join(home, 'Maildir') }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  await new Promise((done) => server.close(done))
  return address.port
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
