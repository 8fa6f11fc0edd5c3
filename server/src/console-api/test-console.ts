import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Role, settingsSchema } from '@dunlin/contract'
import { type Clock, instant } from '@dunlin/kernel'
import { z } from 'zod'
import { aClock, aGate, utc } from '../contact/test-gate.ts'
import { createImporter } from '../loanbook/index.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { addStaff, applySettings, guardSignIn } from '../people/index.ts'
import { openAuth } from '../platform/auth/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner } from '../platform/evidence/index.ts'
import { createApp } from '../platform/http/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { wireReactions } from '../wire-reactions.ts'
import { routeConsole } from './index.ts'

// The console's API over a real book, and people who sign in to it.

const NOON = utc('2026-06-01T06:00:00Z')
export const PASSWORD = 'correct horse battery'

const SETTINGS = settingsSchema.parse({
  accounts: [
    { name: 'sms', channel: 'sms', adapter: 'sink', collectionContent: true },
    { name: 'mail', channel: 'email', adapter: 'sink', collectionContent: true },
  ],
  agencies: [{ name: 'outside', listed: true }],
  agents: [
    { login: 'ann', name: 'Ann', team: 'early', certifiedUntil: '2099-12-31' },
    { login: 'bob', name: 'Bob', team: 'early', certifiedUntil: '2099-12-31' },
  ],
})

const json = z.record(z.string(), z.unknown())
export type Reply = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Headers
}
/** Somebody's browser: `ask('GET /console-api/me')`. */
export type Ask = (request: string, body?: unknown) => Promise<Reply>

/** The book of `test-book` with open cases, and the console's API listening on a free port. */
export async function aConsole({ webFolder = null }: { webFolder?: string | null } = {}) {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  const reactions = createReactions()
  const gate = await aGate(reactions)
  wireReactions(reactions, gate.sealer)
  const clock = aClock(NOON)
  await runCycle({ db, reactions, asOf: day('2026-06-01'), at: NOON })
  await applySettings(db, SETTINGS, { sealer: gate.sealer, at: NOON })
  const wall = aWall()
  const home = await mkdtemp(join(tmpdir(), 'dunlin-console-'))
  const port = await freePort()
  const url = `http://localhost:${port}`
  const origins = [url] as const
  const auth = openAuth({ databaseUrl: db.url, secret: home.repeat(2), origins, oidc: null })
  const failures: unknown[] = []
  const app = await createApp({ version: '0.0.0', onFailure: (error) => failures.push(error) })
  const { sealer } = gate
  const guard = guardSignIn(db, sealer, wall)
  const clocks = { clock, wall, clockRate: () => 1 }
  const onFailure = (error: unknown): void => void failures.push(error)
  const signer = await openEvidenceSigner(join(home, 'keys/evidence.pem'))
  const importer = createImporter({ db, sealer, clock, home, onFailure })
  const parts = {
    db,
    home,
    importer,
    sealer,
    reactions,
    gate,
    auth,
    guard,
    signer,
    onFailure,
    isDemo: false,
    webFolder,
  }
  routeConsole(app, { ...parts, ...clocks, origins })
  await app.listen({ host: 'localhost', port })
  after(async () => {
    await app.close()
    await auth.close()
  })
  const hire = async (
    email: string,
    roles: readonly Role[],
    given: { team?: string; agency?: string; agentLogin?: string } = {},
  ): Promise<string> => {
    const person = {
      email,
      name: email.split('@')[0] ?? email,
      password: PASSWORD,
      roles,
      ...given,
    }
    return addStaff(db, auth, { given: person, at: NOON })
  }
  const made = { db, app, url, auth, gate, signer, home, clock, wall, reactions, failures, hire }
  return { ...made, ask: browser(url), signIn: signInAt(url) }
}

/** A port that is free now: sign-in wants to know its own address before it listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  await once(server.close(), 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A clock on the wall that a test moves. */
function aWall(): Clock & { pass: (ms: number) => void } {
  let now = NOON
  return {
    now: () => now,
    pass: (ms) => {
      now = instant(now + ms)
    },
  }
}

/** A browser of somebody: with a cookie, or of a stranger. */
function browser(url: string, cookie = ''): Ask {
  return async (request, body) => {
    const [method = 'GET', path = '/'] = request.split(' ')
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        origin: url,
        ...(cookie === '' ? {} : { cookie }),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
    const parsed: unknown = isJson ? JSON.parse(text) : {}
    const record = json.safeParse(parsed)
    return {
      status: answer.status,
      body: record.success ? record.data : { items: parsed },
      headers: answer.headers,
    }
  }
}

function signInAt(url: string) {
  return async (
    email: string,
    password: string = PASSWORD,
  ): Promise<{ status: number; ask: Ask }> => {
    const { status, headers } = await browser(url)('POST /auth/sign-in/email', { email, password })
    const cookie = headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    return { status, ask: browser(url, cookie) }
  }
}
