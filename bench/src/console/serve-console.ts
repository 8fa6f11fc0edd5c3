import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant } from '@dunlin/kernel'
import pg from 'pg'
import { z } from 'zod'
import { routeConsole } from '../../../server/src/console-api/index.ts'
import { type Gate, loadTemplates } from '../../../server/src/contact/index.ts'
import { createImporter } from '../../../server/src/loanbook/index.ts'
import { addStaff, guardSignIn } from '../../../server/src/people/index.ts'
import { openAuth } from '../../../server/src/platform/auth/index.ts'
import { openDatabase } from '../../../server/src/platform/db/index.ts'
import { createReactions } from '../../../server/src/platform/events/index.ts'
import { openEvidenceSigner } from '../../../server/src/platform/evidence/index.ts'
import { createApp } from '../../../server/src/platform/http/index.ts'
import { loadPolicy } from '../../../server/src/platform/packs.ts'
import { createTestSealer } from '../../../server/src/platform/seal/index.ts'

// The console's API over a book, as a process of its own: `node serve-console.ts DATABASE_URL AGENTS`. Says its address
// on stdout. `POST /floor` answers with what the statements of one request take by themselves.

const NOW = instant(Date.UTC(2026, 5, 1, 3))
const PASSWORD = 'correct horse battery'
const ROUNDS = 200
const WARM_UPS = 20

/** What a driver is given: a text, or a text with its values. */
const statement = z.union([
  z.string().transform((text) => ({ text, values: [] })),
  z.object({ text: z.string(), values: z.array(z.unknown()).default([]) }),
])
type Statement = z.output<typeof statement>

const [url = '', agents = '1'] = process.argv.slice(2)
let heard: Statement[] | null = null
listenToStatements()
const db = openDatabase({ url })
const port = await freePort()
const origins = [`http://localhost:${port}`] as const
const auth = openAuth({ databaseUrl: url, secret: 'bench'.repeat(10), origins, oidc: null })
const sealer = createTestSealer()
const reactions = createReactions()
const clock = { now: () => NOW }
const home = tmpdir()
const onFailure = (error: unknown): void => console.error(error)
const app = await createApp({ version: '0', onFailure })
const gate: Gate = {
  policyOf: (packs, overlay) => loadPolicy(overlay === null ? packs : [...packs, overlay]),
  templates: await loadTemplates(),
  sealer,
  reactions,
  publicUrl: 'https://lender.example.com',
}
for (let agent = 0; agent < Number(agents); agent += 1) {
  const name = `agent${agent}`
  const team = `team ${Math.floor(agent / 10)}`
  const email = `${name}@example.com`
  const given = {
    email,
    name,
    password: PASSWORD,
    roles: ['agent'],
    team,
    agentLogin: name,
  } as const
  await addStaff(db, auth, { given, at: NOW })
}
const begun = new WeakMap<object, number>()
app.addHook('onRequest', async (request) => {
  begun.set(request, performance.now())
})
app.addHook('onSend', async (request, reply) => {
  reply.header('x-took-ms', performance.now() - (begun.get(request) ?? 0))
})
routeConsole(app, {
  ...{ db, sealer, reactions, clock, wall: clock, clockRate: () => 1, gate, auth, origins },
  ...{ importer: createImporter({ db, sealer, clock, home, onFailure }), home },
  ...{ guard: guardSignIn(db, sealer, clock), isDemo: false, webFolder: null, onFailure },
  signer: await openEvidenceSigner(join(home, 'evidence.pem')),
})
const asked = z.object({ path: z.string(), cookie: z.string() })
app.post('/floor', { schema: { body: asked } }, async ({ body }) => {
  heard = []
  await app.inject({ url: body.path, headers: { cookie: body.cookie } })
  const statements = heard
  heard = null
  return { ms: await floorOf(statements), statements: statements.length }
})
await app.listen({ host: 'localhost', port })
process.stdout.write(`${JSON.stringify({ url: origins[0], password: PASSWORD })}\n`)
// Whoever began this ends it by closing its input.
process.stdin.resume().once('end', () => process.exit(0))

/** The median of the statements, one after the other, prepared and warm, on one connection. */
async function floorOf(statements: readonly Statement[]): Promise<number> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c jit=off -c random_page_cost=1.1',
  })
  await client.connect()
  const taken: number[] = []
  for (let round = 0; round < ROUNDS + WARM_UPS; round += 1) {
    const from = performance.now()
    for (const [index, { text, values }] of statements.entries())
      await client.query(values.length === 0 ? text : { name: `s${index}`, text, values })
    if (round >= WARM_UPS) taken.push(performance.now() - from)
  }
  await client.end()
  return taken.sort((a, b) => a - b)[ROUNDS / 2] ?? 0
}

/** Writes down what goes to the database while somebody listens, whoever's library sends it. */
function listenToStatements(): void {
  const { query } = pg.Client.prototype
  Object.defineProperty(pg.Client.prototype, 'query', {
    value: function (this: pg.Client, ...given: unknown[]): unknown {
      const values = Array.isArray(given[1]) ? { text: given[0], values: given[1] } : given[0]
      const read = heard === null ? null : statement.safeParse(values)
      if (read?.success === true) heard?.push(read.data)
      return Reflect.apply(query, this, given)
    },
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  await once(server.close(), 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
