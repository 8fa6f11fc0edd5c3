import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type WorkerOptions = {
  readonly url: string
  readonly smppPort: number
  readonly window: number
  readonly clockAheadMs: number
}

export type WorkerProcess = {
  /** Settles when it dispatches. */
  readonly ready: Promise<void>
  readonly isRunning: () => boolean
  /** `kill -9`: nothing of it gets to run any more. */
  readonly kill: () => Promise<void>
  /** Lets it end what is under way; its exit code. */
  readonly end: () => Promise<number | null>
  /** What it wrote to its log. */
  readonly said: () => string
}

const WORKER = join(import.meta.dirname, 'kill-worker.ts')

export function startWorkerProcess(options: WorkerOptions): WorkerProcess {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const exited = once(child, 'exit')
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('ready\n')) resolve()
    })
    exited.then(() => reject(new Error(`the worker ended before it was ready: ${said}`)))
  })
  // A worker may be killed before it is ready, and then nobody waits for it.
  ready.catch(() => undefined)
  return {
    ready,
    isRunning: () => isRunning(child),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    end: async () => {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
    said: () => said,
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
