import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { startMailServer } from '../../sandbox/src/index.ts'
import { NOW, testPermit } from '../../server/src/channels/channel-contract.ts'
import { emailSettings } from '../../server/src/channels/email/email-settings.ts'
import { listenForMail } from '../../server/src/channels/email/receive.ts'
import { createEmailChannel } from '../../server/src/channels/email/send.ts'
import { openSmtpPool } from '../../server/src/channels/email/smtp-pool.ts'
import type { InboundItem } from '../../server/src/channels/inbound.ts'

const clock = { now: () => instant(NOW) }
const DEADLINE_MS = 30_000
const PROTO = '/etc/postfix/master.cf.proto'
const mayRun =
  process.getuid?.() === 0 && spawnSync('postfix', ['-h'], { stdio: 'ignore' }).error === undefined
const skip = mayRun ? false : 'needs root and a real mail server: apt-get install postfix'

test('our mails pass a real mail server whole, and its reports of failure come back to us', {
  skip,
}, async () => {
  const world = await startMailServer({ port: 0, clock })
  const items: InboundItem[] = []
  const smtpPort = await freePort()
  const settings = emailSettings.parse({
    ...{ host: '127.0.0.1', port: smtpPort, tls: 'none', fromName: '示例消费金融' },
    ...{ fromAddress: 'notice@lender.example.com', replyTo: 'reply@lender.example.com' },
    unsubscribeMailbox: 'unsubscribe@lender.example.com',
    bounceDomain: 'bounce.lender.example.com',
  })
  const verpKey = new Secret<Uint8Array>(Buffer.alloc(32, 7))
  const secrets = { password: null, dkimPrivateKey: null, verpKey }
  const listener = await listenForMail({
    ...{ port: 0, clock, accounts: [{ accountId: '1', settings, secrets }] },
    handlers: { onInbound: async (item) => void items.push(item) },
    onTrouble: (error) => assert.fail(String(error)),
  })
  const stop = await startPostfix({ smtpPort, worldPort: world.port, listenerPort: listener.port })
  const pool = openSmtpPool(settings, secrets)
  const account = { accountId: '1', name: 'mail', collectionContent: true }
  const channel = createEmailChannel({ account, settings, secrets, pool, clock })
  after(async () => {
    await channel.close()
    stop()
    await listener.close()
    await world.close()
  })
  const unsubscribe = {
    url: 'https://lender.example.com/u/T',
    mailto: 'mailto:u@lender.example.com',
  }
  const letter = () =>
    testPermit({ channel: 'email', address: new Secret('wang@example.com'), unsubscribe })
  const good = letter()
  assert.equal((await channel.send([good]))[0]?.fate, 'accepted')
  await until(() => world.mails().length === 1, 'the mail')
  assert.equal(world.mails()[0]?.text.trim(), good.content.text)
  world.misbehave({ rejectRecipientNext: 1 })
  const dead = letter()
  assert.equal((await channel.send([dead]))[0]?.fate, 'accepted')
  await until(() => items.length === 1, 'the report')
  const [bounce] = items
  assert.ok(bounce?.kind === 'bounce')
  assert.equal(bounce.permitId, dead.permitId)
  assert.deepEqual([bounce.severity, bounce.isFinal], ['hard', true])
  assert.match(bounce.status, /^5\.1\./)
  assert.equal(world.mails().length, 1)
})

/** Postfix with folders and a port of its own; it relays to the world and sends bounces to our listener. */
async function startPostfix(ports: {
  readonly smtpPort: number
  readonly worldPort: number
  readonly listenerPort: number
}): Promise<() => void> {
  const root = await mkdtemp(join(tmpdir(), 'dunlin-postfix-'))
  await chmod(root, 0o755)
  const [config, queue, data] = ['config', 'queue', 'data'].map((name) => join(root, name))
  assert.ok(config !== undefined && queue !== undefined && data !== undefined)
  for (const folder of [config, queue, data]) await mkdir(folder)
  spawnSync('chown', ['postfix', data])
  const main = {
    ...{ compatibility_level: '3.6', queue_directory: queue, data_directory: data },
    ...{ myhostname: 'mta.lender.example.com', mydestination: '', mynetworks: '127.0.0.0/8' },
    ...{ inet_interfaces: '127.0.0.1', inet_protocols: 'ipv4', alias_maps: '', alias_database: '' },
    ...{ disable_dns_lookups: 'yes', relayhost: `[127.0.0.1]:${ports.worldPort}` },
    transport_maps: `inline:{bounce.lender.example.com=smtp:[127.0.0.1]:${ports.listenerPort}}`,
    ...{ smtpd_relay_restrictions: 'permit_mynetworks, reject', maillog_file: join(root, 'log') },
    maillog_file_prefixes: root,
  }
  const lines = Object.entries(main).map(([name, value]) => `${name} = ${value}\n`)
  await writeFile(join(config, 'main.cf'), lines.join(''))
  const services = (await readFile(PROTO, 'utf8')).replace(
    /^smtp\s+inet .*$/m,
    `127.0.0.1:${ports.smtpPort} inet n - n - - smtpd`,
  )
  // Without chroot: the folders hold no copy of the system.
  const open = services.replace(/^(\w\S*\s+(?:inet|unix|unix-dgram)\s+\S+\s+\S+\s+)y/gm, '$1n')
  await writeFile(join(config, 'master.cf'), open)
  const run = (word: string) => spawnSync('postfix', ['-c', config, word], { encoding: 'utf8' })
  const started = run('start')
  assert.equal(started.status, 0, started.stderr)
  return () => {
    run('stop')
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  await new Promise((done) => server.close(done))
  return address.port
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, `waited in vain: ${what}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
