import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant } from '@dunlin/kernel'
import { startIsmg, startMailServer, startSmsc } from '../../../sandbox/src/index.ts'
import { NOW } from '../channels/channel-contract.ts'
import { applySettings, stopAccount } from '../people/index.ts'
import { readConfig } from '../platform/config/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { databaseTrouble, lookAround, lookAtHome, printFindings } from './doctor.ts'
import { judgeClock, judgeDisk, judgeServer } from './doctor-checks.ts'

const clock = { now: () => instant(NOW) }
const sealer = createTestSealer()
const config = readConfig()

test('every account is connected to and logged in, and nothing is sent', async () => {
  const db = await openTestDatabase()
  const smsc = await startSmsc({ port: 0, clock, password: 'right' })
  const ismg = await startIsmg({ port: 0, clock, secret: 'right' })
  const mail = await startMailServer({ port: 0, clock })
  after(() => Promise.all([smsc.close(), ismg.close(), mail.close()]))
  const local = { host: '127.0.0.1' }
  const cmpp = { ...local, port: ismg.port, sourceAddress: '901234', accessNumber: '10690001' }
  const sms = { channel: 'sms', collectionContent: true }
  const accounts = [
    {
      ...{ name: 'smpp', adapter: 'smpp', ...sms, secrets: { password: 'right' } },
      settings: { ...local, port: smsc.port, systemId: 'd', sourceAddress: '1069' },
    },
    { name: 'cmpp', adapter: 'cmpp', ...sms, settings: cmpp, secrets: { password: 'right' } },
    {
      ...{ name: 'cmpp wrong', adapter: 'cmpp', ...sms, secrets: { password: 'wrong' } },
      settings: { ...cmpp, connectWaitMs: 500 },
    },
    {
      ...{ name: 'mail', channel: 'email', adapter: 'smtp', collectionContent: true },
      settings: {
        ...{ ...local, port: mail.port, tls: 'none', fromName: '示例消费金融' },
        ...{ fromAddress: 'n@lender.example.com', replyTo: 'r@lender.example.com' },
        unsubscribeMailbox: 'u@lender.example.com',
        bounceDomain: 'bounce.lender.example.com',
      },
    },
    { name: 'mistaken', adapter: 'smpp', ...sms, settings: { hots: '127.0.0.1' } },
    { name: 'halted', adapter: 'sink', ...sms },
  ]
  await applySettings(db, settingsSchema.parse({ accounts }), { sealer, at: NOW })
  const at = '2026-11-24T04:00:00Z'
  await stopAccount(db, { name: 'halted', by: 'operator', reason: 'r', at })
  const findings = await lookAround({ db, sealer, clock, config })
  const of = (name: string) => findings.find(({ check }) => check === `account ${name}`)
  for (const name of ['smpp', 'cmpp', 'mail']) assert.equal(of(name)?.state, 'ok', name)
  assert.match(of('cmpp wrong')?.detail ?? '', /the secret is wrong/)
  assert.match(of('cmpp wrong')?.advice ?? '', /password/)
  assert.match(of('mistaken')?.detail ?? '', /hots/)
  assert.equal(of('halted')?.state, 'warning')
  assert.deepEqual([smsc.log.list(), ismg.log.list(), mail.mails()], [[], [], []])
  const lines: string[] = []
  const io = { out: (line: string) => lines.push(line), error: assert.fail }
  assert.equal(printFindings(findings, { json: false, io }), 1)
  assert.equal(
    printFindings(
      findings.filter(({ state }) => state === 'ok'),
      { json: true, io },
    ),
    0,
  )
  assert.doesNotMatch(lines.join('\n'), /right|wrong'/)
})

test('a key that others may read is a problem, a missing one too', async () => {
  const home = await mkdtemp(join(tmpdir(), 'dunlin-doctor-'))
  await mkdir(join(home, 'keys'))
  await writeFile(join(home, 'keys/seal.json'), '{}', { mode: 0o600 })
  const before = await lookAtHome(home)
  assert.deepEqual(
    before.map(({ check, state }) => [check, state]).filter(([check]) => check !== 'disk'),
    [
      ['key seal', 'ok'],
      ['key evidence', 'problem'],
    ],
  )
  await chmod(join(home, 'keys/seal.json'), 0o644)
  const [, seal] = await lookAtHome(home)
  assert.deepEqual([seal?.state, seal?.advice.startsWith('chmod 600')], ['problem', true])
})

test('where a warning ends and a problem begins', () => {
  const gib = 1024 ** 3
  assert.deepEqual(
    [6, 4, 0.5].map((room) => judgeDisk(room * gib, '/').state),
    ['ok', 'warning', 'problem'],
  )
  assert.deepEqual(
    [-900, 1_500, -61_000].map((skew) => judgeClock(skew).state),
    ['ok', 'warning', 'problem'],
  )
  assert.deepEqual(
    ['18.1', '16.0', '15.9', 'strange'].map((version) => judgeServer(version).state),
    ['ok', 'ok', 'problem', 'problem'],
  )
  assert.match(databaseTrouble(new Error('migration 0003-x.sql was changed')).advice, /versions/)
})
