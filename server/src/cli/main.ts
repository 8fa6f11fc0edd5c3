import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Clock, parseInstant } from '@dunlin/kernel'
import { Command, CommanderError } from 'commander'
import { openWorld, type Role, start, toOutlet, toProviderRow, type World } from '../main.ts'
import { listAccounts } from '../people/index.ts'
import { homePaths, readConfig } from '../platform/config/index.ts'
import { openEvidenceSigner, sealBatches } from '../platform/evidence/index.ts'
import { markInstallation } from '../prepare-demo.ts'
import { openProvider } from '../wire-providers.ts'
import type { Finding } from './doctor-checks.ts'
import { EXIT, type Io } from './io.ts'
import { definePayments } from './payments-command.ts'
import { addPolicyCommands } from './policy-commands.ts'
import { definePortal } from './portal-command.ts'
import { defineRecording } from './recording-command.ts'
import type { ReportOptions } from './report.ts'
import { borrowDatabase } from './runtime.ts'
import { defineStaff } from './staff-command.ts'

const io: Io = {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
}

// Whoever reads our output may stop before its end, as `head` does.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
  process.exit(EXIT.ok)
})

/** Runs a command with an open world and closes it, whatever happens. */
async function withWorld(work: (world: World) => Promise<number>): Promise<void> {
  const config = readConfig()
  const borrowed = await borrowDatabase(config)
  try {
    const world = await openWorld({ ...config, clockUrl: borrowed.clockUrl }, borrowed.databaseUrl)
    try {
      process.exitCode = await work(world)
    } finally {
      await world.close()
    }
  } finally {
    await borrowed.giveBack()
  }
}

const program = new Command('dunlin').description('Collections under one gate.').exitOverride()
program.option('--json', 'one JSON object a line')
const isJson = (): boolean => program.opts().json === true

program
  .command('start')
  .description('run everything as npm start does, or only some roles of it')
  .option('--roles <roles>', 'some of api,worker,dispatch, against a database that is there')
  .option('--port <port>', 'port of the API')
  .option('--no-demo', 'without the demo book and the sandbox')
  .action(async (options: { roles?: string; port?: string; demo: boolean }) => {
    if (options.roles === undefined) return startAll(options)
    const roles = options.roles.split(',').map(toRole)
    const config = readConfig()
    const borrowed = await borrowDatabase(config)
    const port = options.port === undefined ? config.port : Number(options.port)
    const world = await openWorld(
      { ...config, port, clockUrl: config.clockUrl ?? borrowed.clockUrl },
      borrowed.databaseUrl,
    )
    const running = await start(world, roles)
    await untilToldToEnd()
    await running.stop()
    await world.close()
    await borrowed.giveBack()
    // The line to a supervisor would keep this process up.
    if (process.connected) process.disconnect?.()
  })

/** The supervisor in this process's place; Ctrl-C reaches it as it reaches us. */
async function startAll({ port, demo }: { port?: string; demo: boolean }): Promise<void> {
  const script = join(import.meta.dirname, '../supervisor.ts')
  const args = [...(port === undefined ? [] : ['--port', port]), ...(demo ? [] : ['--no-demo'])]
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  process.exitCode = typeof code === 'number' ? code : EXIT.failed
}

function toRole(word: string): Role {
  const role = (['api', 'worker', 'dispatch'] as const).find((known) => known === word.trim())
  if (role === undefined)
    throw new CommanderError(EXIT.usage, 'role', `unknown role ${word}: api, worker or dispatch`)
  return role
}

/** Ctrl-C, SIGTERM, or the end of the program that started this one. */
function untilToldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const)
      process.once(signal, () => resolve())
  })
}

program
  .command('import <kind> <file>')
  .description('load a file: loans, schedule, ledger, contacts, consents or history')
  .requiredOption('--portfolio <name>', 'the portfolio it belongs to')
  .option('--map <file>', 'a YAML map of its columns')
  .option('--as-of <date>', 'the day whose close it describes')
  .option('--dry-run', 'count, and change nothing')
  .action(
    async (
      kind: string,
      file: string,
      options: { portfolio: string; map?: string; asOf?: string; dryRun?: boolean },
    ) => {
      const { runImport } = await import('./import.ts')
      await withWorld(({ db, sealer, clock, config }) =>
        runImport(
          {
            ...options,
            db,
            sealer,
            kind,
            file,
            at: clock.now(),
            rejectFolder: homePaths(config.home).rejects,
            json: isJson(),
            isTerminal: process.stdout.isTTY === true,
          },
          io,
        ),
      )
    },
  )

program
  .command('cycle')
  .description('open and close cases, plan the day, materialise its attempts')
  .option('--as-of <date>')
  .action(async (options: { asOf?: string }) => {
    const { runCycleCommand } = await import('./cycle.ts')
    await withWorld(({ db, reactions, clock }) =>
      runCycleCommand({ db, reactions, at: clock.now(), asOf: options.asOf, json: isJson() }, io),
    )
  })

