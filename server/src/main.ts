import { hostname } from 'node:os'
import { type Clock, formatInstant, type Instant, instant, Secret } from '@dunlin/kernel'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { z } from 'zod'
import { recallDue } from './cases/index.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { routeConsole } from './console-api/index.ts'
import {
  applyCrossedReceipts,
  applyReceipts,
  dispatchDue,
  type Gate,
  loadTemplates,
  type Outlet,
  openRoute,
  reactToCases,
  recoverLost,
} from './contact/index.ts'
import {
  type ConversationContext,
  processWaitingInbound,
  receiveInbound,
  receiveReceipts,
  unsubscribe,
} from './conversations/index.ts'
import { createImporter } from './loanbook/index.ts'
import { bookWaitingCallbacks, buildApi } from './open-api/index.ts'
import { type AccountHealth, type AccountRow, listAccounts, saveHealth } from './people/index.ts'
import {
  endBreathingSpaces,
  judgeOverduePlans,
  judgeOverduePromises,
  tellForgotten,
} from './plans/index.ts'
import { followClock, systemClock } from './platform/clock.ts'
import { type Config, homePaths } from './platform/config/index.ts'
import { type Database, migrate, openDatabase } from './platform/db/index.ts'
import { createReactions, type Reactions } from './platform/events/index.ts'
import { openEvidenceSigner, sealBatches } from './platform/evidence/index.ts'
import { forgetOldKeys } from './platform/http/index.ts'
import { createLog, type Log } from './platform/log.ts'
import { createLoops, type Loops } from './platform/loops.ts'
import { loadPolicy, readPack } from './platform/packs.ts'
import { openSealer, type Sealer } from './platform/seal/index.ts'
import { createWebhookSender, forgetSettled } from './platform/webhooks/index.ts'
import { forgetOldKnocks, routePortal } from './portal-api/index.ts'
import { forgetRaw, requestDueErasures } from './retention/index.ts'
import { createRobotTalk } from './robot-calls/index.ts'
import { runCycleToday } from './strategy/index.ts'
import { openCloudDoor, routeCloudCallbacks } from './wire-cloud-sms.ts'
import { consoleOf } from './wire-console.ts'
import { routeHelp } from './wire-help.ts'
import { openPayments } from './wire-payments.ts'
import { portalOf } from './wire-portal.ts'
import { openMailDoor, openProvider, type Provider } from './wire-providers.ts'
import { wireReactions } from './wire-reactions.ts'
import { openWecomDoor, routeWecomCallbacks } from './wire-wecom.ts'

export type Role = 'api' | 'worker' | 'dispatch'
export type Running = { readonly url: string | null; readonly stop: () => Promise<void> }

/** Everything a process is made of: config → context → roles. */
export type World = {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  /** How fast the clock runs: 1, or faster in a demo. */
  readonly clockRate: () => number
  readonly sealer: Sealer
  readonly reactions: Reactions
  readonly gate: Gate
  readonly log: Log
  readonly isDemo: boolean
  readonly close: () => Promise<void>
}

const VERSION = '0.1.0'

/** Opens the database, keys, clock and gate. The caller closes it. */
export async function openWorld(config: Config, databaseUrl: string): Promise<World> {
  const log = createLog(config.logLevel)
  const db = openDatabase({ url: databaseUrl })
  await migrate(db)
  const [installation] = await db.query<{ is_demo: boolean }>('select is_demo from installation')
  const isDemo = installation?.is_demo === true
  // A fast clock exists in a demo only (rulings 3).
  const followed = isDemo && config.clockUrl !== null ? await followClock(config.clockUrl) : null
  const sealer = await openSealer(homePaths(config.home).sealKeys)
  const reactions = createReactions()
  reactToCases(reactions)
  wireReactions(reactions, sealer)
  const gate: Gate = {
    policyOf: (packs, overlay) =>
      loadPolicy(overlay === null ? packs : [...packs, overlay], { allowTest: isDemo }),
    templates: await loadTemplates(),
    sealer,
    reactions,
    publicUrl: config.publicUrl ?? `http://127.0.0.1:${config.port}`,
  }
  return {
    config,
    db,
    clock: followed ?? systemClock(),
    clockRate: followed?.rate ?? (() => 1),
    sealer,
    reactions,
    gate,
    log,
    isDemo,
    close: async () => {
      followed?.stop()
      await db.close()
    },
  }
}

/** Runs the given roles until `stop`. */
export async function start(world: World, roles: readonly Role[]): Promise<Running> {
  const loops = createLoops(world.log)
  const closers: (() => Promise<unknown>)[] = []
  if (roles.includes('dispatch')) closers.push(await startDispatch(world, loops))
  if (roles.includes('worker')) {
    await startWorkerLoops(world, loops)
    closers.push(startWebhooks(world, loops))
  }
  const api = roles.includes('api') ? await startApi(world) : null
  if (api !== null) closers.push(api.close)
  world.log.started('dunlin', {
    roles: roles.join(','),
    isDemo: world.isDemo,
    url: api?.url ?? null,
  })
  return {
    url: api?.url ?? null,
    stop: async () => {
      await loops.stop()
      for (const close of closers) await close()
      world.log.finished('dunlin')
    },
  }
}

