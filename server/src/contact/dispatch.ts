import { setTimeout as wait } from 'node:timers/promises'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { SendResult } from '../channels/channel.ts'
import type { Permit } from '../channels/permit.ts'
import { listStopped } from '../people/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { DomainEvent } from '../platform/events/index.ts'
import { type Paper, recordPapers } from '../platform/evidence/index.ts'
import { applyWaitingReceipts } from './apply-receipts.ts'
import {
  type BatchResult,
  decideBatch,
  type Gate,
  type Minted,
  type Outlet,
} from './dispatch-batch.ts'
import { type ResultRow, replanNotSent, updateResults } from './result-store.ts'
import { gateInForce } from './templates/index.ts'
import { templatesOfOthers } from './templates-of-others.ts'
import { startWorker, type Worker } from './worker.ts'

export type DispatchOptions = {
  readonly db: Database
  readonly gate: Gate
  readonly outlets: readonly Outlet[]
  readonly now: () => Instant
  /** Stop when this says so, between batches. */
  readonly isStopping?: () => boolean
  /** Told after each batch what was decided, by `stage channel outcome`. */
  readonly onDecided?: (byStage: BatchResult['byStage']) => void
}
export type DispatchCounts = BatchResult['counts'] & {
  sent: number
  failed: number
  unknown: number
  notSent: number
}

/** How long after a provider could not be reached its attempts are tried again. */
const NOT_SENT_DELAY_MS = 5 * 60_000

/**
 * The only way out: decides what is due and hands over what was permitted, batch by batch, until
 * nothing is due. A batch is committed before anything of it leaves; at most one window a channel
 * is in flight, so a crash leaves at most that many permits of unknown fate.
 */
export async function dispatchDue(options: DispatchOptions): Promise<DispatchCounts> {
  const worker = await startWorker(options.db, options.now())
  const counts: DispatchCounts = {
    permitted: 0,
    deferred: 0,
    refused: 0,
    cancelled: 0,
    sent: 0,
    failed: 0,
    unknown: 0,
    notSent: 0,
  }
  try {
    const run: Run = { worker, counts, lanes: new AbortController() }
    await allEnded(options.outlets.map((outlet) => drain(outlet, options, run)))
    return counts
  } finally {
    await worker.end()
  }
}

/**
 * Two lanes a channel share its window: while one waits for the provider or the disk, the other
 * decides, and together they never have more than the window in flight.
 */
const LANES = 2

async function drain(outlet: Outlet, options: DispatchOptions, run: Run): Promise<void> {
  const limit = Math.max(1, Math.floor(outlet.channel.window / LANES))
  const lanes = Math.min(LANES, outlet.channel.window)
  await allEnded(Array.from({ length: lanes }, () => drainLane(outlet, options, { ...run, limit })))
}

type Run = {
  readonly worker: Worker
  readonly counts: DispatchCounts
  /** Aborted when one lane fails: the others finish what is in flight and begin nothing more. */
  readonly lanes: AbortController
}

/** Waits for all, also when one fails: no lane may go on once its worker has given up its lock. */
async function allEnded(lanes: readonly Promise<void>[]): Promise<void> {
  for (const lane of await Promise.allSettled(lanes)) {
    if (lane.status === 'rejected') throw lane.reason
  }
}

async function drainLane(
  outlet: Outlet,
  options: DispatchOptions,
  run: Run & { limit: number },
): Promise<void> {
  try {
    await drainBatches(outlet, options, run)
  } catch (error) {
    run.lanes.abort()
    throw error
  }
}

async function drainBatches(
  outlet: Outlet,
  options: DispatchOptions,
  { worker, counts, lanes, limit }: Run & { limit: number },
): Promise<void> {
  const { db, now } = options
  const { accountId } = outlet.channel.account
  while (options.isStopping?.() !== true && !lanes.signal.aborted) {
    await worker.assertAlive()
    const at = now()
    const stopped = await listStopped(db)
    const room = stopped.has(accountId) ? 0 : roomOf(outlet, { at, limit })
    if (room < 1) return
    const gate = await gateInForce(db, options.gate)
    const { outlets } = options
    const asked = {
      outlet,
      at,
      workerId: worker.workerId,
      limit: room,
      notTemplates: templatesOfOthers(outlet, { outlets, templates: gate.templates, stopped, at }),
    }
    const batch = await db.transaction((tx) => decideBatch(tx, gate, asked))
    addCounts(counts, batch.counts)
    options.onDecided?.(batch.byStage)
    const looked = Object.values(batch.counts).reduce((sum, count) => sum + count, 0)
    if (looked === 0) return
    if (batch.minted.length > 0) {
      const permits = batch.minted.map(({ permit }) => permit)
      const results = await sendUnlessStopped(db, outlet, permits)
      outlet.route.record(results, now())
      await settleOrWait(options, batch.minted, { results, counts })
    }
  }
}