program
  .command('dispatch')
  .description('gate and send what is due')
  .option('--once', 'one round; the same as without --until')
  .option('--until <instant>', 'round after round until then')
  .option('--at <instant>', 'set the clock; in the sandbox only')
  .action(async (options: { at?: string; until?: string }) => {
    const { runDispatch } = await import('./dispatch.ts')
    await withWorld(async (world) => {
      const { db, gate, sealer, isDemo, config } = world
      const clock = clockAt(options.at, world)
      const rows = await listAccounts(db)
      const providers = rows.map((row) => ({
        row,
        provider: openProvider(toProviderRow(row, sealer), { clock, sealer, handlers: null, db }),
      }))
      try {
        const outlets = providers.map(({ row, provider }) => toOutlet(row, provider))
        const code = await runDispatch(
          { ...options, db, gate, outlets, now: clock.now, isDemo, json: isJson() },
          io,
        )
        const { evidenceKey, heads } = homePaths(config.home)
        const signer = await openEvidenceSigner(evidenceKey)
        await sealBatches(db, { signer, headsFile: heads, at: clock.now() })
        return code
      } finally {
        await Promise.all(providers.map(({ provider }) => provider.channel.close()))
      }
    })
  })

/** The clock that `--at` sets, in the sandbox only; it holds for the providers too, whose permits expire by it. */
function clockAt(text: string | undefined, { clock, isDemo }: World): Clock {
  const at = text === undefined || !isDemo ? null : parseInstant(text)
  return at === null ? clock : { now: () => at }
}

program
  .command('apply <file>')
  .description('settings: portfolios, products, provider accounts, agents, API keys')
  .action(async (file: string) => {
    const { runApply } = await import('./apply.ts')
    await withWorld(({ db, sealer, clock }) =>
      runApply({ db, sealer, at: clock.now(), file }, { json: isJson(), io }),
    )
  })

const wecom = program.command('wecom').description('WeCom accounts')
wecom
  .command('invite <account> <case>')
  .description('make a way for the borrower of a case to come to us; prints its address')
  .option('--way <way>', 'qr, link or kf', 'qr')
  .requiredOption('--through <id>', 'the member, or for kf the customer-service account')
  .action(async (account: string, caseId: string, options: { way: string; through: string }) => {
    const { runWecomInvite } = await import('./wecom.ts')
    await withWorld((world) => runWecomInvite({ ...options, world, account, caseId }, io))
  })
wecom
  .command('guard <account>')
  .description('give the forbidden words of the packs to the members’ own client')
  .option('--dry-run', 'print the words only')
  .action(async (account: string, options: { dryRun?: boolean }) => {
    const { runWecomGuard } = await import('./wecom.ts')
    const isDry = options.dryRun === true
    await withWorld((world) => runWecomGuard({ world, account, isDry }, io))
  })
wecom
  .command('replay <account>')
  .description('work off callbacks again; what was done already is not done twice')
  .requiredOption('--since <instant>', 'received at or after')
  .action(async (account: string, options: { since: string }) => {
    const { runWecomReplay } = await import('./wecom.ts')
    await withWorld((world) => runWecomReplay({ ...options, world, account }, io))
  })

const webhooks = program.command('webhooks').description('where events are sent')
webhooks
  .command('list')
  .description('webhooks, and whether they arrive; exit 1 when one does not')
  .action(async () => {
    const { runWebhooksList } = await import('./webhooks.ts')
    await withWorld((world) => runWebhooksList(world, isJson(), io))
  })
webhooks
  .command('replay <name>')
  .description('send the events of a period again, in their order')
  .requiredOption('--from <instant>', 'learned of at or after')
  .option('--until <instant>', 'learned of at or before; absent: now')
  .action(async (name: string, options: { from: string; until?: string }) => {
    const { runWebhooksReplay } = await import('./webhooks.ts')
    const { from, until } = options
    await withWorld((world) => runWebhooksReplay(world, { name, from, until }, io))
  })

definePayments(program, { withWorld, isJson, io })
definePortal(program, { withWorld, io })
defineRecording(program, { isJson, io })
defineStaff(program, { withWorld, io })

addPolicyCommands(program, { io, isJson, withWorld })

program
  .command('ledger')
  .description('the ledger')
  .command('check <files...>')
  .description('run ledger vectors')
  .action(async (files: string[]) => {
    const { runLedgerCheck } = await import('./ledger.ts')
    process.exitCode = await runLedgerCheck(files, { json: isJson(), io })
  })

