import { setTimeout } from 'node:timers/promises'
import { type Instant, parseInstant } from '@dunlin/kernel'
import {
  type DispatchCounts,
  type DispatchOptions,
  dispatchDue,
  type Gate,
  type Outlet,
} from '../contact/index.ts'
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
  const at = instantOf('--at', command.at, io)
  const until = instantOf('--until', command.until, io)
  if (at === undefined || until === undefined) return EXIT.usage
  if (at !== null && !command.isDemo) {
    io.error('--at works only in the sandbox: this installation is not a demo')
    return EXIT.usage
  }
  const { db, gate, outlets } = command
  const now = at === null ? command.now : () => at
  for (;;) {
    await runRound({ db, gate, outlets, now }, { io, json: command.json })
    if (until === null || now() >= until || at !== null) return EXIT.ok
    await setTimeout(Math.min(ROUND_MS, until - now()))
  }
}

/** Null when the option is absent, undefined when it is no instant, which is said. */
function instantOf(option: string, text: string | undefined, io: Io): Instant | null | undefined {
  if (text === undefined) return null
  const parsed = parseInstant(text)
  if (parsed !== null) return parsed
  io.error(`${option} ${text} is no instant: expected 2026-06-01T10:00:00+08:00`)
  return undefined
}

async function runRound(
  options: Omit<DispatchOptions, 'onDecided'>,
  { io, json }: { io: Io; json: boolean },
): Promise<void> {
  const decided = new Map<string, number>()
  const onDecided = (byStage: Readonly<Record<string, number>>) => {
    for (const [key, count] of Object.entries(byStage))
      decided.set(key, (decided.get(key) ?? 0) + count)
  }
  const counts = await dispatchDue({ ...options, onDecided })
  report(counts, decided, { io, json })
}

function report(
  counts: DispatchCounts,
  decided: ReadonlyMap<string, number>,
  { io, json }: { io: Io; json: boolean },
): void {
  const rows = [...decided].sort().map(([key, count]) => {
    const [stage = '', channel = '', verdict = ''] = key.split(' ')
    return { stage, channel, verdict, count }
  })
  if (json) io.out(JSON.stringify({ ...counts, decided: rows }))
  else {
    io.out(inWords(counts))
    for (const { stage, channel, verdict, count } of rows)
      io.out(`  ${stage}\t${channel}\t${verdict}\t${count}`)
  }
}

function inWords(counts: DispatchCounts): string {
  const { permitted, deferred, refused, cancelled, sent, failed, unknown, notSent } = counts
  return `permitted ${permitted}, deferred ${deferred}, refused ${refused}, cancelled ${cancelled}; sent ${sent}, failed ${failed}, unknown ${unknown}, not sent ${notSent}`
}
