import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { required } from '@dunlin/kernel'

const ROOT = join(import.meta.dirname, '../..')
const READY_MS = 180_000

export type Started = {
  readonly url: string
  readonly seconds: number
  /** Of the demo's people. */
  readonly password: string
  /** Ctrl-C, then waits for the end; what the command printed and its exit code. */
  readonly end: () => Promise<{ output: string; code: number | null }>
}

/** Runs what `npm start` runs, with data and ports of its own. */
export async function startProduct(home: string, ports: readonly number[]): Promise<Started> {
  const [port = 0, mail = 0, ...sandbox] = ports
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['server/src/supervisor.ts', '--port', String(port)], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DUNLIN_HOME: home,
      DUNLIN_MAIL_PORT: String(mail),
      DUNLIN_SANDBOX_PORTS: sandbox.join(','),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  await untilSaid(child, () => output)
  return {
    url: `http://localhost:${port}`,
    seconds: (performance.now() - startedAt) / 1000,
    password: /password +(\S+)/.exec(output)?.[1] ?? '',
    end: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGINT')
      const [code] = await gone
      return { output, code: typeof code === 'number' ? code : null }
    },
  }
}

async function untilSaid(child: ChildProcess, output: () => string): Promise<void> {
  const signal = AbortSignal.timeout(READY_MS)
  while (!output().includes('Ctrl-C ends everything')) {
    if (child.exitCode !== null) throw new Error(`it ended at once:\n${output()}`)
    const stream = required(child.stdout, 'output')
    await Promise.race([once(stream, 'data', { signal }), once(child, 'exit', { signal })])
  }
}

/** Ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
