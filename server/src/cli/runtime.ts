import { readFile, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Config, homePaths } from '../platform/config/index.ts'
import { openDatabase } from '../platform/db/index.ts'
import { startEmbeddedPostgres } from '../platform/postgres/index.ts'

const runtimeSchema = z.object({
  databaseUrl: z.string(),
  clockUrl: z.string().nullable(),
  url: z.string(),
  pid: z.number(),
})
/** What a running supervisor tells other commands of the same home. */
export type Runtime = z.infer<typeof runtimeSchema>

export async function writeRuntime(home: string, runtime: Runtime): Promise<void> {
  await writeFile(homePaths(home).runtime, JSON.stringify(runtime), { mode: 0o600 })
}

export async function removeRuntime(home: string): Promise<void> {
  await rm(homePaths(home).runtime, { force: true })
}

/** The runtime of a supervisor that is alive; null when there is none. */
export async function readRuntime(home: string): Promise<Runtime | null> {
  const text = await readFile(homePaths(home).runtime, 'utf8').catch(() => null)
  const parsed = text === null ? null : runtimeSchema.safeParse(JSON.parse(text))
  if (parsed?.success !== true) return null
  return isAlive(parsed.data.pid) ? parsed.data : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export type Borrowed = {
  readonly databaseUrl: string
  readonly clockUrl: string | null
  readonly giveBack: () => Promise<void>
}

/**
 * The database for one command: the given one, that of the program running in the same home, or the
 * embedded one started for as long as the command takes.
 */
export async function borrowDatabase(config: Config): Promise<Borrowed> {
  const nothing = async (): Promise<void> => undefined
  if (config.databaseUrl !== null) {
    return { databaseUrl: config.databaseUrl, clockUrl: config.clockUrl, giveBack: nothing }
  }
  const running = await readRuntime(config.home)
  if (running !== null && (await answers(running.databaseUrl))) {
    return { databaseUrl: running.databaseUrl, clockUrl: running.clockUrl, giveBack: nothing }
  }
  const embedded = await startEmbeddedPostgres({ folder: config.home })
  return { databaseUrl: embedded.url, clockUrl: null, giveBack: embedded.stop }
}

async function answers(url: string): Promise<boolean> {
  const db = openDatabase({ url, connectionsMax: 1 })
  return db
    .query('select 1')
    .then(
      () => true,
      () => false,
    )
    .finally(() => db.close())
}
