import { type Clock, type Instant, instant } from '@dunlin/kernel'
import type { Database, Tx } from '../db/index.ts'
import { tellSystem } from '../events/index.ts'
import type { Sealer } from '../seal/index.ts'
import { type Posted, postWebhook } from './post-webhook.ts'
import { FAILING_MAX_MS, retryDelayMs } from './retry-delay.ts'
import { signedHeaders } from './sign.ts'
import {
  claimDeliveries,
  type Delivery,
  disableEndpoint,
  type Endpoint,
  fanOut,
  listOpenEndpoints,
  noteHealth,
  type Settled,
  settleDeliveries,
} from './webhook-store.ts'

export type SenderOptions = {
  readonly db: Database
  readonly sealer: Sealer
  /** The wall's clock: receivers compare the timestamp with theirs. */
  readonly clock: Clock
  readonly allowPrivate: boolean
  readonly onFailure: (error: unknown, subject: string) => void
}

export type WebhookSender = {
  /** Fans out what is new and starts sending to every endpoint that is not being sent to; does not wait for answers. */
  readonly tick: () => Promise<void>
  /** When nothing is under way any more. */
  readonly idle: () => Promise<void>
  /** Starts nothing more and lets what is under way end. */
  readonly stop: () => Promise<void>
}

const FAN_OUT_MAX = 1_000
/** Deliveries under way to one endpoint at a time, each of another borrower. */
const IN_FLIGHT_MAX = 20
/** Longer than any delivery takes. */
const LEASE_MS = 60_000
const GONE = 410

/** Sends events out; each endpoint has a run of its own, so that a slow one holds up nobody else. */
export function createWebhookSender(options: SenderOptions): WebhookSender {
  const running = new Map<string, Promise<void>>()
  let isStopping = false
  const run = async (endpoint: Endpoint): Promise<void> => {
    try {
      while (!isStopping && (await sendBatch(options, endpoint)));
    } catch (error) {
      options.onFailure(error, `webhook ${endpoint.name}`)
    } finally {
      running.delete(endpoint.id)
    }
  }
  const idle = async (): Promise<void> => {
    await Promise.all(running.values())
  }
  return {
    tick: async () => {
      if (isStopping) return
      const endpoints = await listOpenEndpoints(options.db)
      if (endpoints.length === 0) return
      await fanOutAll(options)
      for (const endpoint of endpoints) {
        if (!running.has(endpoint.id)) running.set(endpoint.id, run(endpoint))
      }
    },
    idle,
    stop: async () => {
      isStopping = true
      await idle()
    },
  }
}

async function fanOutAll({ db, clock }: SenderOptions): Promise<void> {
  for (;;) {
    const looked = await db.transaction((tx) => fanOut(tx, { limit: FAN_OUT_MAX, at: clock.now() }))
    if (looked < FAN_OUT_MAX) return
  }
}

/** Sends what is due; false when there is no more, or when the endpoint does not work. */
async function sendBatch(options: SenderOptions, endpoint: Endpoint): Promise<boolean> {
  const { db, clock } = options
  const at = clock.now()
  // One that fails is asked by one delivery at a time until it answers again.
  const limit = endpoint.failingSinceMs === null ? IN_FLIGHT_MAX : 1
  const leaseUntil = instant(at + LEASE_MS)
  const taken = await db.transaction((tx) =>
    claimDeliveries(tx, { endpointId: endpoint.id, at, leaseUntil, limit }),
  )
  if (taken.length === 0) return false
  const posted = await Promise.all(taken.map((delivery) => post(options, endpoint, delivery)))
  const now = clock.now()
  const settled = taken.map((delivery, index) => settle(delivery, posted[index] ?? NEVER, now))
  const works = posted.some(({ error }) => error === null)
  await db.transaction(async (tx) => {
    await settleDeliveries(tx, endpoint.id, { settled, at: now })
    await noteHealth(tx, endpoint.id, { works, at: now })
    const reason = reasonToDisable(endpoint, { posted, works, at: now })
    if (reason !== null) await disable(tx, endpoint, { reason, at: now })
  })
  return works && endpoint.failingSinceMs === null
}

const NEVER: Posted = { status: null, error: 'webhook.failed' }

function post(
  { sealer, clock, allowPrivate }: SenderOptions,
  { url, sealedSecret }: Endpoint,
  delivery: Delivery,
): Promise<Posted> {
  const body = bodyOf(delivery)
  const signed = {
    id: `evt_${delivery.outboxId}`,
    seconds: Math.floor(clock.now() / 1_000),
    body,
  }
  const headers = {
    ...{ 'content-type': 'application/json', 'user-agent': 'dunlin-webhooks' },
    ...signedHeaders(sealer.open(sealedSecret), signed),
  }
  return postWebhook({ url, headers, body, allowPrivate })
}

function bodyOf({ event, recordedAt, borrowerId, payload }: Delivery): string {
  const data = { borrowerId: borrowerId === '0' ? null : borrowerId, ...payload }
  return JSON.stringify({ type: event, timestamp: recordedAt, data })
}

function settle(delivery: Delivery, { status, error }: Posted, now: Instant): Settled {
  const common = { delivery, status, error }
  if (error === null) return { ...common, state: 'delivered', dueAt: now }
  const delay = retryDelayMs(delivery.tries)
  return delay === null
    ? { ...common, state: 'given-up', dueAt: now }
    : { ...common, state: 'waiting', dueAt: instant(now + delay) }
}

/** A receiver that says it is gone is believed; one that fails for days is given up. */
function reasonToDisable(
  { failingSinceMs }: Endpoint,
  { posted, works, at }: { posted: readonly Posted[]; works: boolean; at: Instant },
): string | null {
  if (works) return null
  if (posted.some(({ status }) => status === GONE)) return 'webhook.gone'
  if (failingSinceMs !== null && at - failingSinceMs >= FAILING_MAX_MS)
    return posted[0]?.error ?? 'webhook.failed'
  return null
}

async function disable(
  tx: Tx,
  { id, name }: Endpoint,
  { reason, at }: { reason: string; at: Instant },
): Promise<void> {
  if (!(await disableEndpoint(tx, id, { reason, at }))) return
  await tellSystem(tx, { name: 'webhook.disabled', payload: { name, reason } }, at)
}
