import { z } from 'zod'

const count = z.int().min(0)
const instantText = z.string().nullable()

/** How one dispatching process sees an account. */
const connection = z.object({
  worker: z.string(),
  isConnected: z.boolean(),
  /** Resting after failures until then; it tries the line with one message after that. */
  restingUntil: instantText,
  lastError: z.string().nullable(),
  /** What the adapter says of itself. */
  state: z.record(z.string(), z.unknown()),
  seenAt: z.string(),
})

export const providerResponse = z.object({
  name: z.string(),
  channel: z.string(),
  adapter: z.string(),
  isEnabled: z.boolean(),
  /** What it may carry: what settings and the provider's terms allow both. */
  carries: z.array(z.enum(['collection', 'service', 'code'])),
  cost: z.object({ perThousandMinor: count, currency: z.string() }).nullable(),
  /** Null when nobody stopped it. */
  stopped: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  connections: z.array(connection),
  lastHour: z.object({
    sent: count,
    failed: count,
    unknown: count,
    inFlight: count,
    /** Of those sent: by the receipts that have come. */
    delivered: count,
    undelivered: count,
    parts: count,
    /** Rounded up to whole minor units; null when a message had no known cost. */
    costMinor: count.nullable(),
    perMinute: z.number(),
  }),
  /** Due and not yet decided on this account's channel. */
  backlog: count,
  /** The last refusals and losses, newest first. */
  lastErrors: z.array(z.object({ at: z.string(), reason: z.string() })),
  /** What is known of the provider's limits, and where it says so. */
  limits: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      source: z.string(),
      asOf: z.string(),
      sure: z.string(),
    }),
  ),
})
export const providersResponse = z.object({ items: z.array(providerResponse) })
export const stopRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const resumeRequest = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export const stoppedResponse = z.object({
  name: z.string(),
  stopped: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
})
