import { type Instant, instant } from '@dunlin/kernel'
import { z } from 'zod'

/** What a provider says became of a message. */
export type ProviderReceipt = {
  readonly accountId: string
  readonly providerMessageId: string
  readonly line: 'delivered' | 'failed' | 'unknown'
  readonly detail: string
  readonly at: Instant
}

const arrived = {
  accountId: z.string(),
  at: z.number().transform(instant),
  /** The same arrival handed over again has the same key. */
  dedupeKey: z.string(),
  /** The mail as it came, in base64; empty where the other fields are all there was. */
  raw: z.string(),
}

const message = z.object({
  ...arrived,
  kind: z.literal('message'),
  channel: z.enum(['sms', 'email', 'wecom']),
  from: z.string(),
  to: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  /** The permit whose message this answers, where it says so. */
  permitId: z.string().nullable(),
  /** An out-of-office note or the like: kept, but nobody waits for an answer. */
  isAutomatic: z.boolean(),
})

const part = z.object({
  ...arrived,
  kind: z.literal('part'),
  channel: z.literal('sms'),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  reference: z.number(),
  total: z.number(),
  sequence: z.number(),
})

const bounce = z.object({
  ...arrived,
  kind: z.literal('bounce'),
  channel: z.enum(['email', 'letter']),
  permitId: z.string(),
  /** The provider's id of the message, where it is not the permit's. */
  messageId: z.string().optional(),
  /** `hard`: the address will never work. */
  severity: z.enum(['hard', 'soft']),
  /** Whether the server gave up, rather than goes on trying. */
  isFinal: z.boolean(),
  status: z.string(),
  diagnostic: z.string(),
})

const complaint = z.object({
  ...arrived,
  kind: z.literal('complaint'),
  channel: z.literal('email'),
  permitId: z.string(),
  feedback: z.string(),
})

const unsubscribe = z.object({
  ...arrived,
  kind: z.literal('unsubscribe'),
  channel: z.literal('email'),
  from: z.string(),
  token: z.string(),
})

const contactAdded = z.object({
  ...arrived,
  kind: z.literal('contact-added'),
  channel: z.literal('wecom'),
  /** The address under which the person can be written to from now on. */
  from: z.string(),
  /** What the way carried by which the person came; empty when it carried nothing. */
  token: z.string(),
  welcome: z.object({ code: z.string(), until: z.number() }).nullable(),
})

const contactRemoved = z.object({
  ...arrived,
  kind: z.literal('contact-removed'),
  channel: z.literal('wecom'),
  from: z.string(),
})

/** Anything a provider hands us, also as it is kept sealed until it is understood. */
export const inboundItem = z.discriminatedUnion('kind', [
  message,
  part,
  bounce,
  complaint,
  unsubscribe,
  contactAdded,
  contactRemoved,
])

export type InboundItem = z.infer<typeof inboundItem>
/** Something a person wrote to us, whole. */
export type InboundMessage = z.infer<typeof message>
/** One part of a long SMS; the whole is known once all its parts are stored. */
export type InboundPart = z.infer<typeof part>
/** The word of a mail server, or of the post, that a letter did not arrive. */
export type InboundBounce = z.infer<typeof bounce>
/** A mailbox provider's report that its user called a mail spam. */
export type InboundComplaint = z.infer<typeof complaint>
/** A mail to the unsubscribe mailbox: the token names the person; without a good one the sender is meant. */
export type InboundUnsubscribe = z.infer<typeof unsubscribe>

/** A person added us, by a way that we gave to one borrower. */
export type InboundContactAdded = z.infer<typeof contactAdded>
/** A person deleted us or refuses our messages: no word is needed to mean it. */
export type InboundContactRemoved = z.infer<typeof contactRemoved>

/**
 * Who takes what providers hand over. A promise that resolves means stored for good: only then is the
 * provider told that we have it. A rejected one makes it offer the same again.
 */
export type InboundHandlers = {
  readonly onReceipts: (receipts: readonly ProviderReceipt[]) => Promise<void>
  readonly onInbound: (item: InboundItem) => Promise<void>
}
