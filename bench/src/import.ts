import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchServer, withBenchServer, withDatabase } from './bench-database.ts'
import type { BenchLine } from './bench-line.ts'
import { insertPortfolio } from './book/insert-portfolio.ts'
import { shuffled, writeLoanFile } from './book/loan-file.ts'
import { memoryLine } from './book/memory-line.ts'
import { startJob } from './book/start-job.ts'

const ROWS = 1_000_000
const CHANGED_EVERY = 1000
const SEED = 20_260_601
const FLOOR_RATIO_MAX = 2
const AGAIN_RATIO_MAX = 0.5

type Files = { readonly rows: number; readonly first: string; readonly again: string }

/**
 * One million loan rows from CSV into borrowers, contact points, loans and ledger events, beside the same
 * parse, seals, COPY and inserts without checks; then the same rows shuffled with one in a thousand changed.
 */
export async function benchImport({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const rows = quick ? ROWS / 10 : ROWS
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-bench-'))
  try {
    const first = join(folder, 'first.csv')
    const again = join(folder, 'again.csv')
    await writeLoanFile(first, { rows })
    const order = shuffled(rows, SEED)
    await writeLoanFile(again, { rows, order, changedEvery: CHANGED_EVERY })
    return await withBenchServer((server) => measure(server, { rows, first, again }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(server: BenchServer, { rows, first, again }: Files): Promise<BenchLine[]> {
  const floorUrl = await server.create('floor')
  await withDatabase(floorUrl, insertPortfolio)
  const floor = await startJob('import-floor', floorUrl, first)
  await server.drop('floor')
  const url = await server.create('book')
  await withDatabase(url, insertPortfolio)
  const whole = await startJob('import', url, first)
  await withDatabase(url, (db) => db.run('vacuum (analyze)'))
  const second = await startJob('import', url, again)
  return [
    {
      name: 'import',
      value: Math.round(rows / whole.seconds),
      unit: 'rows/s',
      peer: 'the same parse, seals, COPY and inserts without checks (floor)',
      peerValue: Math.round(rows / floor.seconds),
      ratio: whole.seconds / floor.seconds,
      bar: `<= ${FLOOR_RATIO_MAX} x the floor's time`,
      met: whole.seconds <= FLOOR_RATIO_MAX * floor.seconds,
    },
    {
      name: 'import-again',
      value: Math.round(rows / second.seconds),
      unit: 'rows/s',
      peer: 'the first import of the same rows',
      peerValue: Math.round(rows / whole.seconds),
      ratio: second.seconds / whole.seconds,
      bar: `<= ${AGAIN_RATIO_MAX} x the first's time`,
      met: second.seconds <= AGAIN_RATIO_MAX * whole.seconds,
    },
    memoryLine('import', Math.max(whole.megabytes, second.megabytes)),
  ]
}
