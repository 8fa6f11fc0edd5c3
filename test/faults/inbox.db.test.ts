import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { randomInt, seededRandom } from '@dunlin/kernel'
import { startImapServer } from '../../sandbox/src/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import {
  addMailBook,
  aMail,
  heard,
  MAILBOX_PASSWORD,
  openMailbox,
} from '../../server/src/test-mailbox.ts'

const MAILS = 40
const KILLS_MIN = 3
const SEED = 4
const MOMENT_MAX_MS = 400
const END_WAIT_MS = 240_000
const WORKER = join(import.meta.dirname, 'inbox-worker.ts')
const WRITERS = Array.from({ length: 10 }, (_, index) => `w${index}@example.com`)

for (const takenFolder of [null, 'Taken']) {
  const way = takenFolder === null ? 'marks' : 'moves'
  test(`kill -9 of a process that ${way} mail, again and again, loses no mail and doubles none`, async () => {
    const db = await openTestDatabase()
    await addMailBook(db, WRITERS)
    const server = await startImapServer({ port: 0, password: MAILBOX_PASSWORD })
    after(server.close)
    for (let n = 0; n < MAILS; n += 1) {
      server.deliver(aMail({ from: WRITERS[n % 10] ?? '', text: `第${n}封`, id: `mail${n}` }))
    }
    const kills = await killWhileTaking(db, { imapPort: server.port, imap: { takenFolder } })
    assert.ok(kills >= KILLS_MIN, `killed ${kills} times only`)
    const rest = openMailbox(db, { imapPort: server.port, imap: { takenFolder } })
    after(rest.channel.close)
    await rest.chores?.[0]?.work()
    await rest.chores?.[0]?.work()
    const said = (await heard(db)).map(({ text }) => text)
    assert.equal(said.length, MAILS)
    assert.equal(new Set(said).size, MAILS)
    const left = server.mailbox.mails('INBOX').filter(({ flags }) => !flags.has('DunlinTaken'))
    assert.equal(left.length, 0)
  })
}

/** Starts the process and kills it a moment after it took its first mail, until all mails are there. */
async function killWhileTaking(
  db: Database,
  options: { readonly imapPort: number; readonly imap: object },
): Promise<number> {
  const random = seededRandom(SEED)
  const deadline = performance.now() + END_WAIT_MS
  let kills = 0
  for (let count = 0; count < MAILS; kills += 1) {
    assert.ok(performance.now() < deadline, `${count} mails after ${kills} kills`)
    const child = spawn(process.execPath, [WORKER, JSON.stringify({ url: db.url, ...options })])
    const exited = once(child, 'exit')
    const before = await countMessages(db)
    while ((await countMessages(db)) === before && performance.now() < deadline) await wait(10)
    await wait(randomInt(random, 0, MOMENT_MAX_MS))
    assert.equal(child.exitCode, null, 'the process ended by itself')
    child.kill('SIGKILL')
    await exited
    count = await countMessages(db)
  }
  return kills
}

async function countMessages(db: Database): Promise<number> {
  const rows = await db.query<{ n: number }>('select count(*)::integer as n from message')
  return rows[0]?.n ?? 0
}