/** How many may be asked for now: no more than its breaker allows and its lines have room for. */
function roomOf(
  { route, channel }: Outlet,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): number {
  const allowed = { none: 0, one: 1, all: limit }[route.allowance(at)]
  return Math.min(allowed, channel.free?.() ?? limit)
}

/** A stop that came while the batch was decided still holds it back: nothing of it was handed over. */
async function sendUnlessStopped(
  db: Database,
  { channel }: Outlet,
  permits: readonly Permit[],
): Promise<readonly SendResult[]> {
  const stopped = await listStopped(db)
  if (!stopped.has(channel.account.accountId)) return channel.send(permits)
  return permits.map(({ permitId }) => ({
    permitId,
    fate: 'not-sent',
    detail: 'the account was stopped',
  }))
}

/** A database that restarts is back within seconds; together these waits are half a minute. */
const SETTLE_TRIES_MAX = 9
const SETTLE_WAIT_FIRST_MS = 60

/**
 * What the provider said is known only here: while the database is away it is kept and stored when it is
 * back. After the last try the permits stay as they are, and recovery calls them unknown.
 */
async function settleOrWait(...given: Parameters<typeof settle>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await settle(...given)
      return
    } catch (error) {
      if (tries >= SETTLE_TRIES_MAX) throw error
      await wait(SETTLE_WAIT_FIRST_MS * 2 ** (tries - 1))
    }
  }
}

/** Stores what the provider said, in one transaction, and what receipts had come before. */
async function settle(
  { db, gate, now }: DispatchOptions,
  minted: readonly Minted[],
  { results, counts }: { results: readonly SendResult[]; counts: DispatchCounts },
): Promise<void> {
  const byPermit = new Map(minted.map((each) => [each.permit.permitId, each]))
  const rows = results.flatMap((result) => {
    const given = byPermit.get(result.permitId)
    return given === undefined ? [] : [{ ...given, result, row: toRow(result, given) }]
  })
  const at = now()
  const atText = formatInstant(at)
  await db.transaction(async (tx) => {
    const stored = await updateResults(
      tx,
      rows.map(({ row }) => row),
      atText,
    )
    // What is stored already is told and planned anew already: its commit got through, only the word of it did not.
    const fresh = rows.filter(({ row }) => stored.has(row.permitId))
    const notSent = fresh.filter(({ result }) => result.fate === 'not-sent').map(({ row }) => row)
    const dueAt = formatInstant(instant(at + NOT_SENT_DELAY_MS))
    await replanNotSent(tx, notSent, { dueAt, at: atText })
    const messageIds = rows.flatMap(({ row }) => row.providerMessageId ?? [])
    await gate.reactions.publish(tx, fresh.map(toEvent), at)
    await recordPapers(tx, fresh.flatMap(toPaper), at)
    await applyWaitingReceipts(tx, gate.reactions, { messageIds, at })
  })
  for (const { result } of rows) counts[COUNT_OF[result.fate]] += 1
}

const COUNT_OF = {
  accepted: 'sent',
  rejected: 'failed',
  unknown: 'unknown',
  'not-sent': 'notSent',
} as const
const EVENT_OF = {
  accepted: 'contact.sent',
  rejected: 'contact.failed',
  unknown: 'contact.unknown',
  'not-sent': 'contact.failed',
} as const

function toRow(result: SendResult, { permit, createdOn }: Minted): ResultRow {
  const { permitId, borrowerId, attemptId } = permit
  const common = {
    permitId,
    borrowerId,
    attemptId,
    createdOn,
    providerMessageId: null,
    line: null,
    reason: null,
  }
  switch (result.fate) {
    case 'accepted':
      return { ...common, state: 'sent', providerMessageId: result.providerMessageId }
    case 'rejected':
      return { ...common, state: 'failed', line: 'failed', reason: `provider.${result.code}` }
    case 'unknown':
      return { ...common, state: 'unknown', line: 'unknown', reason: 'provider.unknown' }
    case 'not-sent':
      return { ...common, state: 'failed', line: 'not-connected', reason: 'provider.not_sent' }
  }
}

function toEvent({ result, permit }: { result: SendResult; permit: Permit }): DomainEvent {
  const { attemptId, borrowerId, channel, permitId } = permit
  return { name: EVENT_OF[result.fate], borrowerId, payload: { attemptId, channel, permitId } }
}

/** A document that was handed over is evidence. */
function toPaper({ result, permit, caseId }: Minted & { readonly result: SendResult }): Paper[] {
  if (result.fate !== 'accepted' || result.paper === undefined) return []
  const { borrowerId, attemptId: ref } = permit
  return [{ borrowerId, caseId, kind: 'letter-sent', ref, sha256: result.paper }]
}

function addCounts(counts: DispatchCounts, more: BatchResult['counts']): void {
  counts.permitted += more.permitted
  counts.deferred += more.deferred
  counts.refused += more.refused
  counts.cancelled += more.cancelled
}
