import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureWeb } from './build-web.ts'
import { readRuntime, removeRuntime, writeRuntime } from './cli/runtime.ts'
import { type Config, readConfig } from './platform/config/index.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/postgres/index.ts'
import { type Demo, prepareDemo } from './prepare-demo.ts'

// `npm start`: the database, the product and, in a demo, the sandbox world beside it, as one command
// that ends as one (rulings 13).

const USAGE = `npm start -- [options]
  --port N     port of the API and the page (8080)
  --no-demo    an empty book and no sandbox
  --demo       a demo also with DATABASE_URL, whose database must be empty`

/** Room for what lives for one answer only, in MiB: it is swept less often. `bin/dunlin` gives the same. */
const YOUNG_SPACE = '--max-semi-space-size=64'
const ROOT = join(import.meta.dirname, '../..')
const END_WAIT_MS = 15_000
const POSTGRES_SETTINGS = { shared_buffers: '256MB', max_wal_size: '2GB' }

const { values } = parseArgs({
  allowNegative: true,
  options: {
    port: { type: 'string' },
    demo: { type: 'boolean' },
    help: { type: 'boolean', default: false },
  },
})

const children: ChildProcess[] = []
let ending: Promise<void> | null = null

if (values.help) say(USAGE)
else {
  try {
    await run()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 3
  }
}

async function run(): Promise<void> {
  const config = readConfig()
  const port = values.port === undefined ? config.port : Number(values.port)
  const running = await readRuntime(config.home)
  if (running !== null)
    throw new Error(
      `already running at ${running.url} (process ${running.pid}) with the data in ${config.home}`,
    )
  await refuseBusyPort(port)
  await mkdir(config.home, { recursive: true, mode: 0o700 })
  const embedded =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ folder: config.home, settings: POSTGRES_SETTINGS })
      : null
  const databaseUrl = embedded?.url ?? config.databaseUrl ?? ''
  endOnSignals(config.home, embedded)
  try {
    const isWanted = values.demo ?? config.databaseUrl === null
    const [demo] = await Promise.all([
      prepareDemo({ ...config, port }, { databaseUrl, isWanted }),
      ensureWeb('console', say),
      ensureWeb('portal', say),
    ])
    await launch({ config, port, databaseUrl, demo })
  } catch (error) {
    await end(config.home, embedded)
    throw error
  }
}

async function launch(given: {
  config: Config
  port: number
  databaseUrl: string
  demo: Demo | null
}): Promise<void> {
  const { port, databaseUrl, demo } = given
  const { home } = given.config
  const url = `http://localhost:${port}`
  const clockUrl =
    demo === null
      ? null
      : await startSandbox(demo, { config: given.config, url: `http://127.0.0.1:${port}` })
  const env = {
    DATABASE_URL: databaseUrl,
    DUNLIN_HOME: home,
    DUNLIN_PORT: String(port),
    DUNLIN_LOG_LEVEL: 'warn',
    ...(clockUrl === null ? {} : { DUNLIN_CLOCK_URL: clockUrl }),
  }
  const product = launchNode(
    ['server/src/cli/main.ts', 'start', '--roles', 'api,worker,dispatch'],
    env,
    'inherit',
  )
  await untilReady(`http://127.0.0.1:${port}/readyz`, product)
  await writeRuntime(home, { databaseUrl, clockUrl, url, pid: process.pid })
  say(
    `Dunlin is running.\n  console       ${url}\n  portal        ${url}/portal/\n  API reference ${url}/docs\n  data          ${home}`,
  )
  if (demo !== null)
    say(
      `  sign in as    ${demo.logins.join(', ')}\n  password      ${demo.password}\n  a borrower    ${demo.portalLink}\n  demo key      ${demo.operatorKey}\n  The book is made up, and so is the time: the sandbox's clock runs ${demo.rate} times as fast.`,
    )
  say('Ctrl-C ends everything.')
}

/** Starts the pretend world; the address of its clock. */
async function startSandbox(
  demo: Demo,
  { config, url }: { config: Config; url: string },
): Promise<string> {
  const { smpp, smtp, control: controlPort } = config.sandboxPorts
  const args = [
    'sandbox/src/main.ts',
    '--seed',
    '1',
    '--rate',
    String(demo.rate),
    '--start-at',
    demo.startAt,
    '--book',
    demo.book,
    '--product',
    url,
    '--smpp-port',
    String(smpp),
    '--smtp-port',
    String(smtp),
    '--control-port',
    String(controlPort),
    '--inbound-mail',
    `127.0.0.1:${config.mailPort}`,
    '--wechat-pay',
    demo.wechatPay,
  ]
  const sandbox = launchNode(args, { DUNLIN_SANDBOX_API_KEY: demo.sandboxKey }, 'pipe')
  const failed = once(sandbox, 'exit').then(() => {
    throw new Error(
      `the sandbox could not start: are the ports ${smpp}, ${smtp} and ${controlPort} taken? Choose others with DUNLIN_SANDBOX_PORTS`,
    )
  })
  failed.catch(() => undefined)
  const said =
    sandbox.stdout === null ? [] : await Promise.race([once(sandbox.stdout, 'data'), failed])
  sandbox.stdout?.resume()
  const { control } = JSON.parse(String(said[0]))
  keepClock(`${control}/clock`, config.home)
  return `${control}/clock`
}

/** Remembers the sandbox's time, so that the next start goes on from there and never back. */
function keepClock(clockUrl: string, home: string): void {
  const timer = setInterval(async () => {
    const answer = await fetch(clockUrl).catch(() => null)
    if (answer?.ok === true) await writeFile(join(home, 'demo-clock.json'), await answer.text())
  }, 2_000)
  timer.unref()
}

function launchNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdout: 'pipe' | 'inherit',
): ChildProcess {
  const child = spawn(process.execPath, [YOUNG_SPACE, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit', 'ipc'],
    // Signals come from us alone, one child after the other.
    detached: true,
  })
  children.push(child)
  return child
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error('the product could not start; its log above says why')
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function refuseBusyPort(port: number): Promise<void> {
  const { createServer } = await import('node:net')
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', () =>
      reject(
        new Error(
          `port ${port} is taken: end what uses it, or choose another with npm start -- --port N`,
        ),
      ),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

function endOnSignals(home: string, embedded: EmbeddedPostgres | null): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      say('\nending…')
      end(home, embedded).then(() => process.exit(0))
    })
  }
}

/** Ends the children, the world before the product that it talks to, then the database. */
function end(home: string, embedded: EmbeddedPostgres | null): Promise<void> {
  ending ??= (async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), END_WAIT_MS)
      await gone
      clearTimeout(timer)
    }
    await embedded?.stop()
    await removeRuntime(home)
  })()
  return ending
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