const CYCLE_MS = 5_000
const SEAL_MS = 2_000
const RECOVER_MS = 5_000
const WAITING_MS = 60_000
const FORGOTTEN_MS = 10 * 60_000
const OLD_KEYS_MS = 60 * 60_000
const DISPATCH_MS = 1_000
const HEALTH_MS = 5_000
const WEBHOOKS_MS = 500
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60_000

async function startWorkerLoops(world: World, loops: Loops): Promise<void> {
  const { db, clock, sealer, reactions, log, config } = world
  const paths = homePaths(config.home)
  const signer = await openEvidenceSigner(paths.evidenceKey)
  loops.every('cycle', CYCLE_MS, async () => {
    // Before the cycle looks: what a strategy does next may follow from a promise that was broken.
    await judgeOverduePromises(db, { reactions, at: clock.now() })
    await judgeOverduePlans(db, { reactions, at: clock.now() })
    for (const { looked, folded } of await runCycleToday({ db, reactions, at: clock.now() })) {
      if (looked > 0) log.finished('cycle', { looked, folded })
    }
  })
  loops.every('sealing evidence', SEAL_MS, () =>
    sealBatches(db, { signer, headsFile: paths.heads, at: clock.now() }),
  )
  loops.every('recovery', RECOVER_MS, async () => {
    const given = { reactions, at: clock.now() }
    await recoverLost(db, given)
    await applyCrossedReceipts(db, given)
  })
  const onFailure = (error: unknown, subject: string): void => log.failed(subject, error)
  const payments = openPayments(world)
  const booking = { db, sealer, reactions, clock, onFailure, ...payments }
  for (const { name, pauseMs, work } of payments.chores) loops.every(name, pauseMs, work)
  loops.every('recall of placements', WAITING_MS, () =>
    db.transaction((tx) => recallDue({ tx, reactions, at: clock.now() })),
  )
  loops.every('forgotten cases', FORGOTTEN_MS, () =>
    tellForgotten(db, { reactions, at: clock.now() }),
  )
  loops.every('ends of breathing spaces', FORGOTTEN_MS, () =>
    endBreathingSpaces(db, { reactions, sealer, gate: world.gate, at: clock.now() }),
  )
  loops.every('ends of retention', OLD_KEYS_MS, async () => {
    await requestDueErasures(db, clock.now())
    await forgetRaw(db, clock.now())
  })
  loops.every('old keys', OLD_KEYS_MS, async () => {
    await forgetOldKeys(db, clock.now())
    await forgetOldKnocks(db, systemClock().now())
  })
  loops.every('waiting callbacks', WAITING_MS, () => bookWaitingCallbacks(booking))
  loops.every('waiting inbound', WAITING_MS, () =>
    processWaitingInbound(conversationsOf(world), clock.now()),
  )
}

/** Events go out by the wall's clock, also in a demo: receivers compare it with theirs. */
function startWebhooks({ db, sealer, config, log }: World, loops: Loops): () => Promise<void> {
  const clock = systemClock()
  const sender = createWebhookSender({
    ...{ db, sealer, clock, allowPrivate: config.webhooksPrivate },
    onFailure: (error, subject) => log.failed(subject, error),
  })
  loops.every('webhooks', WEBHOOKS_MS, () => sender.tick())
  loops.every('old deliveries', OLD_KEYS_MS, () =>
    forgetSettled(db, instant(clock.now() - DELIVERIES_KEPT_MS)),
  )
  return () => sender.stop()
}

async function startDispatch(world: World, loops: Loops): Promise<() => Promise<unknown>> {
  const { db, clock, gate, sealer, log, config } = world
  const conversations = conversationsOf(world)
  const handlers: InboundHandlers = {
    onReceipts: (receipts) => receiveReceipts(conversations, receipts),
    onInbound: async (item) => {
      await receiveInbound(conversations, item)
    },
  }
  const providerWorld = {
    ...{ clock, sealer, handlers, db },
    talk: createRobotTalk({ conversations, clock }),
    onTrouble: (error: unknown) => log.failed('robot call', error),
  }
  const accounts = await listAccounts(db)
  const providers = accounts.map((row) => ({
    row,
    provider: openProvider(toProviderRow(row, sealer), providerWorld),
  }))
  const mail = await openMailDoor(
    providers.map(({ provider }) => provider),
    providerWorld,
    {
      host: '127.0.0.1',
      port: config.mailPort,
      onTrouble: (error) => log.failed('inbound mail', error),
    },
  )
  const outlets = providers.map(({ row, provider }) => toOutlet(row, provider))
  for (const { name, pauseMs, work } of providers.flatMap(
    ({ provider }) => provider.chores ?? [],
  )) {
    loops.every(name, pauseMs, work)
  }
  const worker = `${hostname()} ${process.pid}`
  loops.every('provider health', HEALTH_MS, () => {
    const seen = providers.map(({ row, provider }, index) =>
      healthOf(row, provider, outlets[index]?.route.restsUntil() ?? null),
    )
    return saveHealth(db, { worker, accounts: seen, at: formatInstant(clock.now()) })
  })
  loops.every('dispatch', DISPATCH_MS, async () => {
    const counts = await dispatchDue({
      db,
      gate,
      outlets,
      now: clock.now,
      isStopping: loops.isStopping,
    })
    const looked = counts.permitted + counts.deferred + counts.refused
    if (looked > 0) log.finished('dispatch', { ...counts })
  })
  return async () => {
    await mail?.close()
    await Promise.all(providers.map(({ provider }) => provider.channel.close()))
  }
}

