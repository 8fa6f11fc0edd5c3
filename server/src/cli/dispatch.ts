import { setTimeout } from 'node:timers/promises'
import { type Instant, parseInstant } from '@dunlin/kernel'
import { type DispatchCounts, dispatchDue, type Gate, type Outlet } from '../contact/index.ts'
import type { Database } from '../platform/db/index.ts'
import { EXIT, type Io } from './io.ts'

export type DispatchCommand = {
  readonly db: Database
  readonly gate: Gate
  readonly outlets: readonly Outlet[]
  readonly now: () => Instant
  readonly isDemo: boolean
  readonly at?: string | undefined
  /** Goes on, round after round, until this instant of the world's clock. */
  readonly until?: string | undefined
  readonly json: boolean
}

const ROUND_MS = 1_000

/**
 * `dunlin dispatch [--until INSTANT] [--at INSTANT]`: gates and sends what is due, once, or until an
 * instant. `--at` sets the clock, in the sandbox only.
 */
export async function runDispatch(command: DispatchCommand, io: Io): Promise<number> {
  const at = command.at === undefined ? null : parseInstant(command.at)
  const until = command.until === undefined ? null : parseInstant(command.until)
  for (const [option, text, parsed] of [
    ['--at', command.at, at],
    ['--until', command.until, until],
  ]) {
    if (text === undefined || parsed !== null) continue
    io.error(`${option} ${text} is no instant: expected 2026-06-01T10:00:00+08:00`)
    return EXIT.usage
  }
  if (at !== null && !command.isDemo) {
    io.error('--at works only in the sandbox: this installation is not a demo')
    return EXIT.usage
  }
  const { db, gate, outlets } = command
  const now = at === null ? command.now : () => at
  for (;;) {
    const counts = await dispatchDue({ db, gate, outlets, now })
    io.out(command.json ? JSON.stringify(counts) : inWords(counts))
    if (until === null || now() >= until || at !== null) return EXIT.ok
    await setTimeout(Math.min(ROUND_MS, until - now()))
  }
}

function inWords(counts: DispatchCounts): string {
  const { permitted, deferred, refused, cancelled, sent, failed, unknown, notSent } = counts
  return `permitted ${permitted}, deferred ${deferred}, refused ${refused}, cancelled ${cancelled}; sent ${sent}, failed ${failed}, unknown ${unknown}, not sent ${notSent}`
}
