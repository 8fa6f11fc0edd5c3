import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import cliProgress from 'cli-progress'
import { parse } from 'yaml'
import type { Gate } from '../contact/index.ts'
import { type Database, migrate, openDatabase } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { runSimulation, type SimulationResult } from '../simulation/index.ts'
import { compileStrategy, type Strategy } from '../strategy/index.ts'
import { EXIT, type Io } from './io.ts'

export type SimulateCommand = {
  /** Names of shipped strategies, or YAML files. */
  readonly strategies: readonly string[]
  readonly borrowers: string
  readonly days: string
  readonly seed: string
  readonly db: Database
  readonly sealer: Sealer
  readonly gate: Pick<Gate, 'policyOf' | 'templates'>
  readonly json: boolean
  readonly isTerminal: boolean
}

const STRATEGIES = join(import.meta.dirname, '../../../strategies')
const BORROWERS_MAX = 100_000
const DAYS_MAX = 1_000

/** `dunlin simulate STRATEGY… --borrowers N --days D --seed S`: each on the same virtual people, in a database of its own. */
export async function runSimulate(command: SimulateCommand, io: Io): Promise<number> {
  const borrowers = wholeNumber(command.borrowers, BORROWERS_MAX)
  const days = wholeNumber(command.days, DAYS_MAX)
  const seed = wholeNumber(command.seed, Number.MAX_SAFE_INTEGER)
  if (borrowers === null || days === null || seed === null) {
    io.error(
      `--borrowers takes 1 to ${BORROWERS_MAX}, --days 1 to ${DAYS_MAX}, --seed a whole number above 0`,
    )
    return EXIT.usage
  }
  const results: SimulationResult[] = []
  for (const given of command.strategies) {
    const read = await readStrategy(given).catch((error: unknown) => String(error))
    if (typeof read === 'string') {
      io.error(read)
      return EXIT.usage
    }
    const result = await simulateOne(command, { ...read, borrowers, days, seed })
    results.push(result)
    if (command.json) io.out(JSON.stringify(result))
  }
  if (!command.json) print(results, io)
  return EXIT.ok
}

function wholeNumber(text: string, max: number): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value >= 1 && value <= max ? value : null
}

type Read = { readonly strategy: Strategy; readonly file: string }

async function readStrategy(given: string): Promise<Read> {
  const file = /\.ya?ml$/.test(given) ? given : join(STRATEGIES, `${given}.yaml`)
  const source = await readFile(file, 'utf8').catch(() => {
    throw new Error(`there is no strategy ${given}: expected ${file}`)
  })
  return { strategy: compileStrategy(parse(source)), file }
}

async function simulateOne(
  { db: home, sealer, gate, isTerminal }: SimulateCommand,
  given: Read & { borrowers: number; days: number; seed: number },
): Promise<SimulationResult> {
  const { strategy, file, days, ...size } = given
  const name = `dunlin_simulation_${randomBytes(6).toString('hex')}`
  const strategyFolder = await mkdtemp(join(tmpdir(), 'dunlin-strategy-'))
  await copyFile(file, join(strategyFolder, `${strategy.document.name}.yaml`))
  await home.run(`create database ${name}`)
  const url = new URL(home.url)
  url.pathname = `/${name}`
  const db = openDatabase({ url: url.href })
  const bar = isTerminal
    ? new cliProgress.SingleBar({ format: '{bar} day {value} of {total}' })
    : null
  bar?.start(days, 0)
  try {
    await migrate(db)
    const onDay = (day: number): void => bar?.update(day)
    const options = { db, sealer, ...gate, strategy, strategyFolder, days, ...size, onDay }
    return await runSimulation(options)
  } finally {
    bar?.stop()
    await db.close()
    await home.run(`drop database if exists ${name} with (force)`)
    await rm(strategyFolder, { recursive: true, force: true })
  }
}

const LABEL_WIDTH = 34
const VALUE_WIDTH = 24

function print(results: readonly SimulationResult[], io: Io): void {
  const row = (label: string, pick: (result: SimulationResult) => string): void =>
    io.out(
      label.padEnd(LABEL_WIDTH) + results.map((each) => pick(each).padStart(VALUE_WIDTH)).join(''),
    )
  const money = (minor: number): string => (minor / 100).toFixed(2)
  row('', ({ strategy }) => strategy)
  row('borrowers × days, seed', ({ borrowers, days, seed }) => `${borrowers} × ${days}, ${seed}`)
  row('contacts', ({ contacts }) => String(contacts))
  row('refused, deferred', ({ refused, deferred }) => `${refused}, ${deferred}`)
  row('answers, stops', ({ replies, stops }) => `${replies}, ${stops}`)
  row('cases, cured', ({ cases, cured }) => `${cases}, ${cured}`)
  row('paid', ({ paidMinor }) => money(paidMinor))
  row('arrears at the end', ({ arrearsMinor }) => money(arrearsMinor))
  row(
    'without arrears at the end',
    ({ withoutArrears: { mean, low, high } }) =>
      `${(mean * 100).toFixed(1)} % [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`,
  )
  row(
    'paid by each',
    ({ paidMinorEach: { mean, low, high } }) => `${money(mean)} [${money(low)}, ${money(high)}]`,
  )
}