function healthOf(
  { accountId }: AccountRow,
  { health }: Provider,
  restsUntil: Instant | null,
): AccountHealth {
  const { lastError, isBound, ...state } = health()
  return {
    accountId,
    isConnected: isBound !== false,
    state,
    lastError: typeof lastError === 'string' ? lastError : null,
    restingUntil: restsUntil === null ? null : formatInstant(restsUntil),
  }
}

const secretsSchema = z.record(z.string(), z.string())

export function toProviderRow(row: AccountRow, sealer: Sealer): Parameters<typeof openProvider>[0] {
  const secrets =
    row.sealedSecrets === null
      ? {}
      : secretsSchema.parse(JSON.parse(sealer.open(row.sealedSecrets)))
  const { accountId, name, adapter, settings, collectionContent } = row
  return { accountId, name, adapter, settings, collectionContent, secrets: new Secret(secrets) }
}

const hostSchema = z.object({
  host: z.string().optional(),
  apiUrl: z.url().optional(),
  rehearsal: z.boolean().default(false),
  unsubscribeMailbox: z.string().optional(),
})

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

export function toOutlet(row: AccountRow, { channel, health }: Provider): Outlet {
  const { apiUrl, rehearsal, unsubscribeMailbox, ...given } = hostSchema.parse(row.settings)
  const host = apiUrl === undefined ? given.host : new URL(apiUrl).hostname
  // What names no host may reach anywhere: a provider's own address, or a folder that somebody empties.
  const isLoopback = rehearsal || row.adapter === 'sink' || LOOPBACK.has(host ?? '')
  const route = openRoute({
    carries: new Set([
      ...(row.collectionContent ? (['collection'] as const) : []),
      ...(row.serviceContent ? (['service'] as const) : []),
      ...(row.oneTimeCodes ? (['code'] as const) : []),
    ]),
    cost: row.cost,
    // An adapter without a standing connection says nothing of one.
    isConnected: () => health().isBound !== false,
  })
  const mailbox = unsubscribeMailbox ?? null
  return { kind: row.channel, channel, isLoopback, unsubscribeMailbox: mailbox, route }
}

function conversationsOf({ db, sealer, reactions }: World): ConversationContext {
  return {
    db,
    sealer,
    reactions,
    receipts: (tx, receipts) => applyReceipts(tx, reactions, receipts),
    stopWords: readPack('cn')?.stopWords ?? [],
    countryCode: '86',
  }
}

async function startApi(world: World): Promise<{ url: string; close: () => Promise<unknown> }> {
  const { config, log, isDemo, db, sealer, reactions, clock, gate } = world
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const signer = await openEvidenceSigner(homePaths(config.home).evidenceKey)
  const door = await openWecomDoor({ db, sealer, clock })
  const importer = createImporter({
    ...{ db, sealer, clock, home: config.home },
    onFailure: (error, subject) => log.failed(subject, error),
  })
  const context = {
    db,
    sealer,
    reactions,
    clock,
    gate,
    signer,
    metrics,
    isDemo,
    home: config.home,
    trustedProxies: config.trustedProxies,
    importer,
    version: VERSION,
    ...openPayments(world),
    unsubscribe: async (token: string) =>
      (await unsubscribe(conversationsOf(world), { token, at: clock.now() })).ok,
    onFailure: (error: unknown, requestId: string) => log.failed('request', error, { requestId }),
  }
  const consoleFailure = (error: unknown, subject: string): void => log.failed(subject, error)
  const console = await consoleOf({ ...world, importer, signer, onFailure: consoleFailure })
  const cloudDoor = await openCloudDoor({ db, sealer, clock })
  const conversations = conversationsOf(world)
  const portal = await portalOf({ ...world, payments: context.payments, conversations })
  const app = await buildApi(context, (routes) => {
    routeWecomCallbacks(routes, door)
    routeCloudCallbacks(routes, cloudDoor)
    routeConsole(routes, console)
    routePortal(routes, portal)
    routeHelp(routes, (error) => log.failed('handbook', error))
  })
  const url = await app.listen({ host: isDemo ? '127.0.0.1' : config.host, port: config.port })
  return {
    url,
    close: async () => {
      await app.close()
      await console.auth.close()
    },
  }
}
