import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../server/src/platform/postgres/index.ts'
import { bringSystemPackages } from './system-packages.ts'

/**
 * `npm test [-- FILE…]`: the whole suite, or the named files, on a PostgreSQL of its own.
 * What other makers' programs it is tested against is brought first where we may.
 * The server lives in a temporary folder and ends with the run, also on Ctrl-C.
 */
const FOLDERS = [
  'kernel',
  'policy',
  'contract',
  'ui',
  'console',
  'portal',
  'server',
  'world',
  'sandbox',
  'bench',
  'test',
]
const CONCURRENCY = 2

bringSystemPackages()
const named = process.argv.slice(2)
const files =
  named.length > 0 ? named : globSync(FOLDERS.map((folder) => `${folder}/**/*.test.ts`)).sort()
const given = process.env.DUNLIN_TEST_DATABASE_URL
const folder = await mkdtemp(join(tmpdir(), 'dunlin-test-'))
const postgres =
  given === undefined
    ? await startEmbeddedPostgres({
        folder,
        settings: {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          shared_buffers: '512MB',
        },
      })
    : null

const run = spawn(
  process.execPath,
  ['--test', `--test-concurrency=${CONCURRENCY}`, '--test-timeout=600000', ...files],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      DUNLIN_TEST_DATABASE_URL: given ?? postgres?.url,
      DUNLIN_HOME: join(folder, 'home'),
    },
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.kill(signal))
run.on('exit', async (code) => {
  await postgres?.stop()
  await rm(folder, { recursive: true, force: true })
  process.exitCode = code ?? 1
})