program
  .command('simulate <strategies...>')
  .description(
    'try strategies (names or YAML files) on a virtual book, with the product’s own code',
  )
  .option('--borrowers <n>', 'how many made-up borrowers', '500')
  .option('--days <n>', 'how many days', '90')
  .option('--seed <n>', 'the same seed gives the same people', '1')
  .action(
    async (strategies: string[], options: { borrowers: string; days: string; seed: string }) => {
      const { runSimulate } = await import('./simulate.ts')
      await withWorld(({ db, sealer, gate }) => {
        const isTerminal = process.stdout.isTTY === true
        return runSimulate(
          { ...options, strategies, db, sealer, gate, json: isJson(), isTerminal },
          io,
        )
      })
    },
  )

program
  .command('report [name]')
  .description(
    'KPIs of a period, by the definitions of docs/reference/kpi.md; without a name: their list',
  )
  .option('--from <date>', 'the first day; absent: 30 days before the last')
  .option('--to <date>', 'the last day; absent: yesterday, in the first portfolio’s zone')
  .option('--by <cohort>', 'none, portfolio, month, channel or agent', 'none')
  .option('--portfolio <name>', 'of this portfolio only')
  .option('--csv', 'as CSV')
  .action(async (name: string | undefined, options: ReportOptions) => {
    const { listReports, runReport } = await import('./report.ts')
    if (name === undefined) {
      process.exitCode = listReports({ json: isJson(), io })
      return
    }
    await withWorld(({ db, clock }) =>
      runReport({ ...options, db, name, at: clock.now(), json: isJson() }, io),
    )
  })

const evidence = program.command('evidence').description('the log of decisions')
evidence
  .command('export <case>')
  .requiredOption('--out <folder>')
  .action(async (caseId: string, options: { out: string }) => {
    const { runEvidenceExport } = await import('./evidence.ts')
    await withWorld(async ({ db, sealer, clock, config }) => {
      const signer = await openEvidenceSigner(homePaths(config.home).evidenceKey)
      return runEvidenceExport(
        { db, sealer, signer, caseId, folder: options.out, at: clock.now() },
        io,
      )
    })
  })
evidence
  .command('verify [folder]')
  .option('--all', 'the whole log of the database')
  .option('--head <hash>', 'a head from elsewhere as trust anchor')
  .action(async (folder: string | undefined, options: { all?: boolean; head?: string }) => {
    const { runEvidenceVerify, runEvidenceVerifyAll } = await import('./evidence.ts')
    if (folder !== undefined) {
      process.exitCode = await runEvidenceVerify(folder, { head: options.head, json: isJson(), io })
      return
    }
    if (options.all !== true)
      throw new CommanderError(EXIT.usage, 'verify', 'name a folder, or --all')
    await withWorld(async ({ db, sealer, config }) => {
      const signer = await openEvidenceSigner(homePaths(config.home).evidenceKey)
      return runEvidenceVerifyAll({ db, sealer, signer }, { json: isJson(), io })
    })
  })

program
  .command('db')
  .description('the database')
  .command('migrate')
  .option(
    '--sandbox',
    'mark an empty installation as a sandbox, for good: nothing real is ever sent',
  )
  .action(async ({ sandbox = false }: { sandbox?: boolean }) => {
    await withWorld(async ({ db, clock }) => {
      const isSandbox = sandbox && (await markInstallation(db, { isWanted: true, at: clock.now() }))
      if (sandbox && !isSandbox) {
        io.error(
          'this installation is not a sandbox and never becomes one: take another DUNLIN_HOME',
        )
        return EXIT.usage
      }
      io.out('the database is up to date')
      return EXIT.ok
    })
  })

program
  .command('doctor')
  .description('check disk, keys, database, clock and every provider account; nothing is sent')
  .action(async () => {
    const { databaseTrouble, lookAround, lookAtHome, printFindings } = await import('./doctor.ts')
    const home = await lookAtHome(readConfig().home)
    const print = (findings: readonly Finding[]): number =>
      printFindings([...home, ...findings], { json: isJson(), io })
    try {
      await withWorld(async (world) => print(await lookAround(world)))
    } catch (error) {
      process.exitCode = print([databaseTrouble(error)])
    }
  })

program
  .command('bench [name]')
  .description('benchmarks against a floor or peer in the same run')
  .option('--quick', 'a tenth of the size')
  .action(async (name: string | undefined, options: { quick?: boolean }) => {
    const script = join(import.meta.dirname, '../../../bench/src/main.ts')
    const args = [
      script,
      ...(name === undefined ? [] : [name]),
      ...(options.quick === true ? ['--quick'] : []),
    ]
    process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? EXIT.failed
  })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tell(error)
}

function tell(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok
    if (!error.code.startsWith('commander.')) io.error(error.message)
    return EXIT.usage
  }
  io.error(error instanceof Error ? error.message : String(error))
  return EXIT.failed
}
