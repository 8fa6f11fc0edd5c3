import { stat, statfs } from 'node:fs/promises'
import type { Clock } from '@dunlin/kernel'
import { prettifyError, ZodError } from 'zod'
import { toProviderRow } from '../main.ts'
import { type AccountRow, listAccounts, listStopped } from '../people/index.ts'
import { type Config, homePaths } from '../platform/config/index.ts'
import { type Database, lookAtDatabase } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { openProvider } from '../wire-providers.ts'
import {
  type AccountLook,
  type Finding,
  judgeAccount,
  judgeClock,
  judgeDisk,
  judgeKey,
  judgeServer,
} from './doctor-checks.ts'
import { EXIT, type Io } from './io.ts'

/** What the machine shows before any database is opened: the folder of keys and its room. */
export async function lookAtHome(home: string): Promise<readonly Finding[]> {
  const paths = homePaths(home)
  const disk = await statfs(home).catch(() => null)
  if (disk === null) {
    const detail = `${home} is not there yet`
    return [{ check: 'disk', state: 'warning', detail, advice: 'it is made at the first start' }]
  }
  return [
    judgeDisk(disk.bavail * disk.bsize, home),
    judgeKey('seal', await fileOf(paths.sealKeys)),
    judgeKey('evidence', await fileOf(paths.evidenceKey)),
  ]
}

async function fileOf(path: string): Promise<{ path: string; mode: number | null }> {
  const found = await stat(path).catch(() => null)
  return { path, mode: found === null ? null : found.mode }
}

/** Database, migrations, clock, and every account: opened, bound or logged in, and closed. Nothing is sent. */
export async function lookAround(world: {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly config: Config
}): Promise<readonly Finding[]> {
  const { version, skewMs, migrations } = await lookAtDatabase(world.db)
  const accounts = await listAccounts(world.db)
  const stopped = await listStopped(world.db)
  const looks = await Promise.all(
    accounts.map((row) => lookAtAccount(row, { ...world, isStopped: stopped.has(row.accountId) })),
  )
  return [
    judgeServer(version),
    { check: 'migrations', state: 'ok', detail: `${migrations} applied, none waits`, advice: '' },
    judgeClock(skewMs),
    ...(accounts.length === 0 ? [NO_ACCOUNT] : looks.map(judgeAccount)),
  ]
}

const NO_ACCOUNT: Finding = {
  check: 'accounts',
  state: 'warning',
  detail: 'no provider account is configured',
  advice: 'nothing can go out: add one with `dunlin apply` (docs/guide/providers.md)',
}

async function lookAtAccount(
  row: AccountRow,
  given: {
    readonly db: Database
    readonly sealer: Sealer
    readonly clock: Clock
    readonly isStopped: boolean
  },
): Promise<AccountLook> {
  const { db, sealer, clock, isStopped } = given
  const common = { name: row.name, adapter: row.adapter, isStopped }
  try {
    const provider = openProvider(toProviderRow(row, sealer), { clock, sealer, handlers: null, db })
    try {
      return { ...common, probe: (await provider.probe?.()) ?? null, failure: null }
    } finally {
      await provider.channel.close()
    }
  } catch (error) {
    return { ...common, probe: null, failure: firstLine(error) }
  }
}

/** The database could not be opened at all. */
export function databaseTrouble(error: unknown): Finding {
  const detail = firstLine(error)
  const advice = detail.startsWith('migration')
    ? 'this program and the database are of different versions: run the version that made it, or restore a backup'
    : 'check DATABASE_URL, or without it that no other program holds the embedded database in DUNLIN_HOME'
  return { check: 'database', state: 'problem', detail, advice }
}

export function printFindings(
  findings: readonly Finding[],
  { json, io }: { readonly json: boolean; readonly io: Io },
): number {
  for (const finding of findings) {
    if (json) io.out(JSON.stringify(finding))
    else {
      io.out(`${WORD[finding.state]} ${finding.check}: ${finding.detail}`)
      if (finding.advice !== '') io.out(`        → ${finding.advice}`)
    }
  }
  return findings.some(({ state }) => state === 'problem') ? EXIT.problems : EXIT.ok
}

const DETAIL_CHARS_MAX = 300
const WORD = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' } as const

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const told = error instanceof ZodError ? prettifyError(error) : text
  return told.replace(/\s*\n\s*/g, ' ').slice(0, DETAIL_CHARS_MAX)
}
