import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { openWorld } from '../main.ts'
import { applySettings } from '../people/index.ts'
import { openAuth, readAuthSecret } from '../platform/auth/index.ts'
import { homePaths, readConfig } from '../platform/config/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { runStaffAdd, runStaffDisable, runStaffList, runStaffPassword } from './staff.ts'

const SETTINGS = settingsSchema.parse({
  agents: [{ login: 'ann', name: 'Ann', team: 'early', certifiedUntil: '2099-12-31' }],
})
const EMAIL = 'first@example.com'

test('the first administrator is made from the command line, and signs in', async () => {
  const { world, io, lines, signIn } = await aMachine()
  assert.equal(await runStaffList(world, false, io), 0)
  assert.match(lines.join('\n'), /dunlin staff add/, 'an empty list says what to do')
  assert.equal(
    await runStaffAdd(world, { email: EMAIL, name: 'First', role: ['administrator'] }, io),
    0,
  )
  const password = lines.join('\n').match(/shown once: (\S+)/)?.[1] ?? ''
  assert.equal(await signIn(password), 200)
  const [row] = await world.db.query<{ actor: string }>(
    `select actor from audit_event where action = 'staff.added'`,
  )
  assert.match(row?.actor ?? '', /^shell:/)
  const stored = await world.db.query('select * from audit_event')
  assert.ok(!JSON.stringify(stored).includes(password), 'no password is kept')
})

test('what is not there, or is there already, is refused with what to do', async () => {
  const { world, io, lines } = await aMachine()
  const person = { email: EMAIL, name: 'First', role: ['agent'] } as const
  assert.equal(await runStaffAdd(world, { ...person, team: 'late', agent: 'nobody' }, io), 2)
  assert.match(lines.at(-1) ?? '', /no team late and no agent nobody: dunlin apply/)
  assert.equal(await runStaffAdd(world, { ...person, email: 'no address' }, io), 2)
  assert.equal(await runStaffAdd(world, { ...person, team: 'early', agent: 'ann' }, io), 0)
  assert.equal(await runStaffAdd(world, { ...person, email: EMAIL.toUpperCase() }, io), 2)
  assert.equal(await runStaffPassword(world, 'other@example.com', io), 2)
})

test('a new password replaces the old one; a disabled account is listed as such', async () => {
  const { world, io, lines, signIn } = await aMachine()
  await runStaffAdd(world, { email: EMAIL, name: 'First', role: ['auditor'] }, io)
  const before = lines.join('\n').match(/shown once: (\S+)/)?.[1] ?? ''
  await runStaffPassword(world, EMAIL, io)
  const after = lines.at(-1)?.match(/shown once: (\S+)/)?.[1] ?? ''
  assert.equal(await signIn(before), 401)
  assert.equal(await signIn(after), 200)
  await runStaffDisable(world, { email: EMAIL, isOut: true }, io)
  await runStaffList(world, false, io)
  assert.match(lines.at(-1) ?? '', /shut out since/)
  await runStaffDisable(world, { email: EMAIL, isOut: false }, io)
  await runStaffList(world, true, io)
  assert.match(lines.at(-1) ?? '', /"disabledAt":null/)
})

/** A database, a home, and what a command said. */
async function aMachine() {
  const db = await openTestDatabase()
  const home = await mkdtemp(join(tmpdir(), 'dunlin-staff-'))
  const config = { ...readConfig(), home }
  const world = await openWorld(config, db.url)
  after(() => world.close())
  await applySettings(db, SETTINGS, { sealer: world.sealer, at: world.clock.now() })
  const lines: string[] = []
  const io = { out: (line: string) => lines.push(line), error: (line: string) => lines.push(line) }
  const signIn = async (password: string): Promise<number> => {
    const secret = await readAuthSecret(homePaths(home).authSecret)
    const origin = `http://localhost:${config.port}`
    const auth = openAuth({ databaseUrl: db.url, secret, origins: [origin], oidc: null })
    const answer = await auth.handle(
      new Request(`${origin}/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ email: EMAIL, password }),
      }),
    )
    await auth.close()
    return answer.status
  }
  return { world, io, lines, signIn }
}
